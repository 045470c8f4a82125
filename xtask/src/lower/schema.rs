//! Lowers one schema: decides what kind of value it describes and hands over to the rule for it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    Profile, Side,
    components::{Components, reference},
    enums, free_form, limits,
    references::References,
    report::Report,
    rust_type,
};
use crate::{
    document::{Object, Pointer, flag, text},
    rules,
};

/// Place of a schema.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    /// Side: sent or received.
    pub(super) side: Side,
    /// Name that it gets if it becomes a named schema.
    pub(super) name: String,
    /// Name of the field; empty for a body.
    pub(super) field: String,
    /// True if there is a currency beside it.
    pub(super) beside_currency: bool,
    /// Fields below it, dotted, without which the answer is useless.
    pub(super) essential: Vec<String>,
    /// True if it travels as text in a path or a header.
    pub(super) as_text: bool,
    /// True if the name belongs to it, because the document gave it.
    pub(super) owner: bool,
}

impl Place {
    /// A whole body of this name.
    pub(super) fn body(side: Side, name: impl Into<String>) -> Self {
        Self {
            side,
            name: name.into(),
            ..Self::default()
        }
    }
}

/// A lowered schema and what is said about its place.
#[derive(Debug, Clone, Default)]
pub(super) struct Shape {
    /// Schema of the value; for objects and enums a reference.
    pub(super) schema: Value,
    /// True if null may stand for it.
    pub(super) nullable: bool,
    /// Description and marks of the place.
    pub(super) marks: Object,
}

impl Shape {
    /// The schema with everything that is said about the place.
    pub(super) fn into_schema(self, nullable: bool) -> Value {
        let (schema, mut marks) = (self.schema, self.marks);
        if nullable {
            marks.insert("nullable".to_owned(), json!(true));
        }
        if marks.is_empty() {
            return schema;
        }
        match schema {
            // Members beside a reference are ignored in 3.0.
            Value::Object(object) if object.contains_key("$ref") => {
                marks.insert("allOf".to_owned(), json!([object]));
            }
            Value::Object(object) => marks.extend(object),
            _ => {}
        }
        Value::Object(marks)
    }
}

/// Reason why a number or text with a fraction is no amount in whole rupiah; it is read as text.
pub(super) const DECIMAL: &str = "x-singapay-decimal";
/// Extension with the gateway's spelling of a value that is read as text; for those who imitate it.
const WIRE: &str = "x-singapay-wire";
/// Marks that overlays may put on a schema, sorted; `spec/README.md` explains each.
pub const MARKS: [&str; 9] = [
    DECIMAL,
    "x-singapay-enum-descriptions",
    "x-singapay-free-form",
    "x-singapay-money",
    "x-singapay-null",
    rules::EXTENSION,
    "x-singapay-sensitive",
    "x-singapay-type",
    WIRE,
];

/// Lowers the schemas of one document.
pub(super) struct Schemas<'a> {
    pub(super) profile: Profile,
    pub(super) report: &'a Report,
    pub(super) components: Components,
    pub(super) references: References<'a>,
    /// Received alternatives of foreign documents that became one object, by what they are, and where.
    pub(super) joined: BTreeMap<String, (Shape, Pointer)>,
    /// Number of such objects that are being made, one inside the other.
    pub(super) joining: usize,
    /// True if required texts of requests are not empty.
    pub(super) non_empty: bool,
}

impl<'a> Schemas<'a> {
    /// For a document whose references, if it has any, point into `document`.
    pub(super) fn new(document: &'a Value, report: &'a Report) -> Self {
        let references = References::new(document);
        let components = Components::reserving(references.names());
        let non_empty = rules::required_text_is_not_empty(document).unwrap_or_else(|cause| {
            report.problem(&Pointer::root().child(rules::EXTENSION), cause);
            false
        });
        Self {
            profile: report.profile,
            report,
            components,
            references,
            joined: BTreeMap::new(),
            joining: 0,
            non_empty,
        }
    }

    /// Records a change.
    pub(super) fn change(&self, rule: &'static str, at: &Pointer, note: impl Into<String>) {
        self.report.change(rule, at, note);
    }

    /// Records something that cannot be lowered.
    pub(super) fn problem(&self, at: &Pointer, finding: impl std::fmt::Display) {
        self.report.problem(at, finding);
    }

    /// What stands at a place, or what the reference there leads to.
    pub(super) fn resolve(&self, value: &Value) -> Value {
        match text(value, "$ref") {
            Some(target) => self.references.target(target).cloned().unwrap_or_default(),
            None => value.clone(),
        }
    }

    /// Lowers `schema` and everything below it.
    pub(super) fn lower(&mut self, schema: &Value, at: &Pointer, place: &Place) -> Shape {
        self.check_marks(schema, at, place);
        let mut marks = self.marks(schema, at, place);
        let mut shape = self.kind(schema, at, place);
        shape.nullable |= flag(schema, "nullable");
        for (key, value) in shape.marks {
            marks.entry(key).or_insert(value);
        }
        shape.marks = marks;
        // The description of a whole body stands at its named schema.
        if place.field.is_empty() && text(&shape.schema, "$ref").is_some() {
            shape.marks.remove("description");
        }
        shape
    }

    fn marks(&self, schema: &Value, at: &Pointer, place: &Place) -> Object {
        let mut marks = Object::new();
        let description = text(schema, "description").or_else(|| text(schema, "title"));
        if let Some(description) = description.map(str::trim).filter(|text| !text.is_empty()) {
            marks.insert("description".to_owned(), json!(description));
        }
        if flag(schema, "deprecated") {
            marks.insert("deprecated".to_owned(), json!(true));
        }
        if let Some(wire) = schema.get(WIRE) {
            marks.insert(WIRE.to_owned(), wire.clone());
        }
        let mut limits = limits::of(schema);
        let format = text(schema, "format").filter(|format| self.checks(format, place));
        limits.extend(format.map(|format| ("format".to_owned(), json!(format))));
        if (self.profile, place.side) == (Profile::Gateway, Side::Request) {
            let found = limits::settle(&mut limits).into_iter();
            found.for_each(|finding| self.problem(at, finding));
        }
        if !limits.is_empty() {
            let described = limits::describe(&limits);
            match place.side {
                Side::Response => self.change("limits-dropped", at, described),
                Side::Request => {
                    self.change("limits-kept-apart", at, described);
                    marks.insert(limits::EXTENSION.to_owned(), limits.into());
                }
            }
        }
        if place.side == Side::Response {
            return marks;
        }
        if let Some(default) = schema.get("default") {
            self.change("default-kept-apart", at, default.to_string());
            marks.insert("x-singapay-default".to_owned(), default.clone());
        }
        if let Some(null) = schema.get("x-singapay-null") {
            marks.insert("x-singapay-null".to_owned(), null.clone());
        }
        marks
    }

    fn kind(&mut self, schema: &Value, at: &Pointer, place: &Place) -> Shape {
        if let Some(rust_type) = schema.get(rust_type::EXTENSION) {
            return plain(json!({ rust_type::EXTENSION: rust_type }));
        }
        if let Some(target) = text(schema, "$ref") {
            return self.reference(target, at, place);
        }
        if self.profile == Profile::Gateway
            && let Some(schema) = self.gateway_kind(schema, at, place)
        {
            return plain(schema);
        }
        let is_there = |key| schema.get(key).is_some();
        if ["allOf", "oneOf", "anyOf"].into_iter().any(is_there) {
            return self.combination(schema, at, place);
        }
        if schema.get("enum").is_some()
            && let Some(schema) = enums::lower(self, schema, at, place)
        {
            return plain(schema);
        }
        let kind = text(schema, "type").unwrap_or_else(|| implied_type(schema));
        let is_scalar = !matches!(kind, "object" | "");
        if self.profile == Profile::Gateway && is_scalar && is_there("properties") {
            self.problem(at, format_args!("`properties` of a value of type {kind}"));
        }
        let schema = match kind {
            "object" => self.object(schema, at, place),
            "array" => self.array(schema, at, place),
            "string" => {
                let dropped = |format: &&str| *format != "password" && !self.checks(format, place);
                if let Some(format) = text(schema, "format").filter(dropped) {
                    self.change("format-dropped", at, format);
                }
                json!({"type": "string"})
            }
            "integer" => self.integer(schema, at, place),
            "number" => {
                if self.profile == Profile::Gateway {
                    self.problem(at, "`type: number` that is no amount: give it a type");
                }
                json!({"type": "number"})
            }
            "boolean" => json!({"type": "boolean"}),
            "" => free_form::lower(self, schema, at),
            other => {
                self.problem(at, format_args!("type `{other}` is not supported"));
                json!({})
            }
        };
        plain(schema)
    }

    /// True if a format is one that a request is checked for.
    fn checks(&self, format: &str, place: &Place) -> bool {
        self.profile == Profile::Gateway
            && place.side == Side::Request
            && matches!(format, "email" | "uri")
    }

    fn integer(&self, schema: &Value, at: &Pointer, place: &Place) -> Value {
        // 31 digits have been seen.
        let long_id = place.field.ends_with("transaction_id") || place.field == "transactionId";
        if self.profile == Profile::Gateway && long_id {
            self.change("long-id", at, "integer -> string");
            return json!({"type": "string"});
        }
        let unsigned = self.profile == Profile::Foreign && text(schema, "format") == Some("uint64");
        let format = if unsigned { "uint64" } else { "int64" };
        json!({"type": "integer", "format": format})
    }

    fn array(&mut self, schema: &Value, at: &Pointer, place: &Place) -> Value {
        let Some(items) = schema.get("items") else {
            return free_form::lower(self, schema, at);
        };
        let name = match text(schema, "x-singapay-type") {
            Some(name) => name.to_owned(),
            None if place.field.is_empty() && place.side == Side::Response => place.name.clone(),
            None => super::naming::join(&place.name, "item"),
        };
        let place = Place {
            name,
            ..place.clone()
        };
        let item = self.lower(items, &at.child("items"), &place);
        let nullable = item.nullable;
        json!({"type": "array", "items": item.into_schema(nullable)})
    }

    fn check_marks(&self, schema: &Value, at: &Pointer, place: &Place) {
        let object = schema.as_object().into_iter();
        for key in object.flat_map(Object::keys) {
            if key.starts_with("x-singapay") && !MARKS.contains(&key.as_str()) {
                self.problem(&at.child(key), "no such mark for a schema");
            }
            if key == rules::EXTENSION {
                let at = at.child(key);
                if place.side == Side::Request && place.field.is_empty() {
                    let problems = rules::problems(schema).into_iter();
                    problems.for_each(|problem| self.problem(&at, problem));
                } else {
                    self.problem(&at, "only a request body has rules");
                }
            }
        }
    }

    /// Adds a named schema and gives a reference to it.
    pub(super) fn hoist(
        &mut self,
        place: &Place,
        name: &str,
        schema: Value,
        at: &Pointer,
    ) -> Value {
        let owner = place.owner && place.name == name;
        reference(&match self.profile {
            Profile::Gateway => self.components.insert_equal(name, schema, at, self.report),
            Profile::Foreign => self.components.insert_numbered(name, schema, at, owner),
        })
    }
}

/// A shape about whose place nothing is said.
pub(super) fn plain(schema: Value) -> Shape {
    Shape {
        schema,
        ..Shape::default()
    }
}

fn implied_type(schema: &Value) -> &'static str {
    if schema.get("properties").is_some() || schema.get("additionalProperties").is_some() {
        "object"
    } else if schema.get("items").is_some() {
        "array"
    } else {
        ""
    }
}
