//! The admin side is for those who call this machine by a name of its own. A web page can make a
//! browser call it too, but only under the page's name or with the page's origin. What a page of another server
//! on this machine may change is `origin`'s to say.

use std::net::IpAddr;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, StatusCode, Uri, header, uri::Authority};

use super::refuse;
use crate::app::App;

pub(super) async fn only(State(app): State<App>, request: Request, next: Next) -> Response {
    if !is_for_us(request.uri(), request.headers(), app.is_loopback) {
        let message =
            "the admin side answers under the names of this machine only, such as localhost";
        return refuse(StatusCode::FORBIDDEN, message);
    }
    next.run(request).await
}

fn is_for_us(uri: &Uri, headers: &HeaderMap, is_loopback: bool) -> bool {
    let texts = |name| {
        let values = headers.get_all(name).iter();
        values.map(|value| value.to_str().unwrap_or_default())
    };
    let target = uri.authority().map(Authority::as_str);
    let mut hosts = texts(header::HOST).chain(target).peekable();
    hosts.peek().is_some()
        && hosts.all(|host| is_ours(host, is_loopback))
        && texts(header::ORIGIN).all(|origin| {
            let page = origin.split_once("://").map_or("", |(_, host)| host);
            is_ours(page, is_loopback)
        })
}

/// A name can be made to lead anywhere, an address cannot: beyond loopback all addresses do.
fn is_ours(authority: &str, is_loopback: bool) -> bool {
    let Ok(authority) = authority.parse::<Authority>() else {
        return false;
    };
    let host = authority.host().to_ascii_lowercase();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => !is_loopback || address.to_canonical().is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_nobody_else_can_have_are_ours() {
        for host in [
            "localhost",
            "LOCALHOST:8420",
            "shop.localhost",
            "127.9.9.9",
            "[::1]:80",
            "[::ffff:127.0.0.1]",
        ] {
            assert!(is_ours(host, true), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evillocalhost",
            "192.0.2.1",
            "[2001:db8::1]",
            "null",
            "a b",
            "@",
        ] {
            assert!(!is_ours(host, true), "{host}");
        }
        assert!(is_ours("192.0.2.1:8420", false) && !is_ours("sandbox:8420", false));
    }
}
