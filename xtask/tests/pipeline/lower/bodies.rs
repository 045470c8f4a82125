//! Bodies of requests and answers.

use serde_json::{Value, json};

use super::operation;

fn json_of(kind: &str) -> Value {
    json!({"content": {"application/json": {"schema": {"type": kind}}}})
}

fn lowered(operation_json: Value) -> Value {
    operation(operation_json, json!({})).unwrap()["paths"]["/things/{id}"]["post"].take()
}

#[test]
fn the_first_success_with_a_body_counts() {
    let operation = lowered(json!({"responses": {
        "200": {"description": "nothing"}, "201": json_of("string"), "202": json_of("integer"),
        "default": json_of("boolean")}}));
    let responses = &operation["responses"];
    let schema = &responses["2XX"]["content"]["application/json"]["schema"];
    assert_eq!(*schema, json!({"type": "string"}));
    let statuses: Vec<_> = responses.as_object().unwrap().keys().collect();
    assert_eq!(statuses, ["2XX", "4XX", "5XX"]);
    for status in ["4XX", "5XX"] {
        assert_eq!(
            responses[status]["content"]["application/json"]["schema"],
            json!({"$ref": "#/components/schemas/GatewayError"})
        );
    }
}

#[test]
fn a_success_without_a_body_stays_without() {
    let operation = lowered(json!({"responses": {"204": {"description": "done"}}}));
    assert_eq!(
        operation["responses"]["2XX"],
        json!({"description": "Success"})
    );
}

#[test]
fn json_dialects_are_json_and_optional_bodies_are_recorded() {
    let operation = lowered(json!({"responses": {}, "requestBody": {"content": {
        "text/xml": {}, "application/merge-patch+json": {"schema": {"type": "string"}}}}}));
    assert_eq!(
        operation["requestBody"],
        json!({"required": true, "content": {"application/json": {"schema": {"type": "string"}}}})
    );
    assert_eq!(operation["x-singapay"], json!({"optional_body": true}));
}
