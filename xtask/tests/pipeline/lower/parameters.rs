//! Parameters of operations.

use serde_json::{Value, json};

use super::operation;

fn lowered(parameters: Value) -> Result<Value, Vec<String>> {
    operation(
        json!({"parameters": parameters, "responses": {}}),
        json!({}),
    )
    .map(|document| document["paths"]["/things/{id}"]["post"]["parameters"].clone())
}

#[test]
fn the_operation_overrides_its_path() {
    let own = json!([{"name": "id", "in": "path", "schema": {"type": "string"},
        "description": " An id. "}]);
    let expected = json!([{"name": "id", "in": "path", "required": true,
        "schema": {"type": "string"}, "description": "An id."}]);
    assert_eq!(lowered(own), Ok(expected));
}

#[test]
fn headers_of_authentication_are_left_out_and_others_stay() {
    let headers = json!([
        {"name": "x-signature", "in": "header", "schema": {"type": "string"}},
        {"name": "X-Locale", "in": "header", "schema": {"type": "string", "enum": ["id"]}}]);
    let lowered = lowered(headers).unwrap();
    assert_eq!(lowered.as_array().map(Vec::len), Some(2));
    assert_eq!(lowered[1]["name"], "X-Locale");
    // Headers travel as text, so there is no type of its own for its values.
    assert_eq!(lowered[1]["schema"], json!({"type": "string"}));
}

#[test]
fn what_is_written_as_one_text_is_text_in_foreign_documents() {
    let list = json!({"type": "array", "items": {"type": "string"}});
    for (place, more) in [
        ("query", json!({"explode": false, "schema": list})),
        ("query", json!({"style": "pipeDelimited", "schema": list})),
        ("header", json!({"schema": list})),
        (
            "query",
            json!({"content": {"application/json": {"schema": {}}}}),
        ),
    ] {
        let mut parameter = more;
        parameter["name"] = json!("ids");
        parameter["in"] = json!(place);
        let lowered = lowered(json!([parameter])).unwrap();
        assert_eq!(lowered[1]["schema"], json!({"type": "string"}), "{place}");
    }
    let deep = json!([{"name": "a", "in": "query", "style": "deepObject", "schema": list}]);
    let deep = &lowered(deep).unwrap()[1]["schema"];
    assert_eq!(deep["additionalProperties"], json!({"type": "string"}));
    let label = json!([{"name": "ids", "in": "query", "style": "label", "schema": list}]);
    let found = lowered(label).unwrap_err();
    assert!(
        found[0].ends_with("parameter style `label` is not supported"),
        "{found:?}"
    );
    let repeated = json!([{"name": "ids", "in": "query", "schema": list}]);
    assert_eq!(lowered(repeated).unwrap()[1]["schema"]["type"], "array");
}
