//! Amounts as the gateway writes them; it has several ways.

use serde_json::{Value, json};

/// `1203500.00`
pub(crate) fn decimal(rupiah: i64) -> String {
    format!("{rupiah}.00")
}

/// `{"value": "1203500.00", "currency": "IDR"}`
pub(crate) fn money(rupiah: i64) -> Value {
    json!({"value": decimal(rupiah), "currency": "IDR"})
}

/// `{"value": "1203500", "currency": "IDR"}`
pub(crate) fn whole(rupiah: i64) -> Value {
    json!({"value": rupiah.to_string(), "currency": "IDR"})
}

/// `{"value": 1203500, "currency": "IDR"}`
pub(crate) fn number(rupiah: i64) -> Value {
    json!({"value": rupiah, "currency": "IDR"})
}
