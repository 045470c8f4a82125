//! Requests on the wire: where they go, how, and which values are accepted.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Change, Verdict};
use crate::{
    document::{self, Object, flag, items, members, parts, text},
    lower::Lowered,
    metadata, rules,
};

const LIMITS: &str = "x-singapay-limits";
/// Metadata that decides how the SDK treats an operation.
const BEHAVIOUR: &str =
    "auth signed effect envelope reference inquiry account payout optional_body";

/// Request of one operation, as it is sent.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Request {
    /// Method and path, without the names of its parameters.
    pub(super) target: String,
    /// Names of the parameters of the path.
    pub(super) names: Vec<String>,
    pub(super) behaviour: BTreeMap<&'static str, Value>,
    rules: Vec<Value>,
    pub(super) places: BTreeMap<String, Place>,
}

/// One value that is sent.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Place {
    pub(super) required: bool,
    /// What tells its type.
    pub(super) kind: [Option<Value>; 2],
    limits: Object,
}

/// The requests of all operations, by operation id.
pub(super) fn of(lowered: &Lowered) -> BTreeMap<String, Request> {
    let hosts = lowered.hosts.iter().map(|host| &host.document);
    hosts.flat_map(of_document).collect()
}

/// The requests of one lowered document.
pub(super) fn of_document(document: &Value) -> Vec<(String, Request)> {
    document::operations(document)
        .map(|(path, method, operation)| {
            let id = text(operation, "operationId").unwrap_or_default();
            (id.to_owned(), request(document, path, method, operation))
        })
        .collect()
}

fn request(document: &Value, path: &str, method: &str, operation: &Value) -> Request {
    let mut request = Request {
        target: format!("{} {}", method.to_uppercase(), nameless(path)),
        names: parts(path).into_iter().map(str::to_owned).collect(),
        ..Request::default()
    };
    for key in BEHAVIOUR.split(' ') {
        let value = operation[metadata::EXTENSION].get(key);
        let value = value.map(|value| (key, value.clone()));
        request.behaviour.extend(value);
    }
    for parameter in items(operation, "parameters") {
        let name = text(parameter, "name").unwrap_or_default();
        // A path has no names on the wire.
        let name = match text(parameter, "in") {
            Some("path") => format!("{{{}}}", request.places.len()),
            _ => name.to_owned(),
        };
        let required = flag(parameter, "required");
        request.place(document, &parameter["schema"], name, required, 0);
    }
    for (_, media) in members(&operation["requestBody"], "content") {
        request.place(document, &media["schema"], String::new(), true, 0);
    }
    request
}

/// A path without the names of its parameters.
pub(super) fn nameless(path: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |path, part| {
        let rest = part.split_once('}').map_or("", |(_, rest)| rest);
        path + "{}" + rest
    })
}

impl Request {
    /// Reads a value, and those below it.
    fn place(
        &mut self,
        document: &Value,
        schema: &Value,
        at: String,
        required: bool,
        depth: usize,
    ) {
        const DEEPEST: usize = 16;
        if depth > DEEPEST {
            return;
        }
        let target = text(schema, "$ref").and_then(|target| target.strip_prefix('#'));
        let inner = target
            .and_then(|target| document.pointer(target))
            .or_else(|| schema.pointer("/x-rust-type/parameters/0"))
            .or_else(|| items(schema, "allOf").first());
        let known = self.places.entry(at.clone()).or_default();
        known.required |= required;
        let limits = members(schema, LIMITS).map(|(key, limit)| (key.clone(), limit.clone()));
        known.limits.extend(limits);
        if let Some(inner) = inner {
            self.place(document, inner, at, required, depth + 1);
            return;
        }
        known.kind = ["/type", "/x-rust-type/path"].map(|at| schema.pointer(at).cloned());
        self.rules
            .extend_from_slice(items(schema, rules::EXTENSION));
        if let Some(item) = schema.get("items") {
            self.place(document, item, format!("{at}[]"), false, depth + 1);
        }
        for (name, property) in members(schema, "properties") {
            let required = items(schema, "required").iter().any(|one| one == name);
            let at = match at.as_str() {
                "" => name.clone(),
                at => format!("{at}.{name}"),
            };
            self.place(document, property, at, required, depth + 1);
        }
    }
}

/// Changes of one operation, which is called `item`.
pub(super) fn compare(item: &str, old: &Request, new: &Request, changes: &mut Vec<Change>) {
    let mut push = |class, place: &str, what: String| {
        let item = match place {
            "" => item.to_owned(),
            place => format!("{item}::{place}"),
        };
        changes.push(Change { class, item, what });
    };
    if old.target != new.target {
        let what = format!("moved: {} -> {}", old.target, new.target);
        push(Verdict::Patch, "", what);
    }
    for key in BEHAVIOUR.split(' ') {
        let (was, is) = (old.behaviour.get(key), new.behaviour.get(key));
        if was != is {
            let what = format!("{key} {} -> {}", short(was), short(is));
            push(Verdict::Minor, "", what);
        }
    }
    let fewer =
        |some: &[Value], than: &[Value]| some.iter().filter(|rule| !than.contains(rule)).count();
    if fewer(&new.rules, &old.rules) > 0 {
        push(Verdict::Major, "", "a new rule between fields".to_owned());
    } else if fewer(&old.rules, &new.rules) > 0 {
        let what = "a rule between fields is lifted".to_owned();
        push(Verdict::Minor, "", what);
    }
    let nothing = Place::default();
    for (name, is) in &new.places {
        let was = old.places.get(name);
        let before = was.unwrap_or(&nothing);
        match (before.required, is.required) {
            (false, true) => push(Verdict::Major, name, "required now".to_owned()),
            (true, false) => push(Verdict::Minor, name, "optional now".to_owned()),
            _ => {}
        }
        // A field that did not exist had no limits that anybody could have kept to.
        if was.is_some() {
            for (class, what) in limits(&before.limits, &is.limits) {
                push(class, name, what);
            }
        }
    }
    for (name, was) in &old.places {
        if was.required && !new.places.contains_key(name) {
            push(Verdict::Major, name, "no longer sent".to_owned());
        }
    }
}

fn limits(was: &Object, is: &Object) -> Vec<(Verdict, String)> {
    let keys: BTreeSet<_> = was.keys().chain(is.keys()).collect();
    let mut changes = Vec::new();
    for key in keys {
        let (before, after) = (was.get(key), is.get(key));
        let wider = match (before, after) {
            (before, after) if before == after => continue,
            (Some(before), Some(after)) => match (before.as_f64(), after.as_f64()) {
                (Some(before), Some(after)) if key.starts_with("min") => after < before,
                (Some(before), Some(after)) if key.starts_with("max") => after > before,
                (Some(before), Some(after)) => before % after == 0.0,
                _ => false,
            },
            (_, None) => true,
            (None, _) => false,
        };
        let class = match wider {
            true => Verdict::Minor,
            false => Verdict::Major,
        };
        let what = format!("limit {key} {} -> {}", short(before), short(after));
        changes.push((class, what));
    }
    changes
}

fn short(value: Option<&Value>) -> String {
    match value {
        None => "none".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    }
}
