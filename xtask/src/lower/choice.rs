//! Alternatives of foreign documents.
//!
//! Sent, they are a choice of the user. Received, the first that decodes is taken, so objects, which
//! all decode because their fields are tolerant, become one object with the fields of all.

use serde_json::{Value, json};

use super::{
    Side,
    combine::DEPTH,
    merge::{self, ANNOTATIONS},
    naming,
    schema::{Place, Schemas, Shape, plain},
};
use crate::document::{Pointer, flag, items, members, text};

/// Alternatives of alternatives are looked into this deep.
const NESTING: usize = 3;

impl Schemas<'_> {
    /// Merges the keywords beside alternatives into each of them, because they hold for each; `None` if there
    /// are none.
    pub(super) fn spread(&self, schema: &Value, at: &Pointer) -> Option<Value> {
        let mut keys = ["oneOf", "anyOf"].into_iter();
        let key = keys.find(|key| !items(schema, key).is_empty())?;
        let alternatives = items(schema, key);
        let mut base = schema.as_object()?.clone();
        base.remove(key);
        let says = |key: &str| match base.get(key) {
            Some(Value::Array(items)) => !items.is_empty(),
            Some(Value::Object(members)) => !members.is_empty(),
            _ => false,
        };
        let decisive = ["allOf", "anyOf", "properties", "items"].into_iter();
        if !decisive.chain(["additionalProperties"]).any(says) {
            return None;
        }
        if alternatives.iter().all(only_narrows) {
            self.change("combination", at, format!("{key}: its parts only narrow"));
            return Some(base.into());
        }
        self.change("combination", at, format!("{key}: merged into each"));
        let base = Value::Object(base);
        let spread = alternatives.iter().map(|one| {
            let mut merged = base.clone();
            match self.resolved(one, at, DEPTH) {
                Ok(one) => merge::all_of(&mut merged, &one, at, self.report),
                Err(why) => self.problem(at, why),
            }
            // An alternative that is made of the whole has the same alternatives once more.
            if let Some(merged) = merged.as_object_mut()
                && merged.get(key) == schema.get(key)
            {
                merged.remove(key);
            }
            merged
        });
        let spread: Vec<_> = spread.collect();
        let mut whole = schema.as_object()?.clone();
        whole.retain(|key, _| ["description", "title", "nullable"].contains(&key.as_str()));
        whole.insert(key.to_owned(), spread.into());
        Some(whole.into())
    }

    /// True if a schema allows text, numbers and flags only, as far as it tells.
    pub(super) fn is_scalar(&self, schema: &Value) -> bool {
        let Ok(schema) = self.resolved(schema, &Pointer::root(), DEPTH) else {
            return false;
        };
        if let Some(kind) = text(&schema, "type") {
            // A type that nobody knows is refused, and not written as text.
            return !["array", "object"].contains(&kind);
        }
        let some = [items(&schema, "oneOf"), items(&schema, "anyOf")].concat();
        schema.get("enum").is_some()
            || (!some.is_empty() && some.iter().all(|one| self.is_scalar(one)))
    }

    /// The alternatives that a schema comes down to, references and parts resolved.
    fn flatten(&self, schema: &Value, at: &Pointer, nesting: usize, flat: &mut Vec<Value>) {
        let Ok(mut one) = self.resolved(schema, at, DEPTH) else {
            // The reference that leads nowhere is reported where it is lowered.
            flat.push(schema.clone());
            return;
        };
        let list = |schema: &Value| [items(schema, "oneOf"), items(schema, "anyOf")].concat();
        if nesting == 0 || list(&one).is_empty() {
            flat.push(one);
            return;
        }
        if let Some(spread) = self.spread(&one, at) {
            one = spread;
        }
        let nullable = flag(&one, "nullable");
        match list(&one).as_slice() {
            [] => flat.push(one),
            alternatives => {
                let start = flat.len();
                for one in alternatives {
                    self.flatten(one, at, nesting - 1, flat);
                }
                if nullable && let Some(first) = flat.get_mut(start) {
                    first["nullable"] = json!(true);
                }
            }
        }
    }

    /// Lowers alternatives.
    pub(super) fn choice(
        &mut self,
        some: &[Value],
        key: &str,
        at: &Pointer,
        place: &Place,
    ) -> Shape {
        let mut flat = Vec::new();
        for one in some {
            self.flatten(one, at, NESTING, &mut flat);
        }
        if flat.iter().all(|one| text(one, "type") == Some("string")) {
            self.change("combination", at, format!("{key}: one schema"));
            return nullable(&flat, self.lower(&merge::texts(&flat), at, place));
        }
        let count = |is: fn(&Value) -> bool| flat.iter().filter(|one| is(one)).count();
        if place.side == Side::Request || (count(is_object) < 2 && count(is_list) < 2) {
            return self.first_of(some, key, at, place);
        }
        let (lists, mut rest): (Vec<_>, Vec<_>) = flat.iter().cloned().partition(is_list);
        if !lists.is_empty() {
            rest.push(merge::lists(&lists));
        }
        let shape = match rest.as_slice() {
            [list] => {
                self.change("combination", at, format!("{key}: one list"));
                self.lower(list, at, place)
            }
            rest if rest.iter().filter(|one| is_object(one)).count() < 2 => {
                self.first_of(rest, key, at, place)
            }
            rest => self.one_object(rest, key, at, place),
        };
        nullable(&flat, shape)
    }

    /// Received alternatives with one object in the place of all objects.
    fn one_object(&mut self, flat: &[Value], key: &str, at: &Pointer, place: &Place) -> Shape {
        let same = json!(flat).to_string();
        if let Some((known, first)) = self.joined.get(&same) {
            self.change("combination", at, format!("{key}: as at {first}"));
            return known.clone();
        }
        // Objects that hold such alternatives of each other would go on for ever.
        if self.joining == NESTING {
            self.change("combination", at, format!("{key}: anything"));
            return nullable(flat, plain(json!({})));
        }
        let (objects, rest): (Vec<Value>, Vec<Value>) = flat.iter().cloned().partition(is_object);
        let known = |one: &Value| members(one, "properties").next().is_some();
        let (whole, what) = match objects.iter().all(known) {
            true => (merge::union_of(&objects), "one schema"),
            // One of them may have any field, so all may.
            false => (json!({"type": "object"}), "any object"),
        };
        self.change("combination", at, format!("{key}: {what}"));
        self.joining += 1;
        let shape = match rest.as_slice() {
            [] => self.lower(&whole, at, place),
            rest => {
                let parts: Vec<_> = std::iter::once(whole).chain(rest.iter().cloned()).collect();
                self.first_of(&parts, key, at, place)
            }
        };
        self.joining -= 1;
        let shape = nullable(flat, shape);
        self.joined.insert(same, (shape.clone(), at.clone()));
        shape
    }

    fn first_of(&mut self, some: &[Value], key: &str, at: &Pointer, place: &Place) -> Shape {
        let mut nullable = false;
        let mut lowered = Vec::new();
        for (index, one) in some.iter().enumerate() {
            let place = Place {
                name: naming::join(&place.name, &format!("option {}", index + 1)),
                owner: false,
                ..place.clone()
            };
            let shape = self.lower(one, &at.child(key).child(index), &place);
            nullable |= shape.nullable;
            let schema = shape.into_schema(false);
            if !lowered.contains(&schema) {
                lowered.push(schema);
            }
        }
        self.change("combination", at, format!("{key}: first that decodes"));
        let schema = match lowered.as_slice() {
            [one] => one.clone(),
            _ => self.hoist(place, &place.name, json!({ "oneOf": lowered }), at),
        };
        Shape {
            nullable,
            ..plain(schema)
        }
    }
}

fn nullable(some: &[Value], mut shape: Shape) -> Shape {
    shape.nullable |= some.iter().any(|one| flag(one, "nullable"));
    shape
}

fn is_object(schema: &Value) -> bool {
    match text(schema, "type") {
        Some(kind) => kind == "object",
        None => schema.get("properties").is_some(),
    }
}

fn is_list(schema: &Value) -> bool {
    text(schema, "type") == Some("array") && schema.get("items").is_some()
}

/// True if an alternative only tells which fields go together.
fn only_narrows(alternative: &Value) -> bool {
    let narrows = |key: &String| match key.as_str() {
        "required" | "minProperties" | "maxProperties" => true,
        key => key != "default" && ANNOTATIONS.contains(&key),
    };
    let object = alternative.as_object();
    object.is_some_and(|object| object.keys().all(narrows))
}
