//! allOf, oneOf and anyOf.
//!
//! Ours become one schema: alternatives of one object are an object with the fields of all, because
//! the generator's own choice takes the first alternative that decodes, and with tolerant fields
//! every one does. Alternatives of foreign documents are left to the generator.

use serde_json::{Value, json};

use super::{
    Profile, Side, free_form, naming,
    schema::{Place, Schemas, Shape, plain},
};
use crate::document::{Object, Pointer, flag, items, text};

/// Deeper nesting of references in allOf is taken for a cycle.
const DEPTH: usize = 16;
/// What two parts may say differently without contradiction.
const ANNOTATIONS: [&str; 5] = ["description", "title", "example", "deprecated", "default"];

impl Schemas<'_> {
    /// Lowers a schema that is made of others.
    pub(super) fn combination(&mut self, schema: &Value, at: &Pointer, place: &Place) -> Shape {
        let parts = ["allOf", "oneOf", "anyOf"].map(|key| items(schema, key));
        if parts.iter().filter(|parts| !parts.is_empty()).count() > 1 {
            self.report
                .problem(at, "allOf, oneOf and anyOf beside each other");
            return plain(json!({}));
        }
        let [all, one, any] = parts;
        if !all.is_empty() {
            return self.all_of(schema, all, at, place);
        }
        let alternatives = if one.is_empty() { any } else { one };
        let key = if one.is_empty() { "anyOf" } else { "oneOf" };
        if let [only] = alternatives {
            self.report
                .change("combination", at, format!("{key} of one"));
            return self.lower(&beside(schema, only, key), at, place);
        }
        match self.profile {
            Profile::Foreign => self.choice(alternatives, key, at, place),
            Profile::Gateway => self.union(schema, alternatives, key, at, place),
        }
    }

    fn all_of(&mut self, schema: &Value, all: &[Value], at: &Pointer, place: &Place) -> Shape {
        let mut own = schema.as_object().cloned().unwrap_or_default();
        own.remove("allOf");
        let only_annotates = own.keys().all(|key| {
            ANNOTATIONS.contains(&key.as_str()) || key == "nullable" || key.starts_with("x-")
        });
        // The way in which 3.0 describes a place that holds a component.
        if let ([one], true) = (all, only_annotates)
            && text(one, "$ref").is_some()
        {
            return self.lower(one, at, place);
        }
        let mut merged = Value::Object(own);
        for part in all {
            match self.resolved(part, at, DEPTH) {
                Ok(part) => merge(&mut merged, &part, at, self),
                Err(why) => self.report.problem(at, why),
            }
        }
        self.report.change(
            "combination",
            at,
            format!("allOf {}: one schema", all.len()),
        );
        self.lower(&merged, at, place)
    }

    /// The schema without a reference or allOf at its top.
    fn resolved(&self, schema: &Value, at: &Pointer, depth: usize) -> Result<Value, String> {
        if depth == 0 {
            return Err("references in allOf form a cycle".to_owned());
        }
        if let Some(target) = text(schema, "$ref") {
            let found = self.references.target(target);
            let found = found.ok_or_else(|| format!("reference `{target}` points to nothing"))?;
            return self.resolved(found, at, depth - 1);
        }
        let all = items(schema, "allOf");
        if all.is_empty() {
            return Ok(schema.clone());
        }
        let mut merged = schema.clone();
        if let Some(object) = merged.as_object_mut() {
            object.remove("allOf");
        }
        for part in all {
            merge(&mut merged, &self.resolved(part, at, depth - 1)?, at, self);
        }
        Ok(merged)
    }

    fn choice(&mut self, some: &[Value], key: &str, at: &Pointer, place: &Place) -> Shape {
        let mut nullable = false;
        let mut lowered = Vec::new();
        for (index, one) in some.iter().enumerate() {
            let name = naming::join(&place.name, &format!("option {}", index + 1));
            let shape = self.lower(
                one,
                &at.child(key).child(index),
                &Place {
                    name,
                    owner: false,
                    ..place.clone()
                },
            );
            nullable |= shape.nullable;
            let schema = shape.into_schema(false);
            if !lowered.contains(&schema) {
                lowered.push(schema);
            }
        }
        self.report
            .change("combination", at, format!("{key}: first that decodes"));
        let schema = match lowered.as_slice() {
            [one] => one.clone(),
            _ => self.hoist(place, &place.name, json!({ "oneOf": lowered }), at),
        };
        Shape {
            nullable,
            ..plain(schema)
        }
    }

    fn union(
        &mut self,
        schema: &Value,
        alternatives: &[Value],
        key: &str,
        at: &Pointer,
        place: &Place,
    ) -> Shape {
        let union = match kinds(alternatives).as_slice() {
            ["object"] => Ok(union_of(alternatives)),
            // PHP writes an empty object as an empty list, and readers take it for one.
            ["array", "object"] if place.side == Side::Response && empty_lists(alternatives) => {
                let objects: Vec<_> = alternatives
                    .iter()
                    .filter(|one| text(one, "type") != Some("array"))
                    .cloned()
                    .collect();
                Ok(if let [one] = objects.as_slice() {
                    one.clone()
                } else {
                    union_of(&objects)
                })
            }
            ["array"] => Ok(lists(alternatives)),
            ["string"] => Ok(texts(alternatives)),
            kinds if kinds.iter().all(|kind| SCALARS.contains(kind)) => match place.side {
                // Readers take a number or a flag for text.
                Side::Response => Ok(json!({"type": "string"})),
                Side::Request if kinds.contains(&"string") => Ok(json!({"type": "string"})),
                Side::Request => Err("alternatives of which none is text"),
            },
            _ => Err("alternatives of different kinds"),
        };
        match union {
            Ok(mut union) => {
                if alternatives.iter().any(|one| flag(one, "nullable")) {
                    union["nullable"] = json!(true);
                }
                self.report
                    .change("combination", at, format!("{key}: one schema"));
                self.lower(&beside(schema, &union, key), at, place)
            }
            Err(_) if text(schema, free_form::EXTENSION).is_some() => {
                plain(free_form::lower(self, schema, at))
            }
            Err(why) => {
                self.report.problem(at, format_args!("{key}: {why}"));
                plain(json!({}))
            }
        }
    }
}

const SCALARS: [&str; 4] = ["boolean", "integer", "number", "string"];

fn kinds(alternatives: &[Value]) -> Vec<&str> {
    let mut kinds: Vec<_> = alternatives
        .iter()
        .map(|one| {
            text(one, "type").unwrap_or(if one.get("properties").is_some() {
                "object"
            } else {
                ""
            })
        })
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

fn empty_lists(alternatives: &[Value]) -> bool {
    let mut lists = alternatives
        .iter()
        .filter(|one| text(one, "type") == Some("array"));
    lists.all(|list| {
        list.get("maxItems") == Some(&json!(0))
            || list
                .get("items")
                .and_then(Value::as_object)
                .is_none_or(Object::is_empty)
    })
}

/// An object with the fields of all; required is what all require.
fn union_of(alternatives: &[Value]) -> Value {
    let mut fields: Object = Object::new();
    let mut required: Option<Vec<Value>> = None;
    for one in alternatives {
        for (name, property) in one
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            match fields.get_mut(name) {
                Some(present) if present != property => add_alternative(present, property),
                Some(_) => {}
                None => {
                    fields.insert(name.clone(), property.clone());
                }
            }
        }
        let own = items(one, "required");
        required = Some(match required {
            None => own.to_vec(),
            Some(all) => all.into_iter().filter(|name| own.contains(name)).collect(),
        });
    }
    json!({"type": "object", "properties": fields, "required": required.unwrap_or_default()})
}

fn add_alternative(present: &mut Value, other: &Value) {
    match present.get_mut("oneOf").and_then(Value::as_array_mut) {
        Some(alternatives) if !alternatives.contains(other) => alternatives.push(other.clone()),
        Some(_) => {}
        None => *present = json!({"oneOf": [present.take(), other]}),
    }
}

fn lists(alternatives: &[Value]) -> Value {
    let mut entries: Vec<_> = alternatives
        .iter()
        .filter_map(|one| one.get("items"))
        .collect();
    entries.dedup();
    match entries.as_slice() {
        [one] => json!({"type": "array", "items": one}),
        many => json!({"type": "array", "items": {"oneOf": many}}),
    }
}

/// Enums together are an enum of all values, which stays open; anything else is text.
fn texts(alternatives: &[Value]) -> Value {
    let mut values: Vec<&Value> = Vec::new();
    for value in alternatives.iter().flat_map(|one| items(one, "enum")) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    match values.as_slice() {
        [] => json!({"type": "string"}),
        values => json!({"type": "string", "enum": values}),
    }
}

/// `part` with what stands beside the combination.
fn beside(schema: &Value, part: &Value, key: &str) -> Value {
    let mut merged = part.as_object().cloned().unwrap_or_default();
    for (name, value) in schema
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| *name != key)
    {
        merged.insert(name.clone(), value.clone());
    }
    merged.into()
}

fn merge(target: &mut Value, part: &Value, at: &Pointer, schemas: &Schemas<'_>) {
    let (Some(target), Some(part)) = (target.as_object_mut(), part.as_object()) else {
        return;
    };
    for (key, value) in part {
        match (target.get_mut(key), key.as_str()) {
            (None, _) => {
                target.insert(key.clone(), value.clone());
            }
            (Some(present), "properties") => merge_properties(present, value),
            (Some(Value::Array(present)), "required") => {
                for name in value.as_array().into_iter().flatten() {
                    if !present.contains(name) {
                        present.push(name.clone());
                    }
                }
            }
            (Some(present), key) if present == value || ANNOTATIONS.contains(&key) => {}
            (Some(_), key) => {
                schemas
                    .report
                    .problem(at, format_args!("allOf: two parts contradict in `{key}`"));
            }
        }
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
            None => {
                target.insert(name.clone(), property.clone());
            }
        }
    }
}
