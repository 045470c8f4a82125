//! Documents as they were published, with what 3.0 and 3.1 say otherwise said alike.

use serde_json::{Value, json};
use xtask::published::Published;

/// The schema of a request after it was read, in a document that may hold anything else.
fn read(schema: Value) -> Value {
    let content = json!({"application/json": {"schema": schema, "example": {"const": 1}}});
    let document = json!({"paths": {"/a": {"post": {"requestBody": {"content": content}}}}});
    let mut read = Published::of("payment", &document, "").unwrap().document;
    read["paths"]["/a"]["post"]["requestBody"]["content"]["application/json"].take()
}

#[test]
fn what_is_said_in_several_ways_is_said_alike() {
    let nullable = json!({"type": ["string", "null"], "maxLength": 5});
    let text = json!({"type": "string", "maxLength": 5});
    for (given, alike) in [
        (
            json!({"type": "string", "maxLength": 5, "nullable": true}),
            &nullable,
        ),
        (json!({"anyOf": [text, {"type": "null"}]}), &nullable),
        (json!({"oneOf": [{"type": "null"}, text]}), &nullable),
        (
            json!({"oneOf": [{"type": "null"}, text], "maxLength": 5}),
            &nullable,
        ),
        (json!({"const": "A"}), &json!({"enum": ["A"]})),
    ] {
        let schema = json!({"properties": {"a": given}});
        assert_eq!(read(schema)["schema"]["properties"]["a"], *alike, "{given}");
    }
}

#[test]
fn what_contradicts_itself_or_is_no_schema_stays_as_it_is() {
    let text = json!({"type": "string", "maxLength": 5});
    let data = json!({"const": 1, "type": "x", "nullable": true, "anyOf": [{"type": "null"}, {}]});
    for schema in [
        json!({"anyOf": [text, {"type": "null"}], "maxLength": 6}),
        json!({"anyOf": [text, text, {"type": "null"}]}),
        // Names of properties, and data.
        json!({"properties": {"const": {"type": "string"}, "nullable": {"type": "boolean"}}}),
        json!({"type": "object", "example": data, "default": data, "enum": [data]}),
    ] {
        assert_eq!(read(schema.clone())["schema"], schema);
    }
    assert_eq!(read(json!({}))["example"], json!({"const": 1}));
}
