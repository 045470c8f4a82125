//! No `Debug` and no error text of this crate shows what came over the wire.

#![allow(clippy::unwrap_used)]

use std::{fmt::Debug, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, from_value, json};
use singapay_core::{
    Answer, AnyTime, CallContext, CallError, CallErrorKind, CallOptions, Currency, Iso8601, Judged,
    Money, Nullable, Operation, Page, Refusal, Rupiah, Secret, Sensitive, TransportError,
    TransportErrorKind, UnixMillis, UnixSeconds, WibDateTime, WibText,
    envelope::{Biller, Flat, Identity, V1, V2},
};

const CANARY: &str = "c4n4ry";

fn assert_closed(value: &dyn Debug) {
    for text in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!text.contains(CANARY), "{text}");
    }
}

fn answer() -> Answer {
    let mut headers = HeaderMap::new();
    headers.insert("x-canary", HeaderValue::from_static(CANARY));
    Answer {
        status: StatusCode::OK,
        headers,
        body: Bytes::from_static(CANARY.as_bytes()),
    }
}

fn everywhere() -> Value {
    let names = [
        "status",
        "message",
        "data",
        "meta",
        "command",
        "response_code",
        "response_message",
        "response_text",
        "code",
        "request_id",
        "pricing",
        CANARY,
    ];
    let mut body: serde_json::Map<_, _> = names
        .iter()
        .map(|name| ((*name).to_owned(), json!(CANARY)))
        .collect();
    body.insert("meta".to_owned(), json!({CANARY: CANARY}));
    body.insert("error".to_owned(), json!({"errors": {CANARY: [CANARY]}}));
    body.insert(
        "pagination".to_owned(),
        json!({"total": 1, "links": {"next": CANARY}, CANARY: CANARY}),
    );
    Value::Object(body)
}

#[test]
fn envelopes_name_their_fields_only() {
    assert_closed(&from_value::<V1<Value>>(everywhere()).unwrap());
    assert_closed(&from_value::<V2<Value>>(everywhere()).unwrap());
    assert_closed(&from_value::<Biller<Value>>(everywhere()).unwrap());
    assert_closed(&from_value::<Identity<Value>>(everywhere()).unwrap());
    assert_closed(&from_value::<Flat<Value>>(everywhere()).unwrap());
    assert_closed(&from_value::<Page>(everywhere()["pagination"].clone()).unwrap());
    let bytes = everywhere().to_string();
    let refusal = Refusal::parse(StatusCode::BAD_REQUEST, bytes.as_bytes());
    assert_eq!(refusal.code.as_deref(), Some(CANARY));
    assert_eq!(refusal.fields[0].field, CANARY);
    assert_closed(&refusal);
    assert_closed(&refusal.fields);
}

#[test]
fn secrets_are_not_printed() {
    assert_closed(&Secret::new(CANARY));
    assert_closed(&Some(Sensitive::new(CANARY)));
    assert_closed(&Nullable::Value(Sensitive::new(CANARY)));
}

#[test]
fn calls_show_no_header_and_no_body() {
    assert_closed(&answer());
    let token_refused = || CallError::token_refused("the token request was refused", answer());
    assert_closed(&token_refused());
    assert!(!token_refused().to_string().contains(CANARY));
    let cause = serde_json::from_str::<Rupiah>(&format!("\"{CANARY}\"")).unwrap_err();
    assert_closed(&CallError::not_sent(
        CallErrorKind::Signing,
        "the body cannot be signed",
        Some(cause.into()),
    ));
    let broken = TransportError::new(TransportErrorKind::Timeout, None);
    assert_closed(&CallError::from(broken));

    let header = (
        HeaderName::from_static("x-canary"),
        HeaderValue::from_static(CANARY),
    );
    let options = CallOptions {
        headers: vec![header],
        ..CallOptions::default()
    };
    assert_closed(&options);
    let context = CallContext::new(options);
    let judged = Judged::new(&Operation::BARE, b"", answer(), false);
    assert_closed(&judged);
    context.finish(Duration::ZERO, Ok(judged));
    context.finish(Duration::ZERO, Err(token_refused()));
    assert_closed(&context);
    assert_closed(&context.take());
}

#[test]
fn leaf_types_hide_text_that_nobody_knows() {
    fn closed<T: serde::de::DeserializeOwned + Debug>() {
        assert_closed(&from_value::<T>(json!(CANARY)).unwrap());
    }
    closed::<AnyTime>();
    closed::<Iso8601>();
    closed::<UnixMillis>();
    closed::<UnixSeconds>();
    closed::<WibDateTime>();
    closed::<WibText>();
    closed::<Currency>();
    let money = json!({"value": 1, "currency": CANARY, CANARY: CANARY});
    assert_closed(&from_value::<Money>(money).unwrap());
}
