//! The rules of lowering, one by one: each on the smallest document that it needs.

mod bodies;
mod combine;
mod components;
mod enums;
mod free_form;
mod gateway;
mod headers;
mod limits;
mod naming;
mod narrowing;
mod object;
mod parameters;
mod paths;
mod references;
mod report;
mod rules;
mod schema;
mod structure;
mod version;

use serde_json::{Value, json};

use xtask::{
    document::Pointer,
    lower::{Change, Outcome, Profile, Side, attempt, lower},
};

/// Place of the request body's schema, and of that of the answer.
const SENT: [&str; 7] = [
    "paths",
    "/parent",
    "post",
    "requestBody",
    "content",
    "application/json",
    "schema",
];
const RECEIVED: [&str; 8] = [
    "paths",
    "/parent",
    "post",
    "responses",
    "200",
    "content",
    "application/json",
    "schema",
];

/// A lowered schema, the named schemas it made, what could not be lowered and what was changed.
struct Lowered {
    schema: Value,
    components: Value,
    problems: Vec<String>,
    changes: Vec<Change>,
}

/// A document of ours with one operation that sends or receives `schema`, with these members beside it.
fn document(side: Side, schema: &Value, essential: &[&str], more: Value) -> Value {
    let media = json!({"content": {"application/json": {"schema": schema}}});
    let mut operation = json!({
        "operationId": "parent",
        "responses": {},
        "x-singapay": {"product": "parents", "verb": "make", "auth": "bearer", "effect": "write",
            "envelope": "flat", "evidence": "live", "model": "Parent", "essential": essential},
    });
    match side {
        Side::Request => operation["requestBody"] = media,
        Side::Response => operation["responses"]["200"] = media,
    }
    let mut document = more;
    document["openapi"] = json!("3.0.3");
    document["info"] = json!({"title": "t", "version": "1"});
    document["paths"] = json!({"/parent": {"post": operation}});
    document
}

/// Lowers a body of the type `Parent`; places of problems start at it.
fn body(side: Side, schema: Value, essential: &[&str], more: Value) -> Lowered {
    let mut schema = schema;
    schema["x-singapay-type"] = json!("Parent");
    let document = document(side, &schema, essential, more);
    let (outcome, problems) = attempt(document, Profile::Gateway).unwrap();
    let at = match side {
        Side::Request => Pointer::root().path(&SENT),
        Side::Response => Pointer::root().path(&RECEIVED),
    };
    let here = format!("{at}");
    let relative = |problem: String| problem.replacen(&here, "#", 1);
    Lowered {
        schema: Value::Null,
        components: outcome.document["components"]["schemas"].clone(),
        problems: problems.into_iter().map(relative).collect(),
        changes: outcome.report.changes(),
    }
}

/// Lowers `schema` as the field `field` of the type `Parent`; places of problems start at it.
fn field(side: Side, field: &str, schema: Value) -> Lowered {
    let parent = json!({"type": "object", "required": [field], "properties": {field: schema}});
    // A field that is not essential may be null, which says nothing about its schema.
    let lowered = body(side, parent, &[field], json!({}));
    let here = format!("#/properties/{field}");
    let relative = |problem: &String| problem.replacen(&here, "#/here", 1);
    Lowered {
        schema: lowered.components["Parent"]["properties"][field].clone(),
        problems: lowered.problems.iter().map(relative).collect(),
        ..lowered
    }
}

/// The same for one that must be lowered without a problem.
#[track_caller]
fn good(side: Side, name: &str, schema: Value) -> Lowered {
    let lowered = field(side, name, schema);
    assert_eq!(lowered.problems, [""; 0]);
    lowered
}

/// The type of `singapay-core` that a schema stands for, after its crate.
fn core_type(schema: &Value) -> &str {
    let path = schema["x-rust-type"]["path"].as_str().unwrap_or_default();
    path.strip_prefix("singapay_core::").unwrap_or_default()
}

/// A document with one foreign operation, `POST /things/{id}`, called `make_thing`.
fn foreign(operation: Value, components: Value) -> Value {
    let mut operation = operation;
    operation["operationId"] = json!("makeThing");
    json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/things/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true,
                "schema": {"type": "integer"}}],
            "post": operation}},
        "components": {"schemas": components},
    })
}

/// Lowers such a document.
fn operation(operation: Value, components: Value) -> Result<Value, Vec<String>> {
    match lower(foreign(operation, components), Profile::Foreign) {
        Ok(outcome) => Ok(outcome.document),
        Err(error) => Err(error.findings().to_vec()),
    }
}

/// Places and notes of the changes that a rule made.
fn changes(outcome: &Outcome, rule: &str) -> Vec<(String, String)> {
    let changes = outcome.report.changes().into_iter();
    changes
        .filter(|change| change.rule == rule)
        .map(|change| (change.at.to_string(), change.note))
        .collect()
}
