//! The HTTP client below everything, against connections that break.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use singapay::{Delivery, ErrorKind, Rupiah, Singapay, SingapayBuilder, Stage};
use support::{
    ACCOUNT,
    wire::{Fault, Faulty},
};
use tokio::net::TcpListener;

fn client(url: &str) -> SingapayBuilder {
    Singapay::builder()
        .base_url(url)
        .credential("partner", "client", "secret")
}

#[tokio::test]
async fn a_write_reaches_the_wire_once_whatever_breaks() {
    let server_error = Fault::Answer(500, "<html>");
    for (fault, kind, delivery) in [
        (Fault::Close, ErrorKind::Interrupted, Delivery::MaybeSent),
        (Fault::Reset, ErrorKind::Interrupted, Delivery::MaybeSent),
        (Fault::HalfHead, ErrorKind::Interrupted, Delivery::MaybeSent),
        (Fault::HalfBody, ErrorKind::Interrupted, Delivery::MaybeSent),
        (
            Fault::Redirect(307),
            ErrorKind::Redirect,
            Delivery::Answered,
        ),
        (
            Fault::Redirect(302),
            ErrorKind::Redirect,
            Delivery::Answered,
        ),
        (server_error, ErrorKind::Gateway, Delivery::Answered),
        (Fault::Silence, ErrorKind::Timeout, Delivery::MaybeSent),
    ] {
        let server = Faulty::start(fault).await;
        let client = client(&server.url).build().unwrap();
        let call = client.qris().generate(ACCOUNT).amount(Rupiah::new(10_000));
        // Long enough to get a token, short enough to wait for.
        let patience = match fault {
            Fault::Silence => Duration::from_millis(300),
            _ => Duration::from_secs(30),
        };
        let error = call.with_timeout(patience).send().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (kind, delivery),
            "{fault:?} {error}"
        );
        assert_eq!(error.stage(), Stage::Answer, "{fault:?}");
        assert_eq!(server.calls(), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_does_not_repeat_a_write() {
    let server = Faulty::start(Fault::Close).await;
    let client = client(&server.url).build().unwrap();
    // The first call leaves the token's connection behind, the others start from it.
    for calls in 1..=3 {
        let call = client.qris().generate(ACCOUNT).amount(Rupiah::new(10_000));
        let error = call.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Interrupted);
        assert_eq!(server.calls(), calls);
    }
}

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = client(&url).build().unwrap();
    let error = client.qris().get(ACCOUNT, 1).send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.stage()),
        (ErrorKind::Connect, Stage::Token)
    );
    assert_eq!(error.delivery(), Delivery::NotSent);
}

/// What crosses loopback is plain text.
#[tokio::test]
async fn this_machine_is_never_reached_through_a_proxy() {
    let body = r#"{"success":true,"data":{"id":1,"qr_data":"00","status":"open"}}"#;
    let server = Faulty::start(Fault::Answer(200, body)).await;
    let proxy = Faulty::start(Fault::Answer(403, "")).await;
    for name in ["127.0.0.1", "localhost", "LocalHost"] {
        let url = server.url.replace("127.0.0.1", name);
        let client = client(&url).proxy(&proxy.url).build().unwrap();
        client.qris().get(ACCOUNT, 1).send().await.unwrap();
    }
    assert_eq!((server.calls(), proxy.heads().len()), (3, 0));
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
        .get(ACCOUNT, 1)
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
    let proxy = Faulty::start(Fault::Answer(403, "")).await;
    let address = proxy.url.replace("http://", "http://shop:canary@");
    let through = client("https://gateway.example")
        .proxy(address)
        .build()
        .unwrap();
    let error = through.qris().get(ACCOUNT, 1).send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Connect, Delivery::NotSent),
        "{error:?}"
    );
    let heads = proxy.heads();
    assert!(!heads.is_empty());
    for head in heads {
        assert!(head.starts_with("connect gateway.example:443 "), "{head}");
        // base64 of `shop:canary`, lower-cased like the whole head.
        assert!(
            head.contains("proxy-authorization: basic c2hvcdpjyw5hcnk="),
            "{head}"
        );
    }
}

#[tokio::test]
async fn the_user_agent_and_no_other_version_header_is_sent() {
    let body = r#"{"success":true,"data":{"id":1,"qr_data":"00","status":"open"}}"#;
    let server = Faulty::start(Fault::Answer(200, body)).await;
    let client = client(&server.url).user_agent("shop/1.0").build().unwrap();
    let qr = client.qris().get(ACCOUNT, 1).send().await.unwrap();
    assert_eq!(
        (qr.http_status(), qr.attempts(), qr.gateway_code()),
        (200, 1, None)
    );
    for head in server.heads() {
        assert!(head.contains("user-agent: shop/1.0\r\n"), "{head}");
        assert!(!head.contains("api-version"), "{head}");
    }
}
