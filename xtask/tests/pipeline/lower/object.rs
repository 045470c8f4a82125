//! Objects.

use serde_json::{Value, json};
use xtask::lower::Side;

use super::good;

fn schema() -> Value {
    json!({"type": "object", "required": ["a"], "additionalProperties": false, "properties": {
        "a": {"type": "string", "maxLength": 3},
        "list": {"type": "array", "items": {"type": "object", "properties": {
            "kind": {"type": "string", "enum": ["x", "y"]}}}},
        "made_by_gateway": {"type": "string", "readOnly": true},
        "cleared": {"type": "string", "x-singapay-null": "meaningful"},
        "pin_code": {"type": "string", "writeOnly": true}}})
}

#[test]
fn requests_are_strict() {
    let lowered = good(Side::Request, "x", schema());
    let component = &lowered.components["ParentX"];
    assert_eq!(component["required"], json!(["a"]));
    assert_eq!(component["additionalProperties"], json!(false));
    assert_eq!(component["properties"].get("made_by_gateway"), None);
    assert_eq!(component["properties"]["list"]["nullable"], json!(true));
    let cleared = &component["properties"]["cleared"];
    assert_eq!(cleared["x-rust-type"]["path"], "singapay_core::Nullable");
    assert_eq!(cleared.get("nullable"), None);
}

#[test]
fn responses_are_tolerant() {
    let lowered = good(Side::Response, "x", schema());
    let component = &lowered.components["ParentX"];
    assert_eq!(component.get("required"), None);
    assert_eq!(component.get("additionalProperties"), None);
    assert_eq!(component["properties"].get("pin_code"), None);
    assert_eq!(
        component["properties"]["a"],
        json!({"type": "string", "nullable": true})
    );
}

#[test]
fn what_is_nested_is_named_after_its_parents() {
    let lowered = good(Side::Response, "x", schema());
    assert!(lowered.components.get("ParentXListItem").is_some());
    assert_eq!(
        lowered.components["ParentXListItemKind"]["x-singapay-enum"],
        json!(["x", "y"])
    );
    let mut named = schema();
    named["x-singapay-type"] = json!("Named");
    let lowered = good(Side::Response, "x", named);
    assert!(lowered.components.get("NamedListItemKind").is_some());
}

#[test]
fn maps_keep_the_type_of_their_values() {
    let map = json!({"type": "object", "additionalProperties": {"type": "integer"}});
    let lowered = good(Side::Response, "x", map);
    let expected = json!({"type": "integer", "format": "int64"});
    assert_eq!(lowered.schema["additionalProperties"], expected);
}
