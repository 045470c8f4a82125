//! Places in a body.

use serde_json::{Map, Value};
use singapay_core::Rupiah;

/// Puts a value at a dotted path; objects on the way are made. False if something else is in the way.
pub fn put(json: &mut Value, path: &str, value: Value) -> bool {
    let mut place = json;
    for member in path.split('.') {
        if place.is_null() {
            *place = Value::Object(Map::new());
        }
        let Value::Object(members) = place else {
            return false;
        };
        place = members.entry(member).or_insert(Value::Null);
    }
    *place = value;
    true
}

/// Amount as it is written where another one stood: an object with a currency, decimal text, or a number.
pub fn amount(before: Option<&Value>, amount: Rupiah) -> Value {
    match before {
        Some(Value::Object(members)) => {
            let mut members = members.clone();
            let value = self::amount(members.get("value"), amount);
            members.insert("value".to_owned(), value);
            Value::Object(members)
        }
        Some(Value::String(text)) if text.contains('.') => format!("{amount}.00").into(),
        Some(Value::String(_)) => amount.to_string().into(),
        _ => amount.value().into(),
    }
}

/// Text as it is written where another value stood: a number stays one.
pub fn text(before: Option<&Value>, text: &str) -> Value {
    match (before, text.parse::<i64>()) {
        (Some(Value::Number(_)), Ok(number)) => number.into(),
        _ => text.into(),
    }
}
