//! References between schemas of foreign documents.

use serde_json::{Value, json};

use super::operation;

fn body(name: &str) -> Value {
    json!({"content": {"application/json": {"schema":
        {"$ref": format!("#/components/schemas/{name}")}}}})
}

#[test]
fn what_is_sent_and_received_becomes_two_types() {
    let document = operation(
        json!({"requestBody": body("thing"), "responses": {"200": body("thing")}}),
        json!({"thing": {"type": "object", "required": ["id"], "properties": {
            "id": {"type": "string"}, "parent": {"$ref": "#/components/schemas/thing"}}}}),
    )
    .unwrap();
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["ThingRequest"]["required"], json!(["id"]));
    assert_eq!(schemas["Thing"].get("required"), None);
    let parent = |name: &str| schemas[name]["properties"]["parent"]["allOf"][0]["$ref"].clone();
    assert_eq!(parent("ThingRequest"), "#/components/schemas/ThingRequest");
    assert_eq!(parent("Thing"), "#/components/schemas/Thing");
}

#[test]
fn a_list_of_itself_gets_a_name_to_end_at() {
    let document = operation(
        json!({"responses": {"200": body("tree")}}),
        json!({"tree": {"type": "array", "items": {"$ref": "#/components/schemas/tree"}}}),
    )
    .unwrap();
    assert_eq!(
        document["components"]["schemas"]["Tree"],
        json!({"type": "array", "items": {"$ref": "#/components/schemas/Tree"}})
    );
}

#[test]
fn unused_components_are_left_out() {
    let unused = json!({"other": {"type": "object", "properties": {"a": {"type": "string"}}}});
    let document = operation(json!({"responses": {}}), unused).unwrap();
    assert_eq!(document["components"]["schemas"].get("Other"), None);
}
