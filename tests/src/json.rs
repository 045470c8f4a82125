//! Types as functions from JSON to JSON, so that a suite can take each of them in turn.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Reads a type from JSON and writes it again; the error says why it cannot be read.
pub type RoundTrip = fn(&str) -> Result<Value, String>;

/// Host, schema and reader of a type.
pub type Row = (&'static str, &'static str, RoundTrip);

/// The [`RoundTrip`] of a type.
///
/// # Errors
///
/// The text is not what the type reads.
///
/// # Panics
///
/// The value cannot be written.
pub fn round_trip<T: DeserializeOwned + Serialize>(text: &str) -> Result<Value, String> {
    let value: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
    Ok(serde_json::to_value(value).unwrap())
}

/// Paths of everything in a value that is neither an object nor a list, with the value.
pub fn leaves(value: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    collect("", value, &mut found);
    found
}

fn collect<'a>(at: &str, value: &'a Value, found: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                collect(&format!("{at}/{name}"), member, found);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                collect(&format!("{at}/{index}"), item, found);
            }
        }
        _ => found.push((at.to_owned(), value)),
    }
}
