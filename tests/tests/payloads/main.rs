//! Every documented and captured payload decodes into its type, lands in typed fields, and loses
//! nothing on the way out again.
//!
//! Names, addresses and numbers in the payloads are invented. What cannot be held against its type
//! is listed with a reason in `exceptions.rs`; a reason that nothing needs any more is an error.

#![allow(clippy::unwrap_used)]

mod compare;
mod exceptions;

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use bytes::Bytes;
use compare::{lost, unknown, unknown_in_envelope};
use exceptions::Exceptions;
use http::HeaderMap;
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use singapay_api::operations;
use singapay_core::{Answer, Judgement, Refusal, operation::Envelope};
use singapay_tests::{
    generated::types::{ENVELOPES, REQUESTS},
    spec::{Document, HOSTS, Operation, root},
};
use singapay_webhook::{Event, Payload as EventPayload};

/// One payload, as kept in `tests/data/payloads`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    operation: Option<String>,
    kind: Kind,
    status: Option<u16>,
    source: String,
    note: Option<String>,
    body: Value,
}

#[derive(Deserialize, PartialEq, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Request,
    Response,
    Error,
    /// Answer of a merchant to a webhook.
    Acknowledgement,
}

impl Payload {
    /// The status, or 400 where none was noted.
    fn http_status(&self) -> StatusCode {
        StatusCode::from_u16(self.status.unwrap_or(400)).unwrap()
    }

    /// Operation, source and note, for messages.
    fn title(&self) -> String {
        let operation = self.operation.as_deref().unwrap_or("any operation");
        match &self.note {
            Some(note) => format!("{operation} ({}; {note})", self.source),
            None => format!("{operation} ({})", self.source),
        }
    }
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn files(folder: &Path) -> Vec<(String, Value)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    files.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    files.iter().map(|path| (name(path), json(path))).collect()
}

fn payloads(kind: Kind) -> Vec<Payload> {
    let folder = root().join("tests/data/payloads");
    let files = files(&folder).into_iter();
    let all = files.flat_map(|(_, list)| Vec::<Payload>::deserialize(list).unwrap());
    all.filter(|payload| payload.kind == kind).collect()
}

fn operation<'a>(documents: &'a [Document], id: &str) -> Operation<'a> {
    let mut all = documents.iter().flat_map(Document::operations);
    all.find(|operation| operation.id == id).unwrap()
}

#[test]
fn responses_land_in_typed_fields_and_lose_nothing() {
    let documents = HOSTS.map(Document::load);
    let mut exceptions = Exceptions::of("response");
    let mut operations = BTreeSet::new();
    for payload in payloads(Kind::Response) {
        let id = payload.operation.as_deref().unwrap();
        let operation = operation(&documents, id);
        let (_, read) = ENVELOPES.iter().find(|(known, _)| *known == id).unwrap();
        match read(&payload.body.to_string()) {
            Err(error) => exceptions.found(&payload.title(), "", &error),
            Ok(written) => {
                let envelope = operation.metadata("envelope").as_str().unwrap();
                for place in unknown_in_envelope(envelope, &payload.body) {
                    exceptions.found(&payload.title(), &place, "is not typed");
                }
                let (at, data) = match envelope {
                    "flat" => ("", &payload.body),
                    _ => ("/data", &payload.body["data"]),
                };
                for place in unknown(operation.document, operation.data(), data, at) {
                    exceptions.found(&payload.title(), &place, "is not typed");
                }
                for (place, how) in lost(&payload.body, &written, "") {
                    exceptions.found(&payload.title(), &place, &how);
                }
            }
        }
        operations.insert(id.to_owned());
    }
    assert!(operations.len() > 60, "{} operations", operations.len());
    insta::assert_snapshot!("responses", exceptions.end());
}

#[test]
fn requests_are_read_strictly_and_lose_nothing() {
    let documents = HOSTS.map(Document::load);
    let mut exceptions = Exceptions::of("request");
    let mut count = 0;
    for payload in payloads(Kind::Request) {
        let operation = operation(&documents, payload.operation.as_deref().unwrap());
        let (host, body) = (operation.document.name, operation.body().unwrap());
        let row = REQUESTS
            .iter()
            .find(|(known, name, _)| (*known, *name) == (host, body));
        match row.unwrap().2(&payload.body.to_string()) {
            Err(error) => exceptions.found(&payload.title(), "", &error),
            Ok(written) => {
                for (place, how) in lost(&payload.body, &written, "") {
                    exceptions.found(&payload.title(), &place, &how);
                }
            }
        }
        count += 1;
    }
    assert!(count > 30, "{count} requests");
    insta::assert_snapshot!("requests", exceptions.end());
}

#[test]
fn refusals_say_code_message_and_fields() {
    let mut text = String::new();
    let errors = payloads(Kind::Error).into_iter();
    let errors: Vec<_> = errors.chain(payloads(Kind::Acknowledgement)).collect();
    for payload in &errors {
        let status = payload.http_status();
        let refusal = Refusal::parse(status, payload.body.to_string().as_bytes());
        writeln!(text, "{}", payload.title()).unwrap();
        let code = refusal.code.as_deref().unwrap_or("-");
        let message = refusal.message.as_deref().unwrap_or("-");
        writeln!(text, "  {} {code}: {message}", status.as_u16()).unwrap();
        for field in &refusal.fields {
            writeln!(text, "  {}: {}", field.field, field.messages.join(" | ")).unwrap();
        }
    }
    insta::assert_snapshot!("refusals", text);
}

#[test]
fn no_error_passes_for_a_success() {
    for payload in payloads(Kind::Error) {
        let body = payload.body.to_string();
        // Whatever the status: a gateway in front of the API may have changed it.
        for status in [StatusCode::OK, payload.http_status()] {
            // Without an envelope nothing but the data tells success.
            let enveloped =
                |operation: &&&singapay_core::Operation| operation.envelope != Envelope::Flat;
            for operation in operations::ALL.iter().filter(enveloped) {
                let success = succeeds(operation, status, &body);
                assert!(!success, "{} {status} {}", payload.title(), operation.id);
            }
        }
    }
}

fn succeeds(operation: &singapay_core::Operation, status: StatusCode, body: &str) -> bool {
    let answer = Answer {
        status,
        headers: HeaderMap::new(),
        body: Bytes::copy_from_slice(body.as_bytes()),
    };
    Judgement::of(operation, b"", &answer, false).is_success()
}

#[test]
fn every_response_passes_for_a_success_of_its_operation() {
    let mut exceptions = Exceptions::of("success");
    for payload in payloads(Kind::Response) {
        let operation = operations::find(payload.operation.as_deref().unwrap()).unwrap();
        if !succeeds(operation, payload.http_status(), &payload.body.to_string()) {
            exceptions.found(&payload.title(), "", "is no success");
        }
    }
    insta::assert_snapshot!("no_successes", exceptions.end());
}

macro_rules! written {
    ($payload:expr, $($variant:ident)*) => {
        match $payload {
            $(EventPayload::$variant(payload) => Some(serde_json::to_value(payload).unwrap()),)*
            _ => None,
        }
    };
}

#[test]
fn webhooks_land_in_typed_fields_and_lose_nothing() {
    let events = Document::load("events");
    let mut exceptions = Exceptions::of("webhook");
    let mut kinds = BTreeSet::new();
    for (name, body) in files(&root().join("crates/singapay-webhook/tests/data")) {
        let event = Event::read(body.to_string().as_bytes()).unwrap();
        let written = written!(event.payload(),
            VaTransaction QrisAcquirerTransaction PaymentLinkTransaction EwalletNativeTransaction
            SubscriptionCycle Disbursement EwalletTopup QrisIssuer Settlement DirectDebit
            PaymentLinkInquiry ProductExpiration TransactionExpiration);
        let Some(written) = written else {
            exceptions.found(&name, "", &format!("{:?}", event.payload()));
            continue;
        };
        let schema = events.event(event.kind().as_str());
        for place in unknown(&events, schema, &body, "") {
            exceptions.found(&name, &place, "is not typed");
        }
        for (place, how) in lost(&body, &written, "") {
            exceptions.found(&name, &place, &how);
        }
        kinds.insert(event.kind().as_str().to_owned());
    }
    assert_eq!(kinds, events.event_names());
    insta::assert_snapshot!("webhooks", exceptions.end());
}
