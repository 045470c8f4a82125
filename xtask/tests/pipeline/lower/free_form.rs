//! Schemas that say nothing.

use serde_json::json;

use xtask::lower::Side;

use super::{field, good};

#[test]
fn a_reason_makes_it_an_object_a_list_or_anything() {
    for (kind, expected) in [
        (
            json!({"type": "object"}),
            json!({"type": "object", "additionalProperties": true}),
        ),
        (
            json!({"type": "array"}),
            json!({"type": "array", "items": {}}),
        ),
        (json!({}), json!({})),
    ] {
        assert_eq!(field(Side::Response, "x", kind.clone()).problems.len(), 1);
        let mut reasoned = kind;
        reasoned["x-singapay-free-form"] = json!("never seen");
        assert_eq!(good(Side::Response, "x", reasoned).schema, expected);
    }
}

#[test]
fn an_empty_reason_is_none() {
    let schema = json!({"type": "object", "x-singapay-free-form": " "});
    assert_eq!(field(Side::Response, "x", schema).problems.len(), 1);
}
