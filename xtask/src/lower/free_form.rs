//! Schemas that say nothing about their value. In our documents each needs a reason.

use serde_json::{Value, json};

use super::{Profile, schema::Schemas};
use crate::document::{Pointer, text};

/// Extension that holds the reason.
pub(super) const EXTENSION: &str = "x-singapay-free-form";

/// A JSON value, object or list, as far as the schema tells.
pub(super) fn lower(schemas: &Schemas<'_>, schema: &Value, at: &Pointer) -> Value {
    match (text(schema, EXTENSION).map(str::trim), schemas.profile) {
        (Some(reason), _) if !reason.is_empty() => schemas.change("free-form", at, reason),
        (_, Profile::Foreign) => schemas.change("free-form", at, ""),
        (_, Profile::Gateway) => {
            schemas.problem(at, "free-form without a reason in `x-singapay-free-form`");
        }
    }
    match text(schema, "type") {
        Some("object") => json!({"type": "object", "additionalProperties": true}),
        Some("array") => json!({"type": "array", "items": {}}),
        _ => json!({}),
    }
}
