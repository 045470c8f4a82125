//! Enums: every one made of text becomes a named open enum.

use serde_json::{Value, json};

use super::{
    Side,
    schema::{Place, Schemas},
};
use crate::document::{Pointer, items, text};

/// The known values of an open enum.
pub(super) const EXTENSION: &str = "x-singapay-enum";
const DESCRIPTIONS: &str = "x-singapay-enum-descriptions";
/// Where others write the descriptions of values.
const SPELLINGS: [&str; 3] = [DESCRIPTIONS, "x-enum-descriptions", "x-enumDescriptions"];

/// The open enum; `None` if the values are no text and the plain type says enough.
pub(super) fn lower(
    schemas: &mut Schemas<'_>,
    schema: &Value,
    at: &Pointer,
    place: &Place,
) -> Option<Value> {
    let values = items(schema, "enum");
    if !values.iter().all(Value::is_string) {
        schemas
            .report
            .change("values-dropped", at, json!(values).to_string());
        return None;
    }
    let known: Vec<&str> = values
        .iter()
        .filter_map(Value::as_str)
        .filter(|value| !value.is_empty())
        .collect();
    if known.len() < values.len() {
        if place.side == Side::Request {
            schemas
                .report
                .problem(at, "an empty text among the values of a request");
        }
        schemas
            .report
            .change("values-dropped", at, "the empty text");
    }
    if known.is_empty() || place.as_text {
        return None;
    }
    let name = text(schema, "x-singapay-type")
        .unwrap_or(&place.name)
        .to_owned();
    let mut component = json!({"type": "string", EXTENSION: known});
    if let Some(description) = text(schema, "description") {
        component["description"] = json!(description.trim());
    }
    if let Some(descriptions) = SPELLINGS.iter().find_map(|key| schema.get(*key)) {
        component[DESCRIPTIONS] = descriptions.clone();
    }
    schemas
        .report
        .change("open-enum", at, format!("{name} of {}", known.len()));
    Some(schemas.hoist(place, &name, component, at))
}
