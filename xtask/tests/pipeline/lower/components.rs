//! Named schemas: one name stands for one shape.

use serde_json::{Value, json};
use xtask::lower::Side;

use super::{body, operation};

/// Problems of two fields whose objects have one name.
fn problems(first: Value, second: Value) -> Vec<String> {
    let named = |mut schema: Value| {
        schema["x-singapay-type"] = json!("A");
        schema["type"] = json!("object");
        schema
    };
    let schema = json!({"type": "object", "properties": {"a": named(first), "b": named(second)}});
    body(Side::Response, schema, &[], json!({})).problems
}

#[test]
fn equal_shapes_share_a_name_whatever_their_documentation() {
    let found = problems(
        json!({"properties": {"x": {"type": "string"}}, "description": "a"}),
        json!({"properties": {"x": {"type": "string"}}, "description": "b", "example": {}}),
    );
    assert_eq!(found, [""; 0]);
}

#[test]
fn an_enum_has_the_texts_of_the_first_place_that_has_any() {
    let plain = json!({"type": "string", "enum": ["x"], "x-singapay-type": "T"});
    let told = |text: &str| {
        let mut schema = plain.clone();
        schema["description"] = json!(text);
        schema["x-singapay-enum-descriptions"] = json!({"x": text});
        schema
    };
    let fields = json!({"a": plain, "b": told("b"), "c": told("c")});
    let schema = json!({"type": "object", "properties": fields});
    let lowered = body(Side::Response, schema, &[], json!({}));
    assert_eq!(lowered.problems, [""; 0]);
    let made = &lowered.components["T"];
    assert_eq!(made["description"], "b");
    assert_eq!(made["x-singapay-enum-descriptions"], json!({"x": "b"}));
}

#[test]
fn unequal_shapes_name_both_places() {
    let found = problems(
        json!({"properties": {"description": {"type": "string"}}}),
        json!({"properties": {"description": {"type": "boolean"}}}),
    );
    let [found] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert!(
        found.starts_with("#/properties/b: `A` differs from the one at #/paths/"),
        "{found}"
    );
    let difference = "properties.description.type.\"string\" there, \"boolean\" here";
    assert!(found.ends_with(difference), "{found}");
}

#[test]
fn foreign_names_are_numbered_and_left_to_their_owners() {
    let object =
        |name: &str, schema: Value| json!({"type": "object", "properties": {name: schema}});
    let flag = || object("flag", json!({"type": "boolean"}));
    let text = || object("text", json!({"type": "string"}));
    // Three of the inner objects would be called `ThingAbc`.
    let thing = json!({"type": "object", "properties": {
        "a_b_c": flag(), "a": object("b_c", text()), "abc": flag(),
        "owned": {"$ref": "#/components/schemas/ThingItem"}, "item": text()}});
    let answer = json!({"content": {"application/json": {"schema":
        {"$ref": "#/components/schemas/thing"}}}});
    let document = operation(
        json!({"responses": {"200": answer}}),
        json!({"thing": thing, "ThingItem": flag()}),
    );
    let schemas = document.unwrap()["components"]["schemas"].take();
    let names = schemas.as_object().unwrap().keys();
    let names: Vec<_> = names.filter(|name| name.starts_with("Thing")).collect();
    let expected = [
        "Thing",
        "ThingA",
        "ThingAbc",
        "ThingAbcN2",
        "ThingItem",
        "ThingItemN2",
    ];
    assert_eq!(names, expected);
    let has = |name: &str, field: &str| schemas[name]["properties"].get(field).is_some();
    assert!(has("ThingItem", "flag") && has("ThingItemN2", "text"));
}
