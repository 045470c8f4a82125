//! Merging of the parts of a combination into one schema.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Profile, report::Report};
use crate::document::{Object, Pointer, items, members, text};

/// Keywords in which two parts may differ without contradiction.
pub(super) const ANNOTATIONS: [&str; 5] =
    ["description", "title", "example", "deprecated", "default"];
/// Types of values that are not made of others.
pub(super) const SCALARS: [&str; 4] = ["boolean", "integer", "number", "string"];

pub(super) fn kinds(alternatives: &[Value]) -> Vec<&str> {
    let kinds = alternatives.iter().map(|one| match text(one, "type") {
        Some(kind) => kind,
        None if one.get("properties").is_some() => "object",
        None => "",
    });
    kinds.collect::<BTreeSet<_>>().into_iter().collect()
}

pub(super) fn empty_lists(alternatives: &[Value]) -> bool {
    let lists = alternatives.iter();
    let mut lists = lists.filter(|one| text(one, "type") == Some("array"));
    let says = |list| members(list, "items").next().is_some();
    lists.all(|list| list.get("maxItems") == Some(&json!(0)) || !says(list))
}

/// An object with the fields of all; required is what all require.
pub(super) fn union_of(alternatives: &[Value]) -> Value {
    let mut fields: Object = Object::new();
    let mut required: Option<Vec<Value>> = None;
    for one in alternatives {
        for (name, property) in members(one, "properties") {
            match fields.get_mut(name) {
                Some(present) if present != property => add_alternative(present, property),
                Some(_) => {}
                None => drop(fields.insert(name.clone(), property.clone())),
            }
        }
        let own = items(one, "required");
        required = Some(match required {
            None => own.to_vec(),
            Some(all) => all.into_iter().filter(|name| own.contains(name)).collect(),
        });
    }
    let mut union =
        json!({"type": "object", "properties": fields, "required": required.unwrap_or_default()});
    if let Some(further) = further_of(alternatives) {
        union["additionalProperties"] = further;
    }
    union
}

/// Further members, where one declares them; anything, where not all declare the same.
fn further_of(alternatives: &[Value]) -> Option<Value> {
    let further = |one: &Value| {
        let declared = one.get("additionalProperties");
        declared.filter(|it| **it != json!(false)).cloned()
    };
    let first = alternatives.iter().find_map(further)?;
    let same = |one: &Value| further(one).as_ref() == Some(&first);
    let agree = alternatives.iter().all(same);
    Some(if agree { first } else { json!(true) })
}

fn add_alternative(present: &mut Value, other: &Value) {
    match present.get_mut("oneOf").and_then(Value::as_array_mut) {
        Some(alternatives) if !alternatives.contains(other) => alternatives.push(other.clone()),
        Some(_) => {}
        None => *present = json!({"oneOf": [present.take(), other]}),
    }
}

pub(super) fn lists(alternatives: &[Value]) -> Value {
    let entries = alternatives.iter().filter_map(|one| one.get("items"));
    let mut entries: Vec<_> = entries.collect();
    entries.dedup();
    match entries.as_slice() {
        [one] => json!({"type": "array", "items": one}),
        many => json!({"type": "array", "items": {"oneOf": many}}),
    }
}

/// Enums together are an enum of all values, which stays open; anything else is text.
pub(super) fn texts(alternatives: &[Value]) -> Value {
    let mut values = Vec::new();
    let all = alternatives.iter().flat_map(|one| items(one, "enum"));
    add_missing(&mut values, all);
    match values.as_slice() {
        [] => json!({"type": "string"}),
        values => json!({"type": "string", "enum": values}),
    }
}

/// `part` with what stands beside the combination.
pub(super) fn beside(schema: &Value, part: &Value, key: &str) -> Value {
    let mut merged = part.as_object().cloned().unwrap_or_default();
    let own = schema.as_object().into_iter().flatten();
    let own = own.filter(|(name, _)| *name != key);
    merged.extend(own.map(|(name, value)| (name.clone(), value.clone())));
    merged.into()
}

/// Type of a schema that no type fits.
const ANYTHING: &str = "";
/// Keywords that decide the type; of the others each part alone allows what all allow together.
const DECISIVE: [&str; 2] = ["type", "$ref"];

/// Merges a part into the schema; contradictions of our documents are problems, in foreign ones
/// those that leave no type let the value be anything.
pub(super) fn all_of(target: &mut Value, part: &Value, at: &Pointer, report: &Report) {
    let (Some(target), Some(part)) = (target.as_object_mut(), part.as_object()) else {
        return;
    };
    if target.get("type") == Some(&json!(ANYTHING)) {
        return;
    }
    for (key, value) in part {
        match (target.get_mut(key), key.as_str()) {
            (None, _) => {
                target.insert(key.clone(), value.clone());
            }
            (Some(present), "properties") => merge_properties(present, value),
            (Some(Value::Array(present)), "required") => {
                add_missing(present, value.as_array().into_iter().flatten());
            }
            (Some(present), key) if present == value || ANNOTATIONS.contains(&key) => {}
            (Some(present), key) => {
                if report.profile == Profile::Foreign && reconciled(present, value, key) {
                    let note = format!("allOf: `{key}` of several parts");
                    report.change("combination", at, note);
                } else {
                    let finding = format!("allOf: two parts contradict in `{key}`");
                    if report.profile == Profile::Gateway {
                        report.problem(at, finding);
                        continue;
                    }
                    report.change("combination", at, format!("{finding}: anything"));
                    target
                        .retain(|key, _| key == "nullable" || ANNOTATIONS.contains(&key.as_str()));
                    target.insert("type".to_owned(), json!(ANYTHING));
                    return;
                }
            }
        }
    }
}

fn add_missing<'a>(present: &mut Vec<Value>, more: impl IntoIterator<Item = &'a Value>) {
    for value in more {
        if !present.contains(value) {
            present.push(value.clone());
        }
    }
}

/// Makes one value of two that are no type, or whose types have one in common.
fn reconciled(present: &mut Value, value: &Value, key: &str) -> bool {
    match (&mut *present, value, key) {
        // Open enums, so the values of both are right.
        (Value::Array(present), Value::Array(values), "enum") => {
            add_missing(present, values);
            true
        }
        (Value::String(one), Value::String(other), "type")
            if ["integer", "number"].contains(&one.as_str())
                && ["integer", "number"].contains(&other.as_str()) =>
        {
            "integer".clone_into(one);
            true
        }
        (present, value, "items") => {
            *present = json!({"allOf": [present.take(), value]});
            true
        }
        // An object that one part closes is not closed with the fields of the other.
        (present, _, "additionalProperties") => {
            *present = json!(true);
            true
        }
        (present, _, "nullable") => {
            *present = json!(false);
            true
        }
        (_, _, key) => !DECISIVE.contains(&key),
    }
}

fn merge_properties(target: &mut Value, properties: &Value) {
    let (Some(target), Some(properties)) = (target.as_object_mut(), properties.as_object()) else {
        return;
    };
    for (name, property) in properties {
        match target.get_mut(name) {
            Some(present) if present != property => {
                *present = json!({"allOf": [present.take(), property]});
            }
            Some(_) => {}
            None => drop(target.insert(name.clone(), property.clone())),
        }
    }
}
