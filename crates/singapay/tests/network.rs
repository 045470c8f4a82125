//! The HTTP client below everything, against connections that break.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use singapay::{Delivery, ErrorKind, Rupiah, Singapay, SingapayBuilder, Stage};
use support::wire::{Do, Wire, reply};
use tokio::net::TcpListener;

fn client(url: &str) -> SingapayBuilder {
    Singapay::builder()
        .base_url(url)
        .credential("partner", "client", "secret")
        .account(support::ACCOUNT)
}

#[tokio::test]
async fn a_write_reaches_the_wire_once_whatever_breaks() {
    let redirect = |status| reply(status, "").header("location", "/api/v1.0/elsewhere");
    let half_body = "HTTP/1.1 200 X\r\ncontent-length: 500\r\n\r\n{\"success\":tr";
    for (fault, kind, delivery) in [
        (Do::Close, ErrorKind::Interrupted, Delivery::MaybeSent),
        (Do::Reset, ErrorKind::Interrupted, Delivery::MaybeSent),
        (
            Do::Bytes(b"HTTP/1.1 20".to_vec()),
            ErrorKind::Interrupted,
            Delivery::MaybeSent,
        ),
        (
            Do::Bytes(half_body.into()),
            ErrorKind::Interrupted,
            Delivery::MaybeSent,
        ),
        (
            Do::Answer(redirect(307)),
            ErrorKind::Redirect,
            Delivery::Answered,
        ),
        (
            Do::Answer(redirect(302)),
            ErrorKind::Redirect,
            Delivery::Answered,
        ),
        (
            Do::Answer(reply(500, "<html>")),
            ErrorKind::Gateway,
            Delivery::Answered,
        ),
        (Do::Silence, ErrorKind::Timeout, Delivery::MaybeSent),
    ] {
        let server = Wire::always("t", fault.clone()).await;
        let client = client(server.base_url()).build().unwrap();
        let call = client.qris().generate().amount(Rupiah::new(10_000));
        // Long enough to get a token, short enough to wait for.
        let patience = match &fault {
            Do::Silence => Duration::from_millis(300),
            _ => Duration::from_secs(30),
        };
        let error = call.with_timeout(patience).send().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (kind, delivery),
            "{fault:?} {error}"
        );
        assert_eq!(error.stage(), Stage::Answer, "{fault:?}");
        assert_eq!(server.calls().len(), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_does_not_repeat_a_write() {
    let server = Wire::always("t", Do::Close).await;
    let client = client(server.base_url()).build().unwrap();
    // The first call leaves the token's connection behind, the others start from it.
    for calls in 1..=3 {
        let call = client.qris().generate().amount(Rupiah::new(10_000));
        let error = call.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted);
        assert_eq!(server.calls().len(), calls);
    }
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = client(&url).build().unwrap();
    let error = client.qris().get(1).send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.stage()),
        (ErrorKind::Connect, Stage::Token)
    );
    assert_eq!(error.delivery(), Delivery::NotSent);
}

/// Plain text crosses loopback.
#[tokio::test]
async fn this_machine_is_never_reached_through_a_proxy() {
    let body = r#"{"success":true,"data":{"id":1,"qr_data":"00","status":"open"}}"#;
    let server = Wire::always("t", Do::Answer(reply(200, body))).await;
    let proxy = Wire::always("t", Do::Answer(reply(403, ""))).await;
    for name in ["127.0.0.1", "localhost", "LocalHost"] {
        let url = server.base_url().replace("127.0.0.1", name);
        let client = client(&url).proxy(proxy.base_url()).build().unwrap();
        client.qris().get(1).send().await.unwrap();
    }
    assert_eq!((server.calls().len(), proxy.requests().len()), (3, 0));
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn a_proxy_that_says_nothing_is_a_timeout_of_connecting() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = format!("http://{}", silent.local_addr().unwrap());
    let transport_of = |builder: SingapayBuilder| builder.proxy(&proxy).build().unwrap();
    let through =
        transport_of(client("https://gateway.example").connect_timeout(Duration::from_millis(30)));
    let error = through
        .qris()
        .get(1)
        .with_max_attempts(1)
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Timeout, Delivery::NotSent),
        "{error:?}"
    );
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn everything_else_goes_through_the_proxy() {
    // The "proxy" is a server that refuses to tunnel; what arrives there is what counts.
    let proxy = Wire::always("t", Do::Answer(reply(403, ""))).await;
    let address = proxy.base_url().replace("http://", "http://shop:canary@");
    let through = client("https://gateway.example")
        .proxy(address)
        .build()
        .unwrap();
    let error = through.qris().get(1).send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Connect, Delivery::NotSent),
        "{error:?}"
    );
    let requests = proxy.requests();
    assert!(!requests.is_empty());
    for request in requests {
        assert_eq!(request.line(), "CONNECT gateway.example:443");
        // base64 of `shop:canary`
        let authorization = request.header("proxy-authorization");
        assert_eq!(authorization, Some("Basic c2hvcDpjYW5hcnk="));
    }
}

#[tokio::test]
async fn the_user_agent_and_no_other_version_header_is_sent() {
    let body = r#"{"success":true,"data":{"id":1,"qr_data":"00","status":"open"}}"#;
    let server = Wire::always("t", Do::Answer(reply(200, body))).await;
    let client = client(server.base_url())
        .user_agent("shop/1.0")
        .build()
        .unwrap();
    let qr = client.qris().get(1).send().await.unwrap();
    assert_eq!(
        (qr.http_status(), qr.attempts(), qr.gateway_code()),
        (200, 1, None)
    );
    for request in server.requests() {
        assert_eq!(request.header("user-agent"), Some("shop/1.0"));
        assert_eq!(request.header("api-version"), None);
    }
}
