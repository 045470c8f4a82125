use std::{
    fmt,
    sync::{Arc, Mutex},
};

use singapay_core::{
    Answer, BoxFuture, CallContext, CallError, CallErrorKind, CallOptions, CallRecord, Delivery,
    Judged, Money, Operation, Pipeline, Rupiah,
};

use super::*;
use crate::payment::{Client, types};

const TOPUP: &str = r#"{"response_code":"SP000","response_message":"Successful","data":{
    "transaction_id":"EWT-1","transaction_status":{"code":"03","desc":"Pending"},"shape":"new"}}"#;

type Recorded = (&'static str, http::Request<Bytes>);

/// Answers every request alike and keeps what it saw.
struct Fixed {
    seen: Mutex<Vec<Recorded>>,
    answer: fn() -> Result<Answer, CallError>,
}

impl fmt::Debug for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fixed")
    }
}

impl Pipeline for Fixed {
    fn execute<'a>(
        &'a self,
        operation: &'static Operation,
        request: http::Request<Bytes>,
        _context: &'a CallContext,
    ) -> BoxFuture<'a, Result<Judged, CallError>> {
        let body = request.body().clone();
        self.seen.lock().unwrap().push((operation.id, request));
        Box::pin(async move {
            (self.answer)().map(|answer| Judged::new(operation, &body, answer, false))
        })
    }
}

fn answer(status: u16, body: &'static str) -> Result<Answer, CallError> {
    Ok(Answer {
        status: StatusCode::from_u16(status).unwrap(),
        headers: HeaderMap::new(),
        body: Bytes::from_static(body.as_bytes()),
    })
}

fn body() -> types::TopupEwalletRequest {
    types::TopupEwalletRequest {
        account_id: Some("01K946KF851RK7FX075GJHBVKF".into()),
        amount: Some(Money::idr(Rupiah::new(10_000))),
        customer_number: Some("085700000001".into()),
        ewallet_code: Some(types::EwalletCode::Dana),
        notes: None,
        reference_number: Some("REF-001".into()),
    }
}

type Called = (
    Result<
        progenitor_client::ResponseValue<singapay_core::envelope::V2<types::EwalletTopup>>,
        String,
    >,
    CallRecord,
    Vec<Recorded>,
);

/// One top-up through the generated client.
async fn topup(answer: fn() -> Result<Answer, CallError>) -> Called {
    let pipeline = Arc::new(Fixed {
        seen: Mutex::default(),
        answer,
    });
    let context = Arc::new(CallContext::new(CallOptions::default()));
    let inner = Inner {
        pipeline: pipeline.clone(),
        context: context.clone(),
        base_url: "http://127.0.0.1:9".parse().unwrap(),
    };
    let client = Client::new_with_client("http://127.0.0.1:9", reqwest::Client::new(), inner);
    let result = client
        .topup_ewallet(&body())
        .await
        .map_err(|error| error.to_string());
    let seen = std::mem::take(&mut *pipeline.seen.lock().unwrap());
    (result, context.take(), seen)
}

#[tokio::test]
async fn a_request_reaches_the_pipeline_as_the_document_says() {
    let (result, record, seen) = topup(|| answer(200, TOPUP)).await;
    let [(operation, request)] = seen.as_slice() else {
        panic!("not one request")
    };
    assert_eq!(*operation, "topup_ewallet");
    assert_eq!(request.method(), http::Method::POST);
    assert_eq!(
        request.uri(),
        "http://127.0.0.1:9/api/v2.0/ewallet/trigger-topup"
    );
    assert_eq!(request.headers()[header::CONTENT_TYPE], "application/json");
    assert!(!request.headers().contains_key("api-version"));
    let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(
        body,
        serde_json::json!({
            "account_id": "01K946KF851RK7FX075GJHBVKF",
            "amount": {"value": "10000.00", "currency": "IDR"},
            "customer_number": "085700000001",
            "ewallet_code": "DANA",
            "reference_number": "REF-001",
        })
    );
    let data = result.unwrap().into_inner().data.unwrap();
    assert_eq!(data.transaction_id, "EWT-1");
    assert_eq!(data.extra["shape"], "new");
    assert_eq!(record.answer.unwrap().status, StatusCode::OK);
    assert!(record.error.is_none());
}

#[tokio::test]
async fn a_call_without_an_answer_leaves_its_reason_in_the_context() {
    let lost = || {
        let timeout = TransportError::new(TransportErrorKind::Timeout, None);
        Err(CallError::from(timeout))
    };
    let (result, record, _) = topup(lost).await;
    assert!(result.is_err());
    let error = record.error.unwrap();
    assert_eq!(
        error.kind(),
        CallErrorKind::Transport(TransportErrorKind::Timeout)
    );
    assert_eq!(error.delivery(), Delivery::MaybeSent);
    assert!(record.answer.is_none());
}

#[tokio::test]
async fn an_answer_that_does_not_decode_is_kept_as_it_came() {
    let (result, record, _) = topup(|| answer(200, r#"{"data":{"transaction_id"#)).await;
    assert!(result.is_err());
    let answer = record.answer.unwrap();
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(&*answer.body, br#"{"data":{"transaction_id"#);
}

#[tokio::test]
async fn a_refusal_keeps_its_status_and_body() {
    let (result, record, _) = topup(|| answer(409, r#"{"response_code":"SP004"}"#)).await;
    assert!(result.is_err());
    assert_eq!(record.answer.unwrap().status, StatusCode::CONFLICT);
}

#[test]
fn an_operation_that_is_not_in_the_table_is_not_sent() {
    let request = reqwest::Client::new()
        .get("http://127.0.0.1:9/")
        .build()
        .unwrap();
    let error = prepare(request, "no_such_operation").unwrap_err();
    assert_eq!(error.kind(), CallErrorKind::Config);
    assert_eq!(error.delivery(), Delivery::NotSent);
}

#[test]
fn an_optional_body_without_members_is_left_out() {
    let request = || {
        let request = reqwest::Client::new().post("http://127.0.0.1:9/");
        request.json(&serde_json::json!({})).build().unwrap()
    };
    let required = operations::TOPUP_EWALLET;
    let optional = Operation {
        optional_body: true,
        ..required
    };
    let sent = convert(request(), &required).unwrap();
    assert_eq!(&**sent.body(), b"{}");
    let sent = convert(request(), &optional).unwrap();
    assert!(sent.body().is_empty());
    assert!(!sent.headers().contains_key(header::CONTENT_TYPE));
}

#[test]
fn the_table_is_sorted_and_finds_every_operation() {
    assert!(
        operations::ALL
            .windows(2)
            .all(|pair| pair[0].id < pair[1].id)
    );
    for operation in operations::ALL {
        assert!(std::ptr::eq(
            operations::find(operation.id).unwrap(),
            *operation
        ));
    }
    assert!(operations::find("").is_none());
}

#[test]
fn calls_can_cross_threads() {
    fn is_send<T: Send>(_: T) {}
    is_send(topup(|| answer(200, TOPUP)));
}

#[test]
fn debug_shows_no_value() {
    let text = format!("{:?}", body());
    assert_eq!(
        text,
        "TopupEwalletRequest { account_id, amount, customer_number, ewallet_code, notes, \
         reference_number, .. }"
    );
}

#[test]
fn a_backslash_stays_in_its_segment() {
    let pipeline = Arc::new(Fixed {
        seen: Mutex::default(),
        answer: || answer(200, TOPUP),
    });
    let inner = Inner {
        pipeline,
        context: Arc::new(CallContext::new(CallOptions::default())),
        base_url: "http://127.0.0.1:9".parse().unwrap(),
    };
    let address = inner.address(r"/api/v2.0/card/A/cancel/..\..\B\cancel\7");
    assert_eq!(
        address.path(),
        "/api/v2.0/card/A/cancel/..%5C..%5CB%5Ccancel%5C7"
    );
}
