//! Amounts as people write them: `150.000` is 150,000 rupiah in Indonesia, and 150 to a program.

use serde_json::Value;

/// What an amount must be.
pub(crate) const RULE: &str = "must be whole rupiah, digits alone, without points or commas";

/// Members that hold amounts, by the ends of their names.
const NAMES: [&str; 9] = [
    "amount",
    "amount_min",
    "amount_max",
    "balance",
    "balance_after",
    "fee",
    "price",
    "tip",
    "total",
];

/// Digits alone.
pub(crate) fn is_whole(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Digits alone, or with exactly two decimals after a point.
pub(crate) fn is_exact(text: &str) -> bool {
    match text.split_once('.') {
        Some((whole, decimals)) => is_whole(whole) && is_whole(decimals) && decimals.len() == 2,
        None => is_whole(text),
    }
}

/// True of a member that holds an amount, such as `total_amount` and `unit_price`.
pub(crate) fn is_name(name: &str) -> bool {
    NAMES.iter().any(|end| name.ends_with(end))
}

/// True of an amount, or of the object around one, whose texts are so. Numbers have lost their decimals' spelling.
pub(crate) fn is_clear(value: &Value, is_so: fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => is_so(text),
        Value::Number(number) => number.is_u64(),
        Value::Object(members) => members
            .get("value")
            .is_some_and(|value| is_clear(value, is_so)),
        Value::Null => true,
        _ => false,
    }
}

/// True if all amounts inside are whole rupiah in digits, as those of items.
pub(crate) fn are_clear(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(are_clear),
        Value::Object(members) => members.iter().all(|(name, member)| match is_name(name) {
            true => is_clear(member, is_whole),
            false => are_clear(member),
        }),
        _ => true,
    }
}
