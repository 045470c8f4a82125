//! allOf, oneOf and anyOf.
//!
//! Ours become one schema: alternatives of one object are an object with the fields of all, because
//! the generator's own choice takes the first alternative that decodes, and with tolerant fields
//! every one does. Alternatives of foreign documents are in `choice`.

use serde_json::{Value, json};

use super::{
    Profile, Side, free_form,
    merge::{self, ANNOTATIONS, SCALARS},
    schema::{Place, Schemas, Shape, plain},
};
use crate::{
    document::{Pointer, flag, items, text},
    error::Made,
};

/// Deeper nesting of references in allOf is taken for a cycle.
pub(super) const DEPTH: usize = 64;

impl Schemas<'_> {
    /// Lowers a schema that is made of others.
    pub(super) fn combination(&mut self, schema: &Value, at: &Pointer, place: &Place) -> Shape {
        if self.profile == Profile::Foreign
            && let Some(spread) = self.spread(schema, at)
        {
            return self.lower(&spread, at, place);
        }
        let parts = ["allOf", "oneOf", "anyOf"].map(|key| items(schema, key));
        if parts.iter().filter(|parts| !parts.is_empty()).count() > 1 {
            self.problem(at, "allOf, oneOf and anyOf beside each other");
            return plain(json!({}));
        }
        let [all, one, any] = parts;
        if !all.is_empty() {
            return self.all_of(schema, all, at, place);
        }
        let alternatives = if one.is_empty() { any } else { one };
        let key = if one.is_empty() { "anyOf" } else { "oneOf" };
        if let [only] = alternatives {
            let mut own = schema.as_object().into_iter().flatten();
            let contradicts = own.any(|(name, own)| {
                let prose = ANNOTATIONS.contains(&name.as_str());
                !prose && only.get(name).is_some_and(|given| given != own)
            });
            if contradicts && self.profile == Profile::Gateway {
                self.problem(at, "a choice of one that contradicts what stands beside it");
            }
            self.change("combination", at, format!("{key} of one"));
            return self.lower(&merge::beside(schema, only, key), at, place);
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
                Ok(part) => merge::all_of(&mut merged, &part, at, self.report),
                Err(why) => self.problem(at, why),
            }
        }
        let note = format!("allOf {}: one schema", all.len());
        self.change("combination", at, note);
        self.lower(&merged, at, place)
    }

    /// The schema without a reference or allOf at its top.
    pub(super) fn resolved(&self, schema: &Value, at: &Pointer, depth: usize) -> Made<Value> {
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
            let part = self.resolved(part, at, depth - 1)?;
            merge::all_of(&mut merged, &part, at, self.report);
        }
        Ok(merged)
    }

    fn union(
        &mut self,
        schema: &Value,
        alternatives: &[Value],
        key: &str,
        at: &Pointer,
        place: &Place,
    ) -> Shape {
        let union = match merge::kinds(alternatives).as_slice() {
            ["object"] => Ok(merge::union_of(alternatives)),
            // PHP writes an empty object as an empty list, and readers take it for one.
            ["array", "object"]
                if place.side == Side::Response && merge::empty_lists(alternatives) =>
            {
                let mut objects = alternatives.to_vec();
                objects.retain(|one| text(one, "type") != Some("array"));
                Ok(match objects.as_slice() {
                    [one] => one.clone(),
                    objects => merge::union_of(objects),
                })
            }
            ["array"] => Ok(merge::lists(alternatives)),
            ["string"] => Ok(merge::texts(alternatives)),
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
                self.change("combination", at, format!("{key}: one schema"));
                self.lower(&merge::beside(schema, &union, key), at, place)
            }
            Err(_) if text(schema, free_form::EXTENSION).is_some() => {
                plain(free_form::lower(self, schema, at))
            }
            Err(why) => {
                self.problem(at, format_args!("{key}: {why}"));
                plain(json!({}))
            }
        }
    }
}
