//! The merge of an update into its target.

use serde_json::Value;

use crate::error::Made;

/// Merges `update` into a node that an action selected; tells whether anything changed.
///
/// An object is merged recursively; to an array the update is appended as one entry.
pub(super) fn into_target(target: &mut Value, update: &Value) -> Made<bool> {
    match (&mut *target, update) {
        (Value::Object(_), Value::Object(_)) => Ok(merge(target, update)),
        (Value::Object(_), _) => {
            Err("the target is an object, so the update must be one".to_owned())
        }
        (Value::Array(items), entry) => Ok(append(items, std::slice::from_ref(entry))),
        _ => Err("the target is neither an object nor an array".to_owned()),
    }
}

fn merge(target: &mut Value, update: &Value) -> bool {
    match (target, update) {
        (Value::Object(target), Value::Object(update)) => {
            let mut changed = false;
            for (key, value) in update {
                match target.get_mut(key) {
                    Some(present) => changed |= merge(present, value),
                    None => {
                        target.insert(key.clone(), value.clone());
                        changed = true;
                    }
                }
            }
            changed
        }
        (Value::Array(target), Value::Array(update)) => append(target, update),
        (target, update) if target == update => false,
        (target, update) => {
            *target = update.clone();
            true
        }
    }
}

/// Appends the entries that are not there yet: the arrays of an OpenAPI document that overlays
/// extend (`required`, `enum`, `tags`, `parameters`) are sets.
fn append(items: &mut Vec<Value>, entries: &[Value]) -> bool {
    let before = items.len();
    for entry in entries {
        if !items.contains(entry) {
            items.push(entry.clone());
        }
    }
    items.len() != before
}
