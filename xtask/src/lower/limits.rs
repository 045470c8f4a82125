//! Limits of request fields: moved out of the schema, so that they do not become a type each, and
//! kept beside it for the checks before sending.

use serde_json::{Value, json};

use crate::document::{self, EXACT, Object};

/// Extension that takes the limits of a request field.
pub(super) const EXTENSION: &str = "x-singapay-limits";
/// The table of patterns that the client checks.
const CHECKS: &str = "crates/singapay/src/validation/pattern.rs";

/// The limits of a schema.
pub(super) fn of(schema: &Value) -> Object {
    let members = schema.as_object().into_iter().flatten();
    let limits = members.filter_map(|(key, value)| match key.as_str() {
        "minLength" | "maxLength" | "pattern" | "minimum" | "maximum" | "multipleOf"
        | "minItems" | "maxItems" | "uniqueItems" | "minProperties" | "maxProperties" => {
            Some((key.clone(), value.clone()))
        }
        _ => None,
    });
    let mut limits: Object = limits.collect();
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

/// Makes the bounds of values that are all whole numbers whole, and takes away those that every value
/// keeps to; tells those that no value can keep to, or that say nothing.
pub(super) fn settle(limits: &mut Object) -> Vec<String> {
    let mut found = Vec::new();
    for (key, value) in std::mem::take(limits) {
        let number = value.as_f64();
        let whole =
            |round: fn(f64) -> f64| value.as_i64().or_else(|| document::whole(round(number?)));
        let at_least = |least| whole(|it| it).filter(|it| *it >= least).map(Value::from);
        let settled = match (key.as_str(), number) {
            ("maximum", Some(bound)) if bound > EXACT => continue,
            ("minimum", Some(bound)) if bound < -EXACT => continue,
            ("multipleOf", Some(step)) if step > 0.0 && (1.0 / step).fract() == 0.0 => continue,
            ("minimum", _) => whole(f64::ceil).map(Value::from),
            ("maximum", _) => whole(f64::floor).map(Value::from),
            ("multipleOf", _) => at_least(1),
            ("pattern", _) if !value.as_str().is_some_and(is_checked) => {
                found.push(format!(
                    "nobody checks the pattern {value}: {CHECKS} has no line for it"
                ));
                continue;
            }
            ("pattern" | "format", _) => Some(value.clone()),
            ("uniqueItems", _) => value.as_bool().map(Value::from),
            _ => at_least(0),
        };
        match settled {
            Some(settled) => drop(limits.insert(key, settled)),
            None => found.push(format!(
                "`{key}: {value}` is no limit that a value can keep to"
            )),
        }
    }
    let bound = |key: &str| limits.get(key).and_then(Value::as_i64);
    for of in ["imum", "Length", "Items", "Properties"] {
        let (least, most) = (format!("min{of}"), format!("max{of}"));
        let bounds = bound(&least).zip(bound(&most));
        if bounds.is_some_and(|(least, most)| least > most) {
            found.push(format!(
                "`{least}` is more than `{most}`: no value can keep to both"
            ));
        }
    }
    // A pattern may say the length, too.
    let pattern = limits.get("pattern").and_then(Value::as_str);
    let counted = pattern.and_then(|pattern| pattern.strip_suffix("}$")?.rsplit_once('{'));
    if let Some(count) = counted.and_then(|(_, count)| count.parse().ok())
        && !(bound("minLength").is_none_or(|least| least <= count)
            && bound("maxLength").is_none_or(|most| most >= count))
    {
        found.push("no value of that length has that pattern".to_owned());
    }
    found
}

/// True if the client has a check for a pattern, whole or with its count left open.
fn is_checked(pattern: &str) -> bool {
    let source = include_str!("../../../crates/singapay/src/validation/pattern.rs");
    let is_there = |one: &str| source.contains(&format!("\"{one}\""));
    let counted = pattern.strip_suffix("}$");
    let counted = counted.map(|start| start.trim_end_matches(|c: char| c.is_ascii_digit()));
    is_there(pattern) || counted.is_some_and(is_there)
}

/// The limits in a few words, for the report.
pub(super) fn describe(limits: &Object) -> String {
    let limits = limits.iter().map(|(key, value)| format!("{key} {value}"));
    limits.collect::<Vec<_>>().join(", ")
}
