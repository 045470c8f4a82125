//! Enums.

use serde_json::json;
use xtask::lower::Side;

use super::{body, field, good};

#[test]
fn values_and_their_descriptions_are_kept() {
    let lowered = good(
        Side::Request,
        "kind",
        json!({"type": "string", "enum": ["b", "a"], "description": "Kind.",
            "x-enum-descriptions": {"a": "An a."}}),
    );
    assert_eq!(
        lowered.components["ParentKind"],
        json!({"type": "string", "x-singapay-enum": ["b", "a"], "description": "Kind.",
            "x-singapay-enum-descriptions": {"a": "An a."}})
    );
    assert_eq!(
        lowered.schema["allOf"][0]["$ref"],
        "#/components/schemas/ParentKind"
    );
}

#[test]
fn one_name_has_one_list_wherever_it_is_written() {
    let named = |values| json!({"type": "string", "enum": values, "x-singapay-type": "T"});
    let text = json!({"type": "string", "x-singapay-type": "T"});
    let schema = json!({"type": "object", "properties": {
        "a": named(["a", ""]), "b": named(["b", "c"]), "text": text}});
    let lowered = body(Side::Response, schema, &[], json!({}));
    assert_eq!(lowered.problems, [""; 0]);
    let values = &lowered.components["T"]["x-singapay-enum"];
    assert_eq!(*values, json!(["a", "b", "c"]));
    let notes = lowered.changes.iter().filter(|one| one.rule == "open-enum");
    let notes: Vec<_> = notes.map(|one| one.note.as_str()).collect();
    assert_eq!(notes, ["T of 3"; 3]);
}

#[test]
fn values_that_are_no_text_leave_the_plain_type() {
    let flag = json!({"type": "boolean", "enum": [true]});
    assert_eq!(
        good(Side::Response, "x", flag).schema,
        json!({"type": "boolean"})
    );
}

#[test]
fn the_empty_text_means_absent_in_answers_and_nothing_in_requests() {
    let schema = json!({"type": "string", "enum": ["a", ""]});
    let lowered = good(Side::Response, "x", schema.clone());
    assert_eq!(
        lowered.components["ParentX"]["x-singapay-enum"],
        json!(["a"])
    );
    let problems = field(Side::Request, "x", schema).problems;
    assert_eq!(
        problems,
        ["#/here: an empty text among the values of a request"]
    );
}
