//! The named schemas of a lowered document.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    enums::{DESCRIPTIONS, EXTENSION as ENUM},
    naming::free,
    report::Report,
};
use crate::document::Pointer;

/// Named schemas, each with the place that it was first seen at.
#[derive(Debug, Default)]
pub(super) struct Components {
    schemas: BTreeMap<String, (Value, Pointer)>,
    reserved: BTreeSet<String>,
}

impl Components {
    /// No schemas yet; these names are kept for those that own them.
    pub(super) fn reserving(reserved: BTreeSet<String>) -> Self {
        Self {
            schemas: BTreeMap::new(),
            reserved,
        }
    }

    /// Adds a schema whose name stands for one shape; another shape is a problem. Enums of one name
    /// have the values of all of them.
    pub(super) fn insert_equal(
        &mut self,
        name: &str,
        schema: Value,
        at: &Pointer,
        report: &Report,
    ) -> String {
        match self.schemas.get_mut(name) {
            None => {
                self.schemas.insert(name.to_owned(), (schema, at.clone()));
            }
            Some((present, first)) => {
                let mut schema = schema;
                if let (Some(Value::Array(known)), Some(Value::Array(values))) =
                    (present.get_mut(ENUM), schema.get_mut(ENUM))
                {
                    values.retain(|value| !known.contains(value));
                    known.append(values);
                    values.clone_from(known);
                    adopt(present, &schema);
                }
                if let Some(difference) = difference(present, &schema) {
                    let finding =
                        format_args!("`{name}` differs from the one at {first}: {difference}");
                    report.problem(at, finding);
                }
            }
        }
        name.to_owned()
    }

    /// Adds a schema of a foreign document; if its name is taken by another shape, with a number.
    pub(super) fn insert_numbered(
        &mut self,
        name: &str,
        schema: Value,
        at: &Pointer,
        owner: bool,
    ) -> String {
        free(name, "N", |name| {
            let is_free = owner || !self.reserved.contains(name);
            is_free
                && match self.schemas.get(name) {
                    Some((present, _)) => difference(present, &schema).is_none(),
                    None => {
                        let one = (schema.clone(), at.clone());
                        self.schemas.insert(name.to_owned(), one).is_none()
                    }
                }
        })
    }

    /// True if there is a schema of this name.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.schemas.contains_key(name)
    }

    /// The schemas as `components.schemas`.
    pub(super) fn into_json(self) -> Value {
        let schemas = self.schemas.into_iter();
        Value::Object(schemas.map(|(name, (schema, _))| (name, schema)).collect())
    }
}

/// Texts of an enum that only a later place has, so that they are written at one place only.
fn adopt(present: &mut Value, later: &Value) {
    for key in ["description", DESCRIPTIONS] {
        if let (None, Some(text)) = (present.get(key), later.get(key)) {
            present[key] = text.clone();
        }
    }
}

/// A schema that refers to a named one.
pub(super) fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// Difference in shape between two schemas; documentation does not count.
fn difference(one: &Value, other: &Value) -> Option<String> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let more = other.keys().filter(|key| !one.contains_key(*key));
            let keys = one.keys().chain(more);
            keys.filter(|key| !is_documentation(key, one.get(*key).or_else(|| other.get(*key))))
                .find_map(|key| match (one.get(key), other.get(key)) {
                    (Some(one), Some(other)) => {
                        difference(one, other).map(|inner| format!("{key}.{inner}"))
                    }
                    (Some(_), None) => Some(format!("{key} is there only")),
                    (None, _) => Some(format!("{key} is here only")),
                })
        }
        (one, other) if one == other => None,
        (one, other) => Some(format!("{one} there, {other} here")),
    }
}

fn is_documentation(key: &str, value: Option<&Value>) -> bool {
    // A property may be called `description` too; its schema is an object.
    match key {
        "description" | "example" => !value.is_some_and(Value::is_object),
        DESCRIPTIONS => true,
        _ => false,
    }
}
