//! Limits of requests.

use serde_json::json;
use xtask::lower::Side;

use super::good;

#[test]
fn exclusive_bounds_become_inclusive() {
    let schema = json!({"type": "integer", "minimum": 0, "exclusiveMinimum": true, "maximum": 10,
        "multipleOf": 1});
    let limits = &good(Side::Request, "x", schema).schema["x-singapay-limits"];
    assert_eq!(*limits, json!({"minimum": 1, "maximum": 10}));
}

#[test]
fn limits_are_described_in_order() {
    let schema = json!({"type": "string", "maxLength": 3, "minLength": 1});
    let changes = good(Side::Request, "x", schema).changes;
    let limits = changes.iter().find(|one| one.rule == "limits-kept-apart");
    assert_eq!(limits.unwrap().note, "maxLength 3, minLength 1");
}
