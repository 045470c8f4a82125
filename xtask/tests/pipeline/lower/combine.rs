//! Schemas that are made of others.

use serde_json::json;

use xtask::lower::Side;

use super::{core_type, field, good};

#[test]
fn alternatives_of_an_object_are_one_object() {
    let schema = json!({"oneOf": [
        {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
        {"type": "object", "required": ["a", "b"], "properties": {
            "a": {"type": "integer"}, "b": {"type": "boolean"}}}]});
    let lowered = good(Side::Request, "x", schema.clone());
    let component = &lowered.components["ParentX"];
    assert_eq!(component["required"], json!(["a"]));
    assert_eq!(component["properties"]["a"], json!({"type": "string"}));
    assert_eq!(
        component["properties"]["b"],
        json!({"type": "boolean", "nullable": true})
    );
}

#[test]
fn an_empty_list_stands_for_an_empty_object_in_answers_only() {
    let schema = json!({"oneOf": [
        {"type": "object", "properties": {"a": {"type": "string"}}}, {"type": "array"}]});
    let lowered = good(Side::Response, "x", schema.clone());
    assert_eq!(
        lowered.schema,
        json!({"$ref": "#/components/schemas/ParentX"})
    );
    let lowered = field(Side::Request, "x", schema);
    assert_eq!(
        lowered.problems,
        ["#/here: oneOf: alternatives of different kinds"]
    );
}

#[test]
fn scalars_are_text_where_text_is_read_or_allowed() {
    let schema = json!({"anyOf": [{"type": "boolean"}, {"type": "integer"}]});
    let lowered = good(Side::Response, "x", schema.clone());
    assert_eq!(lowered.schema, json!({"type": "string"}));
    let lowered = field(Side::Request, "x", schema);
    assert_eq!(
        lowered.problems,
        ["#/here: anyOf: alternatives of which none is text"]
    );
    let enums = json!({"oneOf": [
        {"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["b"], "nullable": true}]});
    let lowered = good(Side::Request, "x", enums);
    assert_eq!(
        lowered.components["ParentX"]["x-singapay-enum"],
        json!(["a", "b"])
    );
    assert_eq!(lowered.schema["nullable"], json!(true));
}

#[test]
fn a_bare_amount_and_one_with_currency_are_money() {
    let money = json!({"type": "object", "properties": {
        "value": {"type": "string"}, "currency": {"type": "string"}}});
    let schema = json!({"oneOf": [{"type": "number"}, money]});
    assert_eq!(
        core_type(&good(Side::Response, "net_amount", schema).schema),
        "Money"
    );
}

#[test]
fn parts_of_all_of_are_merged_and_may_not_contradict() {
    let lowered = good(
        Side::Request,
        "x",
        json!({"allOf": [
            {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
            {"required": ["b"], "properties": {"b": {"type": "string"}}}]}),
    );
    assert_eq!(lowered.components["ParentX"]["required"], json!(["a", "b"]));
    let lowered = field(
        Side::Request,
        "x",
        json!({"allOf": [{"type": "string"}, {"type": "integer"}]}),
    );
    assert_eq!(
        lowered.problems,
        ["#/here: allOf: two parts contradict in `type`"]
    );
}

#[test]
fn alternatives_of_nothing_in_common_need_a_reason() {
    let schema = json!({"oneOf": [{"type": "string"}, {"type": "object"}]});
    assert_eq!(field(Side::Response, "x", schema.clone()).problems.len(), 1);
    let mut reasoned = schema;
    reasoned["x-singapay-free-form"] = json!("both were seen");
    assert_eq!(good(Side::Response, "x", reasoned).schema, json!({}));
}
