//! Documents of OpenAPI 3.1: what they say is what 3.0 says in other words.

use serde_json::{Value, json};
use xtask::lower::{Outcome, Profile, lower};

use super::changes;

/// A document whose component `A` is sent and received.
fn document(version: &str, schema: Value) -> Value {
    let media = json!({"content": {"application/json": {"schema":
        {"$ref": "#/components/schemas/A"}}}});
    json!({"openapi": version, "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"post": {"requestBody": media, "responses": {"200": media}}}},
        "components": {"schemas": {
            "A": {"type": "object", "required": ["x"], "properties": {"x": schema}},
            "B": {"type": "object", "properties": {"b": {"type": "boolean"}}}}}})
}

fn lowered(version: &str, schema: Value) -> Outcome {
    lower(document(version, schema), Profile::Foreign).unwrap()
}

fn problems(schema: Value) -> Vec<String> {
    let error = lower(document("3.1.0", schema), Profile::Foreign).unwrap_err();
    let at = "#/components/schemas/A/properties/x";
    let relative = |finding: &String| finding.replacen(at, "#", 1);
    error.findings().iter().map(relative).collect()
}

#[test]
fn what_31_says_is_what_30_says_in_other_words() {
    let reference = json!({"$ref": "#/components/schemas/B"});
    let some = json!([{"type": "integer"}, {"type": "string"}]);
    for (new, old) in [
        (
            json!({"type": ["string", "null"]}),
            json!({"type": "string", "nullable": true}),
        ),
        (
            json!({"type": ["integer", "string"], "description": "d"}),
            json!({"oneOf": some, "description": "d"}),
        ),
        (
            json!({"type": ["object", "array", "null"], "items": {"type": ["null"]},
                "properties": {"a": {"type": ["string", "null"]}}}),
            json!({"nullable": true, "oneOf": [
                {"type": "object", "properties": {"a": {"type": "string", "nullable": true}}},
                {"type": "array", "items": {"nullable": true}}]}),
        ),
        (json!({"type": "null"}), json!({"nullable": true})),
        (
            json!({"type": ["integer", "string", "null"], "oneOf": some}),
            json!({"nullable": true, "oneOf": some}),
        ),
        (
            json!({"const": "a"}),
            json!({"type": "string", "enum": ["a"]}),
        ),
        (
            json!({"type": "integer", "exclusiveMinimum": 0}),
            json!({"type": "integer", "minimum": 0, "exclusiveMinimum": true}),
        ),
        (
            json!({"type": "string", "enum": ["a", null]}),
            json!({"type": "string", "enum": ["a"], "nullable": true}),
        ),
        (
            json!({"$ref": "#/components/schemas/B", "description": "d"}),
            json!({"allOf": [reference], "description": "d"}),
        ),
        (
            json!({"oneOf": [reference, {"type": "null"}]}),
            json!({"oneOf": [reference], "nullable": true}),
        ),
    ] {
        let words = new.to_string();
        let (new, old) = (lowered("3.1.0", new), lowered("3.0.3", old));
        assert_eq!(new.document, old.document, "{words}");
        assert_eq!(new.document["openapi"], "3.0.3");
        assert!(changes(&new, "openapi-3.0.3").len() > 1, "{words}");
    }
}

#[test]
fn members_without_a_counterpart_are_left_out_and_recorded() {
    let schema = json!({"type": "string", "examples": ["a", "b"]});
    let mut document = document("3.1.0", schema);
    document["jsonSchemaDialect"] = json!("d");
    document["info"]["summary"] = json!("s");
    document["info"]["license"] = json!({"name": "n", "identifier": "i"});
    let outcome = lower(document, Profile::Foreign).unwrap();
    let expected = [
        ("#/openapi", "3.1.0 -> 3.0.3"),
        ("#/jsonSchemaDialect", "left out"),
        ("#/info/license/identifier", "left out"),
        ("#/info/summary", "left out"),
        ("#/components/schemas/A/properties/x/examples", "example"),
    ];
    let expected = expected.map(|(at, note)| (at.to_owned(), note.to_owned()));
    assert_eq!(changes(&outcome, "openapi-3.0.3"), expected);
}

#[test]
fn of_two_bounds_the_stricter_counts() {
    let notes = |bounds: Value| {
        let mut schema = json!({"type": "integer"});
        schema
            .as_object_mut()
            .unwrap()
            .extend(bounds.as_object().unwrap().clone());
        changes(&lowered("3.1.0", schema), "openapi-3.0.3")
            .into_iter()
            .filter(|(at, _)| at.contains("exclusive"))
            .map(|(_, note)| note)
            .collect::<Vec<_>>()
    };
    let minimum = |least, above| notes(json!({"minimum": least, "exclusiveMinimum": above}));
    assert_eq!(minimum(1, 2), ["minimum 2, exclusive"]);
    assert_eq!(minimum(2, 2), ["minimum 2, exclusive"]);
    assert_eq!(minimum(3, 2), ["minimum is stricter"]);
    let maximum = |most, below| notes(json!({"maximum": most, "exclusiveMaximum": below}));
    assert_eq!(maximum(9, 8), ["maximum 8, exclusive"]);
    assert_eq!(maximum(7, 8), ["maximum is stricter"]);
}

#[test]
fn what_has_no_counterpart_is_a_problem() {
    assert_eq!(
        problems(json!({"properties": {"a": false}})),
        ["#/properties/a: the schema `false` is not supported"]
    );
    lowered(
        "3.1.0",
        json!({"properties": {"a": {"type": "string"}}, "additionalProperties": false}),
    );
    let untold = json!({"type": ["integer", "string"], "oneOf": [{"minimum": 1}, {}]});
    assert_eq!(
        problems(untold),
        ["#: a list of types beside oneOf is not supported"]
    );
}

#[test]
fn other_versions_are_refused() {
    for (document, finding) in [
        (
            json!({"openapi": "2.0"}),
            "#/openapi: version `2.0` is neither 3.0.x nor 3.1.x",
        ),
        (
            json!({"swagger": "2.0"}),
            "#/openapi: this is Swagger 2.0: convert it to OpenAPI 3 first",
        ),
    ] {
        let error = lower(document, Profile::Foreign).unwrap_err();
        assert_eq!(error.findings(), [finding]);
    }
}
