//! Contents of spans and reports about a call, and that they hold nothing else.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    collections::BTreeMap,
    fmt::Debug,
    sync::{Arc, Mutex},
};

use http::{HeaderName, HeaderValue};
use serde_json::json;
use singapay::{
    CallReport, Effect, ErrorKind, MoneyOutPolicy, Resend, Singapay, TransportErrorKind,
};
use support::{ACCOUNT, Script, Step, answer, answer_with, refused, v1, v2};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};

type Fields = BTreeMap<&'static str, String>;

/// A span or an event, and the spans around it.
#[derive(Debug, Clone)]
struct Entry {
    name: &'static str,
    target: &'static str,
    level: Level,
    parent: Option<usize>,
    fields: Fields,
}

/// Everything that is told on this thread.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Told>>);

#[derive(Default)]
struct Told {
    entries: Vec<Entry>,
    entered: Vec<usize>,
}

struct Reader<'a>(&'a mut Fields);

impl Visit for Reader<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}

impl Spans {
    fn add(
        &self,
        metadata: &'static Metadata<'static>,
        read: impl FnOnce(&mut Reader<'_>),
    ) -> usize {
        let mut told = self.0.lock().unwrap();
        let mut fields = Fields::new();
        read(&mut Reader(&mut fields));
        let entry = Entry {
            name: metadata.name(),
            target: metadata.target(),
            level: *metadata.level(),
            parent: told.entered.last().copied(),
            fields,
        };
        told.entries.push(entry);
        told.entries.len() - 1
    }

    fn all(&self) -> Vec<Entry> {
        self.0.lock().unwrap().entries.clone()
    }

    /// Warnings for a person: messages, and the operations they name.
    fn warnings(&self) -> Vec<(String, Option<String>)> {
        let all = self.all().into_iter();
        let warnings = all.filter(|entry| entry.level == Level::WARN);
        warnings
            .map(|mut entry| {
                assert_eq!(entry.target, "singapay");
                let operation = entry.fields.remove("operation");
                (entry.fields.remove("message").unwrap(), operation)
            })
            .collect()
    }

    fn named(&self, name: &str) -> Vec<Entry> {
        let mut all = self.all();
        all.retain(|entry| entry.name == name);
        all
    }
}

fn index(id: &Id) -> usize {
    usize::try_from(id.into_u64() - 1).unwrap()
}

impl Subscriber for Spans {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let index = self.add(span.metadata(), |reader| span.record(reader));
        Id::from_u64(index as u64 + 1)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        values.record(&mut Reader(
            &mut self.0.lock().unwrap().entries[index(span)].fields,
        ));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.add(event.metadata(), |reader| event.record(reader));
    }

    fn enter(&self, span: &Id) {
        self.0.lock().unwrap().entered.push(index(span));
    }

    fn exit(&self, span: &Id) {
        let left = self.0.lock().unwrap().entered.pop();
        assert_eq!(left, Some(index(span)));
    }
}

/// One row for every attempt: number, reason, status, failure.
type Row = (u32, Option<Resend>, Option<u16>, Option<TransportErrorKind>);

/// A report as text, and its attempts.
type Report = (String, Vec<Row>);

#[derive(Clone, Default)]
struct Reports(Arc<Mutex<Vec<Report>>>);

impl Reports {
    fn watch(&self, script: &Script) -> Singapay {
        let reports = self.clone();
        let observer = move |call: &CallReport<'_>| {
            assert_eq!(call.attempts() as usize, call.attempt_log().len());
            let total = call.attempt_log().iter().map(|attempt| attempt.duration);
            assert!(total.sum::<std::time::Duration>() <= call.elapsed());
            let row = |attempt: &singapay::Attempt| -> Row {
                (
                    attempt.number,
                    attempt.resend,
                    attempt.status,
                    attempt.failure,
                )
            };
            let rows = call.attempt_log().iter().map(row).collect();
            reports.0.lock().unwrap().push((format!("{call:?}"), rows));
        };
        script.builder().observer(observer).build().unwrap()
    }

    fn rows(&self) -> Vec<Row> {
        self.0.lock().unwrap().last().unwrap().1.clone()
    }
}

/// Makes a read meet these steps and tells what was told of it.
async fn told(steps: Vec<Step>) -> (Spans, Vec<Row>) {
    let (spans, reports) = (Spans::default(), Reports::default());
    let _guard = tracing::subscriber::set_default(spans.clone());
    let client = reports.watch(&Script::new(steps));
    let _ = client.qris().get(7).send().await;
    let rows = reports.rows();
    (spans, rows)
}

fn found() -> Step {
    v1(json!({"id": 7, "qr_data": "00", "status": "open"}))
}

#[tokio::test]
async fn a_call_has_a_span_and_each_attempt_one_inside_it() {
    let (spans, rows) = told(vec![
        answer(503, ""),
        Step::Break(TransportErrorKind::Interrupted),
        found(),
    ])
    .await;
    let expected = [
        (1, None, Some(503), None),
        (
            2,
            Some(Resend::Unavailable),
            None,
            Some(TransportErrorKind::Interrupted),
        ),
        (3, Some(Resend::NoAnswer), Some(200), None),
    ];
    assert_eq!(rows, expected);

    let all = spans.all();
    let calls = spans.named("singapay.call");
    assert_eq!(calls.len(), 1);
    let call = &calls[0].fields;
    assert_eq!(call["operation"], "get_qris");
    assert_eq!(
        (call["attempts"].as_str(), call["status"].as_str()),
        ("3", "200")
    );
    call["duration_ms"].parse::<u64>().unwrap();
    assert!(!call.contains_key("error"));

    let attempts = spans.named("singapay.attempt");
    assert_eq!(attempts.len(), 3);
    for (attempt, (number, resend, status, failure)) in attempts.iter().zip(expected) {
        let fields = &attempt.fields;
        assert_eq!(all[attempt.parent.unwrap()].name, "singapay.call");
        assert_eq!(attempt.target, "singapay");
        assert_eq!(fields["attempt"], number.to_string());
        assert_eq!(
            fields.get("resend").map(String::as_str),
            resend.map(Resend::as_str)
        );
        assert_eq!(
            fields.get("status").cloned(),
            status.map(|status| status.to_string())
        );
        assert_eq!(
            fields.get("failure").cloned(),
            failure.map(|kind| format!("{kind:?}"))
        );
        fields["duration_ms"].parse::<u64>().unwrap();
    }
}

#[tokio::test]
async fn the_reason_of_every_resend_is_told() {
    for (first, reason) in [
        (answer(401, ""), Resend::TokenRejected),
        (refused(403, "SP013"), Resend::TokenRejected),
        (Step::Break(TransportErrorKind::Connect), Resend::NotSent),
        (
            Step::Break(TransportErrorKind::ConnectTimeout),
            Resend::NotSent,
        ),
        (Step::Break(TransportErrorKind::Timeout), Resend::NoAnswer),
        (
            Step::Break(TransportErrorKind::Interrupted),
            Resend::NoAnswer,
        ),
        (answer(429, ""), Resend::Unavailable),
        (answer(504, ""), Resend::Unavailable),
    ] {
        let (spans, rows) = told(vec![first, found()]).await;
        assert_eq!(rows[0].1, None);
        assert_eq!((rows.len(), rows[1].1), (2, Some(reason)));
        let attempts = spans.named("singapay.attempt");
        assert_eq!(attempts[1].fields["resend"], reason.as_str());
    }
}

#[tokio::test]
async fn a_failure_is_named_in_the_span() {
    let (spans, rows) = told(vec![refused(403, "SP403")]).await;
    assert_eq!(rows.len(), 1);
    let call = &spans.named("singapay.call")[0].fields;
    assert_eq!(
        [
            &call["error"],
            &call["status"],
            &call["code"],
            &call["attempts"]
        ],
        [&format!("{:?}", ErrorKind::Credential), "403", "SP403", "1"]
    );
    // Nothing was sent for it, so there is no attempt.
    let script = Script::new([]).tokens([answer(403, "")]);
    let (spans, reports) = (Spans::default(), Reports::default());
    let _guard = tracing::subscriber::set_default(spans.clone());
    let client = reports.watch(&script);
    client.qris().get(7).send().await.unwrap_err();
    assert_eq!(reports.rows(), []);
    assert_eq!(spans.named("singapay.attempt").len(), 0);
    assert_eq!(spans.named("singapay.call")[0].fields["attempts"], "0");
}

#[tokio::test]
async fn reports_and_errors_never_differ() {
    let unreadable = || v1(json!({"id": "no number", "status": []}));
    let kinds = Arc::new(Mutex::new(Vec::new()));
    for step in [unreadable(), refused(403, "SP403"), answer(502, "<html>")] {
        let told = Arc::clone(&kinds);
        let script = Script::new([step]);
        let observer = move |call: &CallReport<'_>| {
            let status = call.status();
            told.lock().unwrap().push((call.error_kind(), status));
        };
        let client = script.builder().observer(observer);
        let client = client
            .retry(singapay::RetryPolicy::never())
            .build()
            .unwrap();
        let spans = Spans::default();
        let _guard = tracing::subscriber::set_default(spans.clone());
        let error = client.qris().get(7).send().await.unwrap_err();
        let expected = (Some(error.kind()), error.status());
        assert_eq!(kinds.lock().unwrap().pop(), Some(expected), "{error}");
        let call = &spans.named("singapay.call")[0].fields;
        assert_eq!(call["error"], format!("{:?}", error.kind()), "{error}");
    }
    assert!(kinds.lock().unwrap().is_empty());
}

#[tokio::test]
async fn nothing_else_is_told() {
    const CANARY: &str = "canary";
    let hostile = json!({
        "response_code": "SP018 canary", "response_message": "canary", "status": 422,
        "data": {"canary": "canary", "errors": {"canary": ["canary"]}},
    });
    let header = || {
        (
            HeaderName::from_static("x-trace"),
            HeaderValue::from_static(CANARY),
        )
    };
    let steps = [
        answer_with(503, &[("x-canary", CANARY)], &hostile),
        answer_with(200, &[("x-canary", CANARY)], &hostile),
        answer(422, &hostile),
        answer(502, "<html>canary"),
        v2(json!({"canary": CANARY})),
        v2(json!({"canary": CANARY})),
        Step::Break(TransportErrorKind::Interrupted),
    ];
    let script = Script::new(steps).tokens([v1(
        json!({"access_token": "canary-token", "expires_in": 3600}),
    )]);
    let (spans, reports) = (Spans::default(), Reports::default());
    let _guard = tracing::subscriber::set_default(spans.clone());
    let written = reports.clone();
    let client = script
        .builder()
        .specific_credential(
            singapay::Credential::new("canary", "canary-partner", "canary-client", "canary-secret")
                .accounts([ACCOUNT]),
        )
        .observer(move |call: &CallReport<'_>| {
            written
                .0
                .lock()
                .unwrap()
                .push((format!("{call:?}"), Vec::new()));
        })
        .build()
        .unwrap();
    let body = || json!({"card_number": CANARY, "reference_number": "canary-reference"});
    let request = |effect| {
        client
            .request("POST", format!("/api/v2.0/qris/status/{ACCOUNT}"))
            .query("canary", CANARY)
            .account_id(ACCOUNT)
            .body(body())
            .effect(effect)
            .signed()
            .with_header(header().0, header().1)
    };
    request(Effect::Read).send().await.unwrap_err();
    request(Effect::Write).send().await.unwrap_err();
    request(Effect::MoneyIn).send().await.unwrap_err();
    request(Effect::Write).send().await.unwrap();
    let handle = client.money_out(MoneyOutPolicy::new()).unwrap();
    for _ in 0..2 {
        let payout = handle
            .request("POST", "/api/v3.0/canary-path")
            .account_id(ACCOUNT)
            .amount(50_000)
            .bank(CANARY)
            .beneficiary(CANARY)
            .reference("canary-reference")
            .body(body());
        let _ = payout.send().await.unwrap();
    }
    assert_eq!((script.count(), script.token_requests()), (7, 1));

    let all = spans.all();
    assert_eq!(spans.named("singapay.call").len(), 6);
    assert_eq!(spans.named("singapay.attempt").len(), 7);
    assert_eq!(spans.named("singapay.token").len(), 1);
    assert_eq!(
        spans.warnings().len(),
        4,
        "not the write and the payout that succeeded"
    );
    let text = format!("{all:?} {:?}", reports.0.lock().unwrap());
    assert!(!text.to_lowercase().contains(CANARY), "{text}");
    // Only these fields are ever told.
    for entry in &all {
        for name in entry.fields.keys() {
            assert!(
                [
                    "operation",
                    "inquiry",
                    "host",
                    "attempt",
                    "attempts",
                    "status",
                    "code",
                    "error",
                    "failure",
                    "resend",
                    "duration_ms",
                    "kind",
                    "delivery",
                    "message",
                ]
                .contains(name),
                "{} tells {name}",
                entry.name
            );
        }
    }
}

#[tokio::test]
async fn a_call_that_failed_for_good_is_a_warning() {
    let (spans, _) = told(vec![answer(503, ""), found()]).await;
    assert_eq!(spans.warnings(), [], "it was repaired");
    let (spans, _) = told(vec![refused(400, "SP003")]).await;
    let said =
        "a call failed: get_qris: request refused: insufficient balance (HTTP 400, code SP003)";
    assert_eq!(
        spans.warnings(),
        [(said.to_owned(), Some("get_qris".to_owned()))]
    );
}

#[tokio::test]
async fn an_outcome_that_is_not_known_is_a_warning() {
    let spans = Spans::default();
    let _guard = tracing::subscriber::set_default(spans.clone());
    let lost = || Step::Break(TransportErrorKind::Interrupted);
    let accepted = v2(json!({"transaction_id": "1", "transaction_status": {"code": "00"}}));
    let steps = [
        lost(),
        lost(),
        refused(400, "SP004"),
        refused(400, "SP003"),
        accepted,
    ];
    let client = Script::new(steps).client();
    let write = client
        .qris()
        .generate()
        .amount(singapay::Rupiah::new(10_000));
    write.send().await.unwrap_err();
    let handle = client.money_out(MoneyOutPolicy::new()).unwrap();
    for _ in 0..4 {
        let topup = handle
            .topup_ewallet()
            .account_id(ACCOUNT)
            .reference_number("canary")
            .ewallet_code(singapay::types::EwalletCode::Dana)
            .customer_number("081298761234")
            .amount(singapay::Money::idr(singapay::Rupiah::new(10_000)));
        let _ = topup.send().await.unwrap();
    }
    let warnings = spans.warnings();
    let starts = [
        "the outcome of a call is not known: generate_qris: the connection broke",
        "the outcome of a payout is not known: topup_ewallet: the connection broke",
        "a payout had the reference of an earlier one: topup_ewallet: ",
        "a payout failed: topup_ewallet: request refused: insufficient balance",
    ];
    assert_eq!(warnings.len(), starts.len(), "{warnings:?}");
    for ((message, _), start) in warnings.iter().zip(starts) {
        assert!(message.starts_with(start), "{message}");
        assert!(
            !message.contains("canary") && !message.contains("0812"),
            "{message}"
        );
    }
}

#[tokio::test]
async fn a_token_that_could_not_be_had_is_a_warning_and_its_requests_have_spans() {
    let script = Script::new([]).tokens([answer(503, ""), answer(502, ""), answer(401, "canary")]);
    let (spans, reports) = (Spans::default(), Reports::default());
    let _guard = tracing::subscriber::set_default(spans.clone());
    let client = reports.watch(&script);
    client.qris().get(7).send().await.unwrap_err();
    let all = spans.all();
    let tokens = spans.named("singapay.token");
    assert_eq!(tokens.len(), 3);
    for (token, (attempt, status)) in tokens.iter().zip([(1, 503), (2, 502), (3, 401)]) {
        assert_eq!(all[token.parent.unwrap()].name, "singapay.call");
        assert_eq!(token.fields["attempt"], attempt.to_string());
        assert_eq!(token.fields["status"], status.to_string());
        assert_eq!(token.fields["host"], "http://127.0.0.1:9");
        token.fields["duration_ms"].parse::<u64>().unwrap();
    }
    let warnings = spans.warnings();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert_eq!(
        warnings[0].0,
        "no token: the token request was refused with HTTP 401"
    );
    assert!(
        warnings[1]
            .0
            .starts_with("a call failed: get_qris: credential refused")
    );
}

#[tokio::test]
async fn a_delivery_that_was_refused_is_a_warning() {
    let spans = Spans::default();
    let _guard = tracing::subscriber::set_default(spans.clone());
    let client = Script::new([]).client();
    let verifier = client.webhook_verifier("/hooks?canary").build().unwrap();
    let mut headers = http::HeaderMap::new();
    let refuse = |headers: &http::HeaderMap| {
        verifier.verify(headers, r#"{"canary":1}"#).unwrap_err();
    };
    refuse(&headers);
    for (name, value) in [
        ("x-timestamp", "1"),
        ("authorization", "Bearer canary"),
        ("x-signature", "canary"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
        refuse(&headers);
    }
    let warnings = spans.warnings();
    assert_eq!(warnings.len(), 4);
    for (message, _) in warnings {
        assert!(
            message.starts_with("a webhook delivery was refused: "),
            "{message}"
        );
        assert!(!message.contains("canary"), "{message}");
    }
}

#[tokio::test]
async fn an_event_of_tomorrow_is_a_warning_without_its_name() {
    let spans = Spans::default();
    let _guard = tracing::subscriber::set_default(spans.clone());
    let receiver = Script::new([]).client().webhook_receiver("/hooks").unwrap();
    let body = r#"{"event":"canary.approved","data":{"canary":1}}"#;
    let now = singapay::Clock::now(&singapay::SystemClock);
    let signed = singapay::webhook::sign_delivery(&"secret".into(), "partner", "/hooks", body, now);
    let signed = signed.unwrap();
    let _event = receiver.receive(&signed.headers, signed.body).unwrap();
    let warnings: Vec<_> = spans
        .all()
        .into_iter()
        .filter(|it| it.level == Level::WARN)
        .collect();
    assert_eq!(warnings.len(), 1);
    let fields = &warnings[0].fields;
    assert_eq!((&*fields["count"], &*fields["name_bytes"]), ("1", "15"));
    assert!(fields["message"].starts_with("a webhook of a kind that this version does not know"));
    assert!(fields.values().all(|value| !value.contains("canary")));
}
