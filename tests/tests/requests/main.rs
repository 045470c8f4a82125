//! Requests of every facade call: method, path, query, headers, and the exact bytes of the body.
//!
//! Each operation is called with every setter and with the required ones only. What is sent is
//! compared with what the lowered documents announce, its authentication with a computation of
//! its own, and all of it is kept as a snapshot.

#![allow(clippy::unwrap_used)]

mod accounts;
mod authentication;
mod pinned;
mod sent;

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Map, Value};
use singapay_api::operations;
use singapay_tests::{
    driver::End,
    generated::calls::CALLS,
    payouts::forget_what_was_asked,
    recorder::{Recorded, Recorder, TOKEN_PATHS},
    spec::{Document, HOSTS, Input, Kind, Operation},
};

macro_rules! operations {
    ($($id:ident)*) => {
        $(
            #[tokio::test]
            async fn $id() {
                check(stringify!($id)).await;
            }
        )*
    };
}

singapay_tests::each_operation!(operations);

#[test]
fn every_operation_has_a_call() {
    let known: BTreeSet<&str> = operations::ALL
        .iter()
        .map(|operation| operation.id)
        .collect();
    assert_eq!(known, CALLS.iter().map(|(id, _)| *id).collect());
}

async fn check(id: &str) {
    let documents = HOSTS.map(Document::load);
    let operation = documents.iter().find_map(|document| {
        document
            .operations()
            .into_iter()
            .find(|operation| operation.id == id)
    });
    let operation = operation.unwrap();
    let inputs = operation.inputs();
    let mut text = String::new();
    let all = operation.given(|_| true);
    let left: Vec<_> = inputs
        .iter()
        .filter(|input| !all.contains_key(&input.name))
        .collect();
    let mut variants = vec![("every field".to_owned(), all)];
    // A field that a rule takes out stands in a request of its own.
    for input in left {
        variants.push((
            format!("with {}", input.name),
            operation.given_with(&input.name),
        ));
    }
    if inputs.iter().any(|input| is_optional(input)) {
        variants.push((
            "required fields".to_owned(),
            operation.given(|input| input.required),
        ));
    }
    let cleared = cleared(&operation);
    if !cleared.is_empty() {
        let mut given = operation.given(|input| input.required);
        given.extend(cleared);
        variants.push(("cleared fields".to_owned(), given));
    }
    for (name, given) in variants {
        let request = send(&operation, given.clone()).await;
        sent::check(&operation, &given, &request);
        authentication::check(&operation, &request);
        text.push_str(&sent::show(&name, &request));
    }
    if let Some(given) = of_tomorrow(&operation) {
        let request = send(&operation, given.clone()).await;
        sent::check(&operation, &given, &request);
        authentication::check(&operation, &request);
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("snapshots");
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(id, text));
}

fn is_optional(input: &Input<'_>) -> bool {
    !input.required && input.place != singapay_tests::spec::Place::Path
}

/// Null for every input of which null means something.
fn cleared(operation: &Operation<'_>) -> Map<String, Value> {
    let inputs = operation.inputs().into_iter();
    inputs
        .filter(|input| {
            input.schema.pointer("/x-rust-type/path") == Some(&"singapay_core::Nullable".into())
        })
        .map(|input| (input.name, Value::Null))
        .collect()
}

/// All fields, with values that this version does not know wherever there is an open list of known
/// ones.
fn of_tomorrow(operation: &Operation<'_>) -> Option<Map<String, Value>> {
    let mut given = operation.given(|_| true);
    let mut found = false;
    for input in operation.inputs() {
        let closed = |rule: &Value| rule["rule"] == "one-of" && rule["field"] == *input.name;
        if operation.rules().iter().any(closed) {
            continue;
        }
        if let Kind::Enum(_) = operation.document.kind(input.schema) {
            given.insert(input.name, "A_VALUE_OF_TOMORROW".into());
            found = true;
        }
    }
    found.then_some(given)
}

/// The one request that a call sends; its answer is read without complaint.
async fn send(operation: &Operation<'_>, given: Map<String, Value>) -> Recorded {
    let mut answer = operation.answer();
    forget_what_was_asked(operation.id, &mut answer["data"]);
    let recorder = Recorder::start(StatusCode::OK, &answer).await;
    let end = recorder.clients().call(operation.id, given).await;
    let pays = operation.metadata("effect") == "money-out";
    match end.unwrap() {
        End::Accepted(1) if pays => {}
        End::Response(1) if !pays => {}
        other => panic!("{}: {other:?}", operation.id),
    }
    let requests = match TOKEN_PATHS.contains(&operation.path) {
        true => recorder.all(),
        false => recorder.calls(),
    };
    let [request] = requests.as_slice() else {
        panic!("{} requests", requests.len());
    };
    request.clone()
}
