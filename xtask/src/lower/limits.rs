//! Limits of request fields: moved out of the schema, so that they do not become a type each, and
//! kept beside it for the checks before sending.

use serde_json::{Value, json};

use crate::document::Object;

/// Extension that takes the limits of a request field.
pub(super) const EXTENSION: &str = "x-singapay-limits";
/// Keywords that limit a value.
const KEYWORDS: [&str; 11] = [
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

/// The limits of a schema.
pub(super) fn of(schema: &Value) -> Object {
    let mut limits: Object = KEYWORDS
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), schema.get(*key)?.clone())))
        .collect();
    // Amounts and counts are whole, so an exclusive bound is the next whole number, inclusive.
    for (key, exclusive, step) in [
        ("minimum", "exclusiveMinimum", 1),
        ("maximum", "exclusiveMaximum", -1),
    ] {
        if schema.get(exclusive) == Some(&json!(true))
            && let Some(bound) = limits.get(key).and_then(Value::as_i64)
        {
            limits.insert(key.to_owned(), json!(bound + step));
        }
    }
    // An integer on which only integers are a multiple needs no saying.
    if limits.get("multipleOf") == Some(&json!(1)) {
        limits.remove("multipleOf");
    }
    limits
}

/// The limits in a few words, for the report.
pub(super) fn describe(limits: &Object) -> String {
    limits
        .iter()
        .map(|(key, value)| format!("{key} {value}"))
        .collect::<Vec<_>>()
        .join(", ")
}
