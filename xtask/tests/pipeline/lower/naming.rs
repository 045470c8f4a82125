//! Names of components, and of fields that would be one name in Rust.

use serde_json::{Value, json};
use xtask::lower::Side;

use super::{body, operation};

/// The components that are made of an answer with these fields and of these components.
fn named(fields: Value, components: Value) -> Value {
    let answer = json!({"type": "object", "properties": fields});
    let media = |schema| json!({"content": {"application/json": {"schema": schema}}});
    let sent = json!({"type": "object", "properties": {"a": {"type": "string"},
        "own": {"$ref": "#/components/schemas/CardPayment"}}});
    let operation = operation(
        json!({"requestBody": media(sent), "responses": {"200": media(answer)}}),
        components,
    );
    operation.unwrap()["components"]["schemas"].clone()
}

#[test]
fn components_are_called_by_letters_and_digits() {
    let object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let word = json!({"type": "string", "enum": ["a"]});
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let names = named(
        json!({"a": reference("2fa.check"), "b": reference("サイズ"), "c": reference("self"),
            "d": reference("OneN2"), "e": reference("CardPayment")}),
        json!({"2fa.check": object, "サイズ": object, "self": object,
            "OneN2": {"type": "object", "properties": {"e": word}},
            "CardPayment": {"type": "object", "properties": {"url_3ds": object}}}),
    );
    for name in [
        "CardPayment",
        "CardPaymentRequest",
        "CardPaymentUrl3ds",
        "MakeThingRequest",
        "OneN2e",
        "SelfType",
        "V",
        "V2faCheck",
    ] {
        assert!(names.get(name).is_some(), "{name}: {names}");
    }
}

#[test]
fn later_fields_of_one_name_are_numbered() {
    let text = json!({"type": "string"});
    let component = json!({"type": "object", "properties": {}});
    let names = named(
        json!({"+1": text, "-1": text, "@id": text, "Id": text, "id": text, "id_2": text}),
        json!({"CardPayment": component}),
    );
    let fields = names["MakeThingResponse"]["properties"]
        .as_object()
        .unwrap();
    let mut fields: Vec<_> = fields.keys().collect();
    fields.sort();
    let expected = ["+1", "-1", "@id", "Id\u{2}2", "id\u{2}3", "id_2\u{2}2"];
    assert_eq!(fields, expected);
}

#[test]
fn two_of_our_fields_have_two_names() {
    let text = json!({"type": "string"});
    let schema = json!({"type": "object", "properties": {"@id": text, "id": text}});
    for side in [Side::Request, Side::Response] {
        let problems = body(side, schema.clone(), &[], json!({})).problems;
        let finding = "#/properties/id: another field has the same name in Rust";
        assert_eq!(problems, [finding]);
    }
}
