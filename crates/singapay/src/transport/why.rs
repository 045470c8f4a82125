//! Reason for which there is no connection, in words for a person: who was asked, and what came of it.
//! Names of hosts and proxies only, never a path, a header or an address that was looked up.
//!
//! The errors of reqwest's connectors have no public types; they are told by their texts, which the
//! tests of messages pin.

use std::{error::Error as StdError, io, time::Duration};

use http::Uri;

/// The host, and the proxy that was set, if any, by their names.
pub(super) fn not_connected(error: &reqwest::Error, host: &str, proxy: Option<&str>) -> String {
    let proxy = proxy.map_or("the proxy".to_owned(), |name| format!("the proxy {name}"));
    let texts: Vec<String> = causes(error).map(ToString::to_string).collect();
    let said = |by: &str| texts.iter().find_map(|text| text.strip_prefix(by));
    let (tunnel, socks) = (said("tunnel error: "), said("SOCKS error: "));
    let asked = match tunnel.or(socks) {
        Some(_) => &proxy,
        None => host,
    };
    if error.is_dns() {
        return format!("the name of {asked} cannot be looked up (DNS)");
    }
    if said("tcp bind local error").is_some() {
        return format!("the local address cannot be used{}", reason(error));
    }
    if said("tcp ").is_some() {
        return match io_kind(error) {
            Some(io::ErrorKind::ConnectionRefused) => format!("{asked} refuses connections"),
            _ => format!("{asked} cannot be reached{}", reason(error)),
        };
    }
    match tunnel.or(socks) {
        Some("failed to create underlying connection") => format!("{proxy} cannot be reached"),
        Some("proxy authorization required") => {
            format!("{proxy} wants a user and a password, or other ones (HTTP 407)")
        }
        Some("credentials not accepted" | "server does not support user/pass authentication") => {
            format!("{proxy} wants a user and a password, or other ones")
        }
        Some("unsuccessful") => format!("{proxy} does not connect to {host}"),
        Some(other) if tunnel.is_some() => format!("{proxy} broke off: {other}"),
        Some(other) => format!("{proxy} does not connect to {host}: {other}"),
        None => tls(host, texts.last().map_or("", String::as_str)),
    }
}

/// The bound of connecting ended.
pub(super) fn too_slow(host: &str, bound: Duration) -> String {
    format!(
        "connecting to {host} took longer than {} ms",
        bound.as_millis()
    )
}

fn reason(error: &reqwest::Error) -> String {
    io_kind(error).map_or_else(String::new, |kind| format!(": {kind}"))
}

fn io_kind(error: &reqwest::Error) -> Option<io::ErrorKind> {
    causes(error).find_map(|cause| cause.downcast_ref().map(io::Error::kind))
}

fn tls(host: &str, last: &str) -> String {
    match last {
        "received corrupt message of type InvalidContentType" => {
            format!("{host} does not speak TLS")
        }
        other => format!("TLS with {host} failed: {}", cleaned(other)),
    }
}

/// The other side has a hand in these texts: names in certificates, for example.
fn cleaned(text: &str) -> String {
    const LONGEST: usize = 200;
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(plain).take(LONGEST).collect()
}

/// The host as it was configured, with its port if it has one, without a user.
pub(super) fn name(uri: &Uri) -> String {
    let name = uri.host().unwrap_or("?");
    match uri.port() {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    }
}

/// The error and what caused it. An `io::Error` counts as the cause that it wraps.
pub(super) fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| {
        match error.downcast_ref().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_its_port_and_no_user() {
        for (url, said) in [
            (
                "https://user:canary@pay.example:8443/a?b",
                "pay.example:8443",
            ),
            ("https://pay.example/a", "pay.example"),
        ] {
            assert_eq!(name(&url.parse().unwrap()), said);
        }
    }

    #[test]
    fn what_the_other_side_wrote_is_cut_and_cleaned() {
        let long = format!("a\u{1b}[31m\n{}", "x".repeat(500));
        let text = cleaned(&long);
        assert!(
            text.starts_with("a [31m ") && text.chars().count() == 200,
            "{text}"
        );
    }
}
