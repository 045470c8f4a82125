//! Members that an OpenAPI document may have.

use serde_json::json;
use xtask::lower::{Profile, attempt, lower};

#[test]
fn unknown_members_are_reported_with_their_place() {
    let document = json!({
        "openapi": "3.1.0",
        "paths": {"/a": {"get": {"callbacks": {}, "responses": {"200": {
            "description": "",
            "content": {"application/json": {"schema": {
                "properties": {"if": {"not": {}, "x-anything": 1}}}}}}}}}},
    });
    assert_eq!(
        lower(document, Profile::Gateway).unwrap_err().findings(),
        [
            "#/paths/~1a/get/callbacks: `callbacks` is not supported here",
            "#/paths/~1a/get/responses/200/content/application~1json/schema/properties/if/not: \
             `not` is not supported here",
        ]
    );
}

#[test]
fn every_schema_is_visited() {
    let schema = |more| {
        let mut schema = json!({"$comment": "seen"});
        schema
            .as_object_mut()
            .unwrap()
            .append(&mut serde_json::from_value(more).unwrap());
        schema
    };
    let leaf = || schema(json!({}));
    let document = json!({
        "openapi": "3.0.3",
        "paths": {"/a": {"post": {
            "parameters": [{"name": "p", "in": "query", "schema": leaf()}],
            "requestBody": {"content": {"application/json": {"schema":
                schema(json!({"items": schema(json!({"oneOf": [leaf(), leaf()]}))}))}}}}}},
        "components": {"schemas": {"A": schema(json!({"additionalProperties": leaf()}))}},
    });
    // That the rest of it is not good enough does not matter here.
    let (outcome, _) = attempt(document, Profile::Gateway).unwrap();
    let seen = outcome.report.changes().into_iter();
    assert_eq!(seen.filter(|one| one.rule == "annotation").count(), 7);
}
