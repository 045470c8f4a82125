//! Limits, long ids and numbers.

use serde_json::json;

use xtask::lower::Side;

use super::{field, good};

#[test]
fn limits_stay_with_requests_and_leave_responses() {
    let schema = json!({"type": "string", "maxLength": 5, "format": "email", "default": "x"});
    assert_eq!(
        good(Side::Request, "email", schema.clone()).schema,
        json!({"type": "string", "x-singapay-default": "x",
            "x-singapay-limits": {"maxLength": 5, "format": "email"}})
    );
    assert_eq!(
        good(Side::Response, "email", schema).schema,
        json!({"type": "string"})
    );
}

#[test]
fn long_ids_are_text() {
    let integer = json!({"type": "integer"});
    let text = json!({"type": "string"});
    assert_eq!(
        good(Side::Response, "transaction_id", integer.clone()).schema,
        text
    );
    assert_eq!(
        good(Side::Response, "id", integer).schema["type"],
        "integer"
    );
}

#[test]
fn a_number_without_a_meaning_is_a_problem() {
    let lowered = field(Side::Response, "ratio", json!({"type": "number"}));
    assert_eq!(
        lowered.problems,
        ["#/here: `type: number` that is no amount: give it a type"]
    );
}
