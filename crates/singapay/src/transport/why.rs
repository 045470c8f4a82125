//! Why there is no connection, in words for a person: who was asked, and what came of it. Names of
//! hosts and proxies only, never a path, a header or an address that was looked up.

use std::{error::Error as StdError, io};

use http::Uri;
use singapay_core::BoxError;

/// No connection was made.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub(super) struct NoConnection {
    text: String,
    #[source]
    cause: BoxError,
}

impl NoConnection {
    /// The host was asked directly.
    pub(super) fn to(host: &Uri, cause: BoxError) -> Self {
        let text = tcp(&name(host), &*cause);
        Self { text, cause }
    }

    /// The proxy was asked to connect to the host.
    pub(super) fn through(proxy: &Uri, host: &Uri, cause: BoxError) -> Self {
        let proxy = format!("the proxy {}", name(proxy));
        let text = match cause.source() {
            Some(inner) if !inner.is::<io::Error>() => tcp(&proxy, inner),
            // The type of a tunnel's errors has no public name.
            _ => match cause.to_string().trim_start_matches("tunnel error: ") {
                "proxy authorization required" => {
                    format!("{proxy} wants a user and a password, or other ones (HTTP 407)")
                }
                "unsuccessful" => format!("{proxy} does not connect to {}", name(host)),
                other => format!("{proxy} broke off: {other}"),
            },
        };
        Self { text, cause }
    }

    /// Something was reached, and it was not the host with TLS.
    pub(super) fn tls(host: &Uri, cause: BoxError) -> Self {
        let text = tls(&name(host), &*cause);
        Self { text, cause }
    }
}

fn tcp(who: &str, error: &(dyn StdError + 'static)) -> String {
    // The error's type tells this in words only.
    if error.to_string() == "dns error" {
        return format!("the name of {who} cannot be looked up (DNS)");
    }
    match causes(error).find_map(|cause| cause.downcast_ref().map(io::Error::kind)) {
        Some(io::ErrorKind::ConnectionRefused) => format!("{who} refuses connections"),
        Some(kind) => format!("{who} cannot be reached: {kind}"),
        None => format!("{who} cannot be reached"),
    }
}

fn tls(host: &str, error: &(dyn StdError + 'static)) -> String {
    #[cfg(feature = "rustls")]
    if let Some(error) = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return match error {
            rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType) => {
                format!("{host} does not speak TLS")
            }
            error => format!("TLS with {host} failed: {}", cleaned(&error.to_string())),
        };
    }
    let last = causes(error).last().map(ToString::to_string);
    format!(
        "TLS with {host} failed: {}",
        cleaned(&last.unwrap_or_default())
    )
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
    use tower_service::Service;

    use super::*;
    use crate::transport::route::Route;

    #[tokio::test]
    async fn a_name_that_is_not_found_is_told_from_a_host_that_is_not_reached() {
        // No system looks this one up: its first part is too long.
        let name = format!("{}.example", "x".repeat(64));
        let host: Uri = format!("https://user:canary@{name}:8443/path?query")
            .parse()
            .unwrap();
        let error = Route::new(None).call(host).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("the name of {name}:8443 cannot be looked up (DNS)")
        );
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
