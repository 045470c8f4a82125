//! References that are still there, which is so in foreign documents only: each component is
//! lowered once per side, however often it is used, so that cycles end.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use serde_json::{Value, json};

use super::{
    Profile, Side,
    components::reference,
    naming,
    report::Report,
    schema::{Place, Schemas, Shape, plain},
};
use crate::document::{Pointer, inner, members, text};

const SCHEMAS: &str = "#/components/schemas/";

/// Components of a document, and how far they are lowered.
pub(super) struct References<'a> {
    document: &'a Value,
    received: BTreeSet<&'a str>,
    lowered: BTreeMap<(String, Side), Option<Shape>>,
    recursive: BTreeSet<String>,
    /// Targets that something was made of.
    used: RefCell<BTreeSet<String>>,
    names: BTreeMap<(&'a str, Side), String>,
}

impl<'a> References<'a> {
    pub(super) fn new(document: &'a Value) -> Self {
        let (mut sent, mut received) = (BTreeSet::new(), BTreeSet::new());
        for (_, item) in members(document, "paths") {
            reach(document, &item["parameters"], &mut sent);
            for operation in item.as_object().into_iter().flat_map(|item| item.values()) {
                reach(document, &operation["parameters"], &mut sent);
                reach(document, &operation["requestBody"], &mut sent);
                reach(document, &operation["responses"], &mut received);
            }
        }
        for (_, item) in members(document, "webhooks") {
            reach(document, item, &mut received);
        }
        let mut references = Self {
            document,
            received,
            lowered: BTreeMap::new(),
            recursive: BTreeSet::new(),
            used: RefCell::default(),
            names: BTreeMap::new(),
        };
        // Every component has a name of its own per side; publishers distinguish by case and marks.
        let mut taken = BTreeSet::new();
        for (side, targets) in [
            (Side::Response, &references.received),
            (Side::Request, &sent),
        ] {
            for target in targets {
                let wanted = references.wanted_name(target, side);
                let name = naming::free(&wanted, "N", |name| taken.insert(name.to_owned()));
                references.names.insert((target, side), name);
            }
        }
        references
    }

    /// Target of a local reference, whose type or members are wanted.
    pub(super) fn target(&self, reference: &str) -> Option<&'a Value> {
        self.used.borrow_mut().insert(reference.to_owned());
        find(self.document, reference)
    }

    /// All targets that were wanted.
    pub(super) fn into_used(self) -> BTreeSet<String> {
        self.used.into_inner()
    }

    /// Names that components will get.
    pub(super) fn names(&self) -> BTreeSet<String> {
        self.names.values().cloned().collect()
    }

    /// The name of a component; components that only events reach are named on the spot.
    fn name(&self, target: &str, side: Side) -> String {
        match self.names.get(&(target, side)) {
            Some(name) => name.clone(),
            None => self.wanted_name(target, side),
        }
    }

    fn wanted_name(&self, target: &str, side: Side) -> String {
        // A schema that is no component is called by the whole way to it.
        let name = target.strip_prefix(SCHEMAS).unwrap_or(target);
        let name = naming::identifier(&name.replace("~1", "/"));
        if side == Side::Request && self.received.contains(target) {
            naming::join(&name, "request")
        } else {
            name
        }
    }
}

/// Target of a local reference.
pub(super) fn find<'a>(document: &'a Value, reference: &str) -> Option<&'a Value> {
    document.pointer(reference.strip_prefix('#')?)
}

/// Adds all references that lead on from `value`.
fn reach<'a>(document: &'a Value, value: &'a Value, reached: &mut BTreeSet<&'a str>) {
    if let Some(target) = text(value, "$ref")
        && reached.insert(target)
        && let Some(found) = find(document, target)
    {
        reach(document, found, reached);
    }
    inner(value).for_each(|value| reach(document, value, reached));
}

/// Records the components that are no part of any type.
pub(super) fn note_unused(document: &Value, used: &BTreeSet<String>, report: &Report) {
    for (name, _) in members(&document["components"], "schemas") {
        let at = Pointer::root().path(&["components", "schemas", name]);
        let is_part = |target: &String| target.starts_with(&format!("{at}/"));
        match used.iter().any(is_part) {
            _ if used.contains(&at.to_string()) => {}
            true => report.change(
                "left-out",
                &at,
                "no type but for the parts that are referred to",
            ),
            false => report.change("left-out", &at, "no type, because nothing leads to it"),
        }
    }
}

impl Schemas<'_> {
    /// Lowers what a reference points to, once per side.
    pub(super) fn reference(&mut self, target: &str, at: &Pointer, place: &Place) -> Shape {
        let nothing = || plain(json!({}));
        if self.profile == Profile::Gateway || !target.starts_with("#/") {
            let finding = format_args!("reference `{target}` is not supported here");
            self.problem(at, finding);
            return nothing();
        }
        let name = self.references.name(target, place.side);
        let key = (target.to_owned(), place.side);
        match self.references.lowered.get(&key) {
            Some(Some(done)) => return done.clone(),
            // Its own component, which is being lowered further up.
            Some(None) => {
                self.references.recursive.insert(name.clone());
                return plain(reference(&name));
            }
            None => {}
        }
        let Some(schema) = self.references.target(target) else {
            self.problem(at, format_args!("reference `{target}` points to nothing"));
            return nothing();
        };
        self.references.lowered.insert(key.clone(), None);
        let place = Place {
            owner: true,
            ..Place::body(place.side, &name)
        };
        let at = Pointer::parse(target.trim_start_matches('#'));
        let mut shape = self.lower(schema, &at, &place);
        if self.references.recursive.contains(&name) && !self.components.contains(&name) {
            shape.schema = self.hoist(&place, &name, shape.schema, &at);
        }
        // Marks of the component are not those of every place that uses it.
        shape.marks.clear();
        self.references.lowered.insert(key, Some(shape.clone()));
        shape
    }
}
