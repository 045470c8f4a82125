//! Objects: named, with strict fields when sent and tolerant ones when received.

use serde_json::{Value, json};

use super::{
    Profile, Side,
    field_names::Names,
    free_form, limits, money, naming, rust_type,
    schema::{Place, Schemas},
};
use crate::{
    document::{Object, Pointer, flag, items, members, text, texts},
    rules,
};

impl Schemas<'_> {
    /// Lowers an object to a reference, a map or an amount with its currency.
    pub(super) fn object(&mut self, schema: &Value, at: &Pointer, place: &Place) -> Value {
        if members(schema, "properties").next().is_none() {
            return match schema.get("additionalProperties") {
                Some(value) if value.as_object().is_some_and(|value| !value.is_empty()) => {
                    self.map(value, at, place)
                }
                _ => free_form::lower(self, schema, at),
            };
        }
        let whole = place.essential.is_empty() || !place.field.is_empty();
        if self.profile == Profile::Gateway && whole && money::is_money_object(schema) {
            self.change("money", at, "value and currency: Money");
            for (name, property) in members(schema, "properties") {
                let other = text(property, "type") != Some("string")
                    || items(property, "enum").iter().any(|value| value != "IDR");
                if place.side == Side::Request && (other || !limits::of(property).is_empty()) {
                    let at = at.child("properties").child(name);
                    self.problem(&at, "nobody checks what an amount of money is held to");
                }
            }
            return rust_type::money(place.side);
        }
        let name = text(schema, "x-singapay-type").unwrap_or(&place.name);
        if name != place.name {
            self.change("named", at, name);
        }
        let mut component = self.component(schema, at, place, name);
        // Ours keep what they do not know in any case.
        let declared = schema.get("additionalProperties");
        let foreign = self.profile == Profile::Foreign;
        if let Some(declared) = declared.filter(|value| foreign && **value != json!(false)) {
            let anything = declared.as_object().is_none_or(Object::is_empty);
            component["additionalProperties"] = match anything {
                // The generator keeps them only where they have a type.
                true => json!({"nullable": true}),
                false => self.map(declared, at, place)["additionalProperties"].clone(),
            };
        }
        self.hoist(place, name, component, at)
    }

    fn map(&mut self, value: &Value, at: &Pointer, place: &Place) -> Value {
        let place = Place {
            name: naming::join(&place.name, "value"),
            ..place.clone()
        };
        let value = self.lower(value, &at.child("additionalProperties"), &place);
        let nullable = value.nullable;
        json!({"type": "object", "additionalProperties": value.into_schema(nullable)})
    }

    /// The fields of a request are as required as they are; those that may be left out may also be null for
    /// us, so that "left out" and "empty" stay two things. Of those of an answer the essential ones are required.
    fn component(&mut self, schema: &Value, at: &Pointer, place: &Place, name: &str) -> Value {
        let demanded: Vec<_> = texts(schema, "required").collect();
        let (hidden, rule, note) = match place.side {
            Side::Request => ("readOnly", "read-only", "left out of the request"),
            Side::Response => ("writeOnly", "write-only", "left out of the response"),
        };
        let mut properties = Object::new();
        let (mut required, mut optional) = (Vec::new(), Vec::new());
        let mut names = Names::new(self.profile, schema);
        for (field, property) in members(schema, "properties") {
            let at = at.child("properties").child(field);
            if flag(property, hidden) {
                self.change(rule, &at, note);
                continue;
            }
            let below = below(schema, place, name, field);
            let is_required = match place.side {
                Side::Request => demanded.contains(&field.as_str()),
                Side::Response => !below.essential.is_empty() || place.essential.contains(field),
            };
            let mut shape = self.lower(property, &at, &below);
            let nullable = match place.side {
                Side::Request => shape.nullable || !is_required,
                Side::Response => !is_required,
            };
            let sent = is_required && place.side == Side::Request;
            if sent && self.non_empty && is_text(property, &shape.schema) {
                let limits = shape.marks.entry(limits::EXTENSION).or_insert(json!({}));
                if limits.get("minLength").is_none() {
                    limits["minLength"] = json!(1);
                }
            }
            let Some(key) = names.of(field) else {
                self.problem(&at, "another field has the same name in Rust");
                continue;
            };
            if is_required && !nullable && shape.nullable {
                self.problem(&at, "an essential field may be null: is it essential?");
            }
            match is_required {
                true => required.push(key.clone()),
                false => optional.push(field.as_str()),
            }
            // Absent, null and a value are three things for this field.
            let three_ways = shape.marks.contains_key("x-singapay-null");
            if three_ways {
                shape.schema = rust_type::core_of("Nullable", &[shape.schema.take()]);
            }
            properties.insert(key, shape.into_schema(nullable && !three_ways));
        }
        let closed = schema.get("additionalProperties") == Some(&json!(false));
        match place.side {
            Side::Request => {
                for name in demanded {
                    if self.profile == Profile::Gateway && !properties.contains_key(name) {
                        self.problem(at, format_args!("`{name}` is required but not a property"));
                    }
                }
            }
            Side::Response => {
                for path in &place.essential {
                    let first = path.split('.').next().unwrap_or_default();
                    if !properties.contains_key(first) {
                        self.problem(at, format_args!("essential field `{path}` is not there"));
                    }
                }
                if !optional.is_empty() {
                    self.change("tolerant-response", at, optional.join(", "));
                }
                if closed {
                    let at = at.child("additionalProperties");
                    self.change("tolerant-response", &at, "false: left out");
                }
            }
        }
        let mut component = json!({"type": "object", "properties": properties});
        if !required.is_empty() {
            component["required"] = json!(required);
        }
        if let Some(description) = text(schema, "description") {
            component["description"] = json!(description.trim());
        }
        if place.side == Side::Request {
            if closed {
                component["additionalProperties"] = json!(false);
            }
            if let Some(rules) = schema.get(rules::EXTENSION) {
                component[rules::EXTENSION] = rules.clone();
            }
        }
        component
    }
}

/// True if a value is sent as text that the caller chooses.
fn is_text(schema: &Value, lowered: &Value) -> bool {
    let path = lowered.pointer("/x-rust-type/path").and_then(Value::as_str);
    schema.get("enum").is_some()
        || text(lowered, "type") == Some("string")
        || path.is_some_and(|path| path.ends_with("::Sensitive"))
}

/// Place of a field of an object at `place` that is called `name`.
fn below(object: &Value, place: &Place, name: &str, field: &str) -> Place {
    let essential = place.essential.iter();
    let essential = essential.filter_map(|path| path.strip_prefix(field)?.strip_prefix('.'));
    Place {
        field: field.to_owned(),
        beside_currency: object.pointer("/properties/currency").is_some(),
        essential: essential.map(str::to_owned).collect(),
        ..Place::body(place.side, naming::join(name, field))
    }
}
