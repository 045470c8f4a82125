//! The options of a single call do what they say.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use http::{HeaderName, HeaderValue};
use serde_json::json;
use singapay::{Credential, Delivery, ErrorKind, Stage, TransportErrorKind};
use support::{ACCOUNT, Script, Step, answer, v1};

fn found() -> Step {
    v1(json!({"id": 1, "qr_data": "0002", "status": "open"}))
}

#[tokio::test]
async fn a_timeout_bounds_the_whole_call() {
    let script = Script::new([Step::Silence]);
    let call = script.client().qris().get(1);
    // The test's timer lets bounds of ten seconds and more ring at once.
    let error = call
        .with_timeout(Duration::from_secs(20))
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.stage()),
        (ErrorKind::Timeout, Stage::Answer)
    );

    let script = Script::new([found()]);
    let call = script.client().qris().get(1);
    let error = call.with_timeout(Duration::ZERO).send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Timeout, Delivery::NotSent)
    );
    assert_eq!(script.count(), 0);
}

#[tokio::test]
async fn max_attempts_bounds_what_is_sent() {
    for attempts in [0, 1, 2, 5] {
        let script = Script::new(vec![answer(503, ""); 9]);
        let call = script.client().qris().get(1);
        let error = call.with_max_attempts(attempts).send().await.unwrap_err();
        assert_eq!(error.attempts(), attempts.max(1));
        assert_eq!(script.count() as u32, attempts.max(1));
    }
    // A call that must not be repeated is sent once whatever the option says.
    let script = Script::new(vec![Step::Break(TransportErrorKind::Interrupted); 9]);
    let call = script
        .client()
        .qris()
        .generate()
        .amount(singapay::Rupiah::new(10_000));
    let error = call.with_max_attempts(9).send().await.unwrap_err();
    assert_eq!((error.attempts(), script.count()), (1, 1));
}

#[tokio::test]
async fn the_credential_follows_the_account_unless_named() {
    const OTHER: &str = "01K946KF851RK7FX075GJHBVKG";
    let script = Script::new([found(), found(), found(), found()]);
    let client = script
        .builder()
        .specific_credential(
            Credential::new("outlet", "partner-o", "client-o", "s").accounts([OTHER]),
        )
        .build()
        .unwrap();
    for account in [ACCOUNT, OTHER] {
        let read = client.qris().get(1).account_id(account);
        read.send().await.unwrap();
        client
            .qris()
            .get(1)
            .account_id(account)
            .with_credential("outlet")
            .send()
            .await
            .unwrap();
    }
    let sent = script.sent();
    let partners: Vec<_> = sent
        .iter()
        .map(|sent| sent.header("x-partner-id").unwrap())
        .collect();
    assert_eq!(partners, ["partner", "partner-o", "partner-o", "partner-o"]);
    assert_eq!(script.token_requests(), 2, "one token per credential");

    let error = client
        .qris()
        .get(1)
        .with_credential("nobody")
        .send()
        .await
        .unwrap_err();
    assert_eq!((error.kind(), script.count()), (ErrorKind::Config, 4));
}

#[tokio::test]
async fn a_header_travels_unless_it_is_ours() {
    let value = HeaderValue::from_static("shop-1");
    let script = Script::new([found()]);
    let call = script.client().qris().get(1);
    call.with_header(HeaderName::from_static("x-correlation"), value.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(script.sent()[0].header("x-correlation"), Some("shop-1"));

    for name in [
        "authorization",
        "x-partner-id",
        "x-signature",
        "x-timestamp",
        "host",
        "content-type",
    ] {
        let script = Script::new([found()]);
        let call = script.client().qris().get(1);
        let call = call.with_header(HeaderName::from_static(name), value.clone());
        let error = call.send().await.unwrap_err();
        assert_eq!(
            (error.kind(), script.count()),
            (ErrorKind::Config, 0),
            "{name}"
        );
    }
}
