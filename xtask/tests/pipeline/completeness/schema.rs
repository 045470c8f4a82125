//! What a schema of a document allows, read without the code that lowers it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use xtask::document::{items, members, text};

/// A part of the document with all places under which the report may name it.
#[derive(Debug, Clone)]
pub(crate) struct Told<'a> {
    pub(crate) value: &'a Value,
    pub(crate) places: Vec<String>,
}

/// One alternative of a schema, its parts put together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form<'a> {
    pub(crate) places: Vec<String>,
    /// Pointers of all schemas that it is made of.
    pub(crate) parts: BTreeSet<String>,
    pub(crate) members: BTreeMap<&'a str, Vec<Told<'a>>>,
    pub(crate) items: Vec<Told<'a>>,
    pub(crate) further: Vec<Told<'a>>,
    pub(crate) values: Vec<&'a Value>,
}

/// Names of one place that are kept.
const PLACES: usize = 12;
/// More alternatives than this are looked at as one: of two choices beside each other, and of one.
const MOST: usize = 32;
const MOST_OF_ONE: usize = 128;

pub(crate) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

impl<'a> Told<'a> {
    pub(crate) fn new(value: &'a Value, place: impl Into<String>) -> Self {
        Self {
            value,
            places: vec![place.into()],
        }
    }

    /// What stands below, under the same names.
    pub(crate) fn below(&self, value: &'a Value, keys: &[&str]) -> Self {
        let under = keys.iter().map(|key| format!("/{}", escape(key)));
        let under: String = under.collect();
        Self {
            value,
            places: self
                .places
                .iter()
                .map(|at| format!("{at}{under}"))
                .collect(),
        }
    }

    /// The same under further names.
    fn also(mut self, places: &[String]) -> Self {
        for place in places {
            if !self.places.contains(place) && self.places.len() < PLACES {
                self.places.push(place.clone());
            }
        }
        self
    }

    /// What a local reference leads to, escapes of URLs decoded.
    pub(crate) fn followed(&self, document: &'a Value) -> Option<Self> {
        let target = text(self.value, "$ref")?.strip_prefix('#')?;
        let target = target.replace("%7B", "{").replace("%7D", "}");
        let target = target.replace("%20", " ").replace("%3C", "<");
        let target = target.replace("%3E", ">").replace("%5B", "[");
        let target = target.replace("%5D", "]");
        let found = document.pointer(&target)?;
        Some(Self::new(found, target).also(&self.places))
    }

    /// The end of a chain of references.
    pub(crate) fn resolved(self, document: &'a Value) -> Self {
        match self.followed(document) {
            Some(next) if next.places != self.places => next.resolved(document),
            _ => self,
        }
    }

    /// All alternatives of a schema.
    pub(crate) fn forms(&self, document: &'a Value) -> Vec<Form<'a>> {
        self.unfolded(document, &mut Vec::new())
    }

    fn unfolded(&self, document: &'a Value, open: &mut Vec<*const Value>) -> Vec<Form<'a>> {
        if open.contains(&std::ptr::from_ref(self.value)) {
            return Vec::new();
        }
        open.push(self.value);
        let mut forms = vec![self.own()];
        if let Some(target) = self.followed(document) {
            // Its places come first.
            let target = target.unfolded(document, open);
            if !target.is_empty() {
                forms = together(target, forms);
            }
        }
        for (index, part) in items(self.value, "allOf").iter().enumerate() {
            let part = self.below(part, &["allOf", &index.to_string()]);
            forms = together(forms, part.also(&self.places).unfolded(document, open));
        }
        for key in ["oneOf", "anyOf"] {
            let mut some = Vec::new();
            for (index, one) in items(self.value, key).iter().enumerate() {
                let one = self.below(one, &[key, &index.to_string()]);
                some.extend(one.also(&self.places).unfolded(document, open));
            }
            if some.len() > MOST_OF_ONE {
                some = some.into_iter().reduce(Form::with).into_iter().collect();
            }
            forms = together(forms, some);
        }
        open.pop();
        forms
    }

    /// What stands in the schema itself.
    fn own(&self) -> Form<'a> {
        let mut form = Form {
            places: self.places.clone(),
            parts: self.places.first().into_iter().cloned().collect(),
            ..Form::default()
        };
        for (name, property) in members(self.value, "properties") {
            let property = self.below(property, &["properties", name]);
            form.members.insert(name, vec![property]);
        }
        if let Some(item) = self.value.get("items") {
            form.items.push(self.below(item, &["items"]));
        }
        let further = self.value.get("additionalProperties");
        if let Some(further) = further.filter(|further| **further != Value::Bool(false)) {
            form.further
                .push(self.below(further, &["additionalProperties"]));
        }
        form.values.extend(items(self.value, "enum"));
        form.values.extend(self.value.get("const"));
        form
    }
}

/// Every one of the first with every one of the others, where there are others.
fn together<'a>(first: Vec<Form<'a>>, others: Vec<Form<'a>>) -> Vec<Form<'a>> {
    if others.is_empty() {
        return first;
    }
    let mut all = Vec::new();
    let one = first.len().min(others.len()) > 1 && first.len() * others.len() > MOST;
    for mut form in first {
        for other in &others {
            if one {
                form.add(other);
            } else {
                let mut both = form.clone();
                both.add(other);
                all.push(both);
            }
        }
        if one {
            all.push(form);
        }
    }
    all
}

impl<'a> Form<'a> {
    fn with(mut self, other: Self) -> Self {
        self.add(&other);
        self
    }

    fn add(&mut self, other: &Self) {
        for (index, place) in other.places.iter().enumerate() {
            // The name that it has of its own always counts.
            if !self.places.contains(place) && (index == 0 || self.places.len() < PLACES) {
                self.places.push(place.clone());
            }
        }
        self.parts.extend(other.parts.iter().cloned());
        // A member that is merged stands under the name of the whole, too.
        for (name, told) in &other.members {
            let present = self.members.entry(name).or_default();
            for told in told {
                if !present
                    .iter()
                    .any(|one| std::ptr::eq(one.value, told.value))
                {
                    present.push(told.clone());
                }
            }
        }
        self.items.extend(other.items.iter().cloned());
        self.further.extend(other.further.iter().cloned());
        for value in &other.values {
            if !self.values.contains(value) {
                self.values.push(value);
            }
        }
    }
}
