//! Requests on the wire: where they go, how, and which values are accepted.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Change, Class};
use crate::{
    document::{flag, items, members, text},
    lower::Lowered,
    metadata, pipeline, rules,
};

const LIMITS: &str = "x-singapay-limits";
/// Metadata that decides how the SDK treats an operation.
const BEHAVIOUR: [&str; 9] = [
    "auth",
    "signed",
    "effect",
    "envelope",
    "reference",
    "inquiry",
    "account",
    "payout",
    "optional_body",
];

/// Request of one operation, as it is sent.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Request {
    /// Method and path, without the names of its parameters.
    pub(super) target: String,
    behaviour: BTreeMap<&'static str, Value>,
    rules: Vec<Value>,
    places: BTreeMap<String, Place>,
}

/// One value that is sent.
#[derive(Debug, Default, PartialEq)]
struct Place {
    required: bool,
    limits: Map<String, Value>,
}

/// The requests of all operations, by operation id.
pub(super) fn of(lowered: &Lowered) -> BTreeMap<String, Request> {
    let hosts = lowered.hosts.iter().map(|host| &host.document);
    hosts.flat_map(of_document).collect()
}

/// The requests of one lowered document.
pub(super) fn of_document(document: &Value) -> Vec<(String, Request)> {
    pipeline::operations(document)
        .map(|(path, method, operation)| {
            let id = text(operation, "operationId").unwrap_or_default();
            (id.to_owned(), request(document, path, method, operation))
        })
        .collect()
}

fn request(document: &Value, path: &str, method: &str, operation: &Value) -> Request {
    let mut request = Request {
        target: format!("{} {}", method.to_uppercase(), nameless(path)),
        ..Request::default()
    };
    for key in BEHAVIOUR {
        let value = operation
            .get(metadata::EXTENSION)
            .and_then(|all| all.get(key));
        request
            .behaviour
            .extend(value.map(|value| (key, value.clone())));
    }
    for parameter in items(operation, "parameters") {
        let name = text(parameter, "name").unwrap_or_default();
        // A path has no names on the wire.
        let name = match text(parameter, "in") {
            Some("path") => format!("{{{}}}", request.places.len()),
            _ => name.to_owned(),
        };
        let required = flag(parameter, "required");
        place(
            document,
            &parameter["schema"],
            name,
            required,
            &mut request,
            0,
        );
    }
    for (_, media) in members(&operation["requestBody"], "content") {
        place(
            document,
            &media["schema"],
            String::new(),
            true,
            &mut request,
            0,
        );
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

fn place(
    document: &Value,
    schema: &Value,
    at: String,
    required: bool,
    request: &mut Request,
    depth: usize,
) {
    const DEEPEST: usize = 16;
    if depth > DEEPEST {
        return;
    }
    let target =
        text(schema, "$ref").and_then(|target| document.pointer(target.strip_prefix('#')?));
    let inner = target
        .or_else(|| schema.pointer("/x-rust-type/parameters/0"))
        .or_else(|| items(schema, "allOf").first());
    let own = schema.get(LIMITS).and_then(Value::as_object).cloned();
    let known = request.places.entry(at.clone()).or_default();
    known.required |= required;
    known.limits.extend(own.unwrap_or_default());
    if let Some(inner) = inner {
        place(document, inner, at, required, request, depth + 1);
        return;
    }
    request
        .rules
        .extend_from_slice(items(schema, rules::EXTENSION));
    if let Some(item) = schema.get("items") {
        place(document, item, format!("{at}[]"), false, request, depth + 1);
    }
    for (name, property) in members(schema, "properties") {
        let required = items(schema, "required").iter().any(|one| one == name);
        let at = if at.is_empty() {
            name.clone()
        } else {
            format!("{at}.{name}")
        };
        place(document, property, at, required, request, depth + 1);
    }
}

/// Changes of one operation, which is called `item`.
pub(super) fn compare(item: &str, old: &Request, new: &Request, changes: &mut Vec<Change>) {
    let mut push = |class, place: &str, what: String| {
        let item = if place.is_empty() {
            item.to_owned()
        } else {
            format!("{item}::{place}")
        };
        changes.push(Change { class, item, what });
    };
    if old.target != new.target {
        push(
            Class::Cosmetic,
            "",
            format!("moved: {} -> {}", old.target, new.target),
        );
    }
    for key in BEHAVIOUR {
        let (was, is) = (old.behaviour.get(key), new.behaviour.get(key));
        if was != is {
            push(
                Class::Additive,
                "",
                format!("{key} {} -> {}", short(was), short(is)),
            );
        }
    }
    let fewer =
        |some: &[Value], than: &[Value]| some.iter().filter(|rule| !than.contains(rule)).count();
    if fewer(&new.rules, &old.rules) > 0 {
        push(Class::Breaking, "", "a new rule between fields".to_owned());
    } else if fewer(&old.rules, &new.rules) > 0 {
        push(
            Class::Additive,
            "",
            "a rule between fields is lifted".to_owned(),
        );
    }
    let nothing = Place::default();
    for (name, is) in &new.places {
        let was = old.places.get(name);
        let before = was.unwrap_or(&nothing);
        match (before.required, is.required) {
            (false, true) => push(Class::Breaking, name, "required now".to_owned()),
            (true, false) => push(Class::Additive, name, "optional now".to_owned()),
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
            push(Class::Breaking, name, "no longer sent".to_owned());
        }
    }
}

fn limits(was: &Map<String, Value>, is: &Map<String, Value>) -> Vec<(Class, String)> {
    let mut keys: Vec<_> = was.keys().chain(is.keys()).collect();
    keys.sort();
    keys.dedup();
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
        let class = if wider {
            Class::Additive
        } else {
            Class::Breaking
        };
        changes.push((
            class,
            format!("limit {key} {} -> {}", short(before), short(after)),
        ));
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
