//! Requests by method and path live under the rules of every other.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::sync::{Arc, Mutex};

use http::{HeaderName, HeaderValue};
use serde_json::{Value, json};
use singapay::{
    CallReport, Credential, Delivery, Effect, Error, ErrorKind, Host, MoneyOutPolicy, RawData,
    Reason, Response, TransportErrorKind,
};
use support::{ACCOUNT, Script, Step, answer, payout, refused, v1, v2};

const NEW: &str = "/api/v3.0/things";

/// A modelled write that pays nothing out.
const PLANS: &str = "/api/v2.0/recurring/plans";

async fn read(step: Step) -> Result<Response<RawData>, Error> {
    let client = Script::new([step]).client();
    client.request("GET", NEW).effect(Effect::Read).send().await
}

#[tokio::test]
async fn it_carries_what_every_request_carries() {
    let script = Script::new([v2(json!({"id": 7}))]);
    let answer = script
        .client()
        .request("POST", PLANS)
        .query("from", "1 & 2")
        .body(json!({"b": 1, "a": [1, 2]}))
        .signed()
        .with_header(
            HeaderName::from_static("x-trace"),
            HeaderValue::from_static("t"),
        )
        .send()
        .await
        .unwrap();
    assert_eq!(answer["id"], 7);
    assert_eq!(
        (answer.http_status(), answer.gateway_code()),
        (200, Some("SP000"))
    );
    assert_eq!(answer.attempts(), 1);
    assert!(answer.raw().starts_with(b"{"));
    let sent = &script.sent()[0];
    assert_eq!(
        (sent.method.as_str(), sent.target.as_str()),
        ("POST", "/api/v2.0/recurring/plans?from=1%20%26%202")
    );
    assert_eq!(sent.body, r#"{"a":[1,2],"b":1}"#);
    assert_eq!(sent.header("authorization"), Some("Bearer token-1"));
    assert_eq!(sent.header("x-partner-id"), Some("partner"));
    assert_eq!(sent.header("content-type"), Some("application/json"));
    assert_eq!(sent.header("x-trace"), Some("t"));
    assert_eq!(sent.header("x-signature").unwrap().len(), 128);
    assert!(sent.header("x-timestamp").is_some());
}

#[tokio::test]
async fn an_account_chooses_the_credential_and_a_host_its_own() {
    let script = Script::new([
        v1(json!({})),
        answer(
            200,
            json!({"command": "c", "response_code": "00", "data": {}}),
        ),
    ]);
    let special =
        Credential::new("outlet", "partner-1", "client-1", "secret-1").accounts([ACCOUNT]);
    let client = script
        .builder()
        .specific_credential(special)
        .build()
        .unwrap();
    client
        .request("GET", NEW)
        .account_id(ACCOUNT)
        .send()
        .await
        .unwrap();
    client
        .request("POST", "/api/v1/check-balance")
        .host(Host::Biller)
        .send()
        .await
        .unwrap();
    let sent = script.sent();
    assert_eq!(sent[0].header("x-partner-id"), Some("partner-1"));
    assert_eq!(sent[0].header("x-signature"), None);
    assert_eq!(sent[1].header("x-partner-id"), Some("partner-b"));
}

#[tokio::test]
async fn what_cannot_be_signed_is_not_sent() {
    let script = Script::new([]);
    let request = || {
        script
            .client()
            .request("POST", PLANS)
            .body(json!({"amount": 10.5}))
    };
    let error = request().signed().send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Signing, Delivery::NotSent)
    );
    assert_eq!(script.count(), 0);
    request().send().await.unwrap_err();
    assert_eq!(script.count(), 1);
}

#[tokio::test]
async fn only_what_is_called_a_read_is_sent_again() {
    for (effect, times) in [
        (None, 1),
        (Some(Effect::Write), 1),
        (Some(Effect::MoneyIn), 1),
        (Some(Effect::Read), 3),
    ] {
        for step in [
            answer(503, ""),
            Step::Break(TransportErrorKind::Interrupted),
        ] {
            let script = Script::new([step.clone(), step.clone(), step]);
            let mut request = script.client().request("GET", NEW).with_max_attempts(3);
            if let Some(effect) = effect {
                request = request.effect(effect);
            }
            request.send().await.unwrap_err();
            assert_eq!(script.count(), times, "{effect:?}");
        }
    }
    // A rejected token is replaced for all of them.
    let script = Script::new([answer(401, ""), v1(json!({}))]);
    script.client().request("GET", NEW).send().await.unwrap();
    assert_eq!((script.count(), script.token_requests()), (2, 2));
}

#[tokio::test]
async fn every_envelope_is_recognised() {
    assert_eq!(*read(v1(json!([1]))).await.unwrap().into_data(), json!([1]));
    assert_eq!(
        *read(v2(json!({"a": 1}))).await.unwrap().into_data(),
        json!({"a": 1})
    );
    assert_eq!(
        *read(v2(Value::Null)).await.unwrap().into_data(),
        Value::Null
    );
    let flat = json!({"anything": true});
    assert_eq!(*read(answer(200, &flat)).await.unwrap().into_data(), flat);
    assert_eq!(
        *read(answer(204, "")).await.unwrap().into_data(),
        Value::Null
    );
    let paged =
        json!({"success": true, "data": [], "pagination": {"current_page": 2, "last_page": 9}});
    let paged = read(answer(200, paged)).await.unwrap();
    assert_eq!(paged.page().unwrap().current_page, Some(2));

    for (step, kind, reason) in [
        (
            refused(422, "SP018"),
            ErrorKind::Refused,
            Some(Reason::Validation),
        ),
        (
            refused(200, "SP009"),
            ErrorKind::Refused,
            Some(Reason::TransactionNotFound),
        ),
        (
            refused(403, "SP017"),
            ErrorKind::Credential,
            Some(Reason::IpNotRegistered),
        ),
        (
            answer(
                200,
                json!({"success": false, "error": {"code": 400, "message": "no"}}),
            ),
            ErrorKind::Refused,
            Some(Reason::Unrecognized),
        ),
        (answer(200, "<html>"), ErrorKind::Decode, None),
        (answer(200, ""), ErrorKind::Decode, None),
        (
            answer(200, r#"{"success":true,"data":{"#),
            ErrorKind::Decode,
            None,
        ),
        (answer(307, ""), ErrorKind::Redirect, None),
    ] {
        let error = read(step).await.unwrap_err();
        assert_eq!((error.kind(), error.reason()), (kind, reason), "{error}");
        assert_eq!(error.delivery(), Delivery::Answered);
        assert_eq!(error.operation(), Some("raw_request"));
    }
}

#[tokio::test]
async fn what_needs_no_signature_may_have_one() {
    let path = format!("/api/v1.0/qris-dynamic/{ACCOUNT}/generate-qr");
    for signed in [false, true] {
        let script = Script::new([]);
        let request = script.client().request("POST", &path).body(json!({"a": 1}));
        let request = if signed { request.signed() } else { request };
        request.send().await.unwrap_err();
        assert_eq!(script.sent()[0].header("x-signature").is_some(), signed);
    }
}

#[tokio::test]
async fn everything_wrong_is_named_at_once_and_nothing_is_sent() {
    let script = Script::new([]);
    let error = script
        .client()
        .request("FETCH", "https://example.com/canary")
        .effect(Effect::MoneyOut)
        .account_id("x")
        .query("", "")
        .body(json!("canary"))
        .send()
        .await
        .unwrap_err();
    let fields: Vec<_> = error
        .field_errors()
        .iter()
        .map(|field| field.field.as_str())
        .collect();
    assert_eq!(
        fields,
        ["method", "path", "query", "account_id", "body", "effect"]
    );
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(!format!("{error} {error:?}").contains("canary"));
    let read = script.client().request("GET", NEW).body(json!({}));
    let bank = "/api/v1/kyc/bank/verify";
    let check = script.client().request("POST", bank).host(Host::Identity);
    for (request, field) in [(read, "body"), (check.signed(), "signed")] {
        let error = request.send().await.unwrap_err();
        assert_eq!(error.field_errors()[0].field, field);
        assert_eq!(error.field_errors().len(), 1);
    }
    assert_eq!(script.token_requests(), 0);
    for name in [
        "x-http-method-override",
        "x-original-url",
        "x-rewrite-url",
        "authorization",
        "host",
    ] {
        let request = script.client().request("POST", PLANS);
        let request = request.with_header(
            HeaderName::from_static(name),
            HeaderValue::from_static("PUT"),
        );
        let error = request.send().await.unwrap_err();
        assert_eq!(
            (error.kind(), script.count()),
            (ErrorKind::Config, 0),
            "{name}"
        );
    }
}

#[tokio::test]
async fn nothing_of_it_shows() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let report = Arc::clone(&seen);
    let script = Script::new([
        v2(json!({"name": "canary-answer"})),
        v2(json!({"name": "canary-answer"})),
    ]);
    let client = script
        .builder()
        .observer(move |call: &CallReport<'_>| report.lock().unwrap().push(format!("{call:?}")))
        .build()
        .unwrap();
    let request = client
        .request("PATCH", "/api/v2.0/recurring/plans/canary-path")
        .query("canary", "canary")
        .body(json!({"card_number": "canary-body"}));
    let mut shown = format!("{request:?}");
    shown += &format!("{:?}", request.send().await.unwrap());
    let handle = client.money_out(MoneyOutPolicy::new()).unwrap();
    let request = payout(&handle).beneficiary("canary").bank("canary");
    shown += &format!("{request:?}");
    shown += &format!("{:?}", payout(&handle).send().await.unwrap());
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 2);
    shown += &seen.concat();
    assert!(shown.contains("raw_request"));
    assert!(!shown.contains("canary"), "{shown}");
}

/// Whatever a POST looks like, nobody knows what it does.
#[tokio::test]
async fn what_is_neither_known_nor_a_get_needs_the_handle() {
    let script = Script::new([v2(json!({"transaction_id": "1"}))]);
    let client = script.client();
    let transfer = format!("/api/v1.0/account_transfer/{ACCOUNT}/transfer");
    for path in [
        "/api/v2.0/payout/transfer",
        "/api/v2.0/e-wallet/trigger-topup",
        &transfer,
        NEW,
    ] {
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            for effect in [Effect::Read, Effect::Write, Effect::MoneyIn] {
                let request = client.request(method, path).effect(effect);
                let error = request.send().await.unwrap_err();
                let fields: Vec<_> = error
                    .field_errors()
                    .iter()
                    .map(|own| own.field.as_str())
                    .collect();
                assert_eq!(
                    (error.kind(), fields),
                    (ErrorKind::InvalidInput, vec!["path"]),
                    "{path}"
                );
            }
        }
    }
    assert_eq!((script.count(), script.token_requests()), (0, 0));
    let handle = client.money_out(MoneyOutPolicy::new()).unwrap();
    let request = || handle.request("POST", NEW).amount(0).reference("search-1");
    assert!(request().send().await.unwrap().accepted().is_some());
    assert_eq!(script.sent()[0].target, NEW);
    // A body that names an amount contradicts it, and a limit cannot judge it.
    let paying = request().body(json!({"amount": 1}));
    assert_eq!(
        paying.send().await.unwrap_err().field_errors()[0].field,
        "amount"
    );
    let bounded = MoneyOutPolicy::new().max_amount(singapay::Rupiah::new(100));
    let bounded = client.money_out(bounded).unwrap();
    let request = bounded.request("POST", NEW).amount(0).reference("search-1");
    assert_eq!(
        request.send().await.unwrap_err().field_errors()[0].field,
        "amount"
    );
    assert_eq!(script.count(), 1);
}

/// The sandbox has a verifier of its own, so that a wrong signature would show.
#[cfg(feature = "blocking")]
#[test]
fn it_needs_no_runtime() {
    let script = Script::new([v1(json!({"a": 1})), v2(json!({"a": 1}))]);
    let answer = script.client().request("GET", NEW).send_blocking().unwrap();
    assert_eq!(answer["a"], 1);
    let outcome = payout(&script.client().money_out(MoneyOutPolicy::new()).unwrap())
        .send_blocking()
        .unwrap();
    assert!(outcome.accepted().is_some());
}
