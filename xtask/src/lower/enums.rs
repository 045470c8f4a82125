//! Enums: every one made of text becomes a named open enum.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    Profile, Side,
    schema::{Place, Schemas},
    structure::{self, Node},
};
use crate::document::{Pointer, items, text};

/// The known values of an open enum.
pub(super) const EXTENSION: &str = "x-singapay-enum";
/// What its values mean.
pub(super) const DESCRIPTIONS: &str = "x-singapay-enum-descriptions";
/// Extensions in which documents describe the values.
const SPELLINGS: [&str; 3] = [DESCRIPTIONS, "x-enum-descriptions", "x-enumDescriptions"];

/// Gives all enums of one name the values that any of them has, and texts of that name the same, so
/// that a list stands once and a value that is added at one place is known everywhere.
pub(super) fn share(document: &mut Value) {
    let mut lists: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    structure::visit_mut(document, &mut |schema, node, _| {
        if let (Node::Schema, Some(name)) = (node, text(schema, "x-singapay-type")) {
            let list = lists.entry(name.to_owned()).or_default();
            for value in items(schema, "enum") {
                if value.as_str().is_some_and(|value| !value.is_empty()) && !list.contains(value) {
                    list.push(value.clone());
                }
            }
        }
    });
    structure::visit_mut(document, &mut |schema, node, _| {
        let name = text(schema, "x-singapay-type").filter(|_| node == Node::Schema);
        let list = name.and_then(|name| lists.get(name)).cloned();
        if let Some(mut list) = list.filter(|list| !list.is_empty())
            && text(schema, "type") == Some("string")
        {
            let own = items(schema, "enum").iter();
            list.extend(own.filter(|value| **value == "").cloned());
            schema["enum"] = list.into();
        }
    });
}

/// The open enum; `None` if the values are no text and the plain type says enough.
pub(super) fn lower(
    schemas: &mut Schemas<'_>,
    schema: &Value,
    at: &Pointer,
    place: &Place,
) -> Option<Value> {
    let values = items(schema, "enum");
    if !values.iter().all(Value::is_string) {
        schemas.change("values-dropped", at, json!(values).to_string());
        return None;
    }
    let known = values.iter().filter_map(Value::as_str);
    let known: Vec<&str> = known.filter(|value| !value.is_empty()).collect();
    if known.len() < values.len() {
        if place.side == Side::Request && schemas.profile == Profile::Gateway {
            schemas.problem(at, "an empty text among the values of a request");
        }
        schemas.change("values-dropped", at, "the empty text");
    }
    if place.as_text {
        let note = format!("text in a path or a header: {}", json!(known));
        schemas.change("values-dropped", at, note);
    }
    if known.is_empty() || place.as_text {
        return None;
    }
    let name = text(schema, "x-singapay-type").unwrap_or(&place.name);
    let mut component = json!({"type": "string", EXTENSION: known});
    if let Some(description) = text(schema, "description") {
        component["description"] = json!(description.trim());
    }
    if let Some(descriptions) = SPELLINGS.iter().find_map(|key| schema.get(*key)) {
        component[DESCRIPTIONS] = descriptions.clone();
    }
    schemas.change("open-enum", at, format!("{name} of {}", known.len()));
    Some(schemas.hoist(place, name, component, at))
}
