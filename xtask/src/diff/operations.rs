//! Operations that came, went or changed.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Change, Class, schemas};
use crate::{
    document::{flag, items, members, text},
    metadata,
    pipeline::operations,
};

/// Metadata whose change moves or reshapes a public item.
const MOVING: [&str; 5] = ["product", "verb", "effect", "envelope", "account"];
/// Metadata whose change alters what the SDK does.
const BEHAVIOUR: [&str; 5] = ["auth", "signed", "reference", "inquiry", "optional_body"];

pub(super) fn compare(old: &Value, new: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    let (old_all, new_all) = (by_request(old), by_request(new));
    for (request, operation) in &old_all {
        match new_all.get(request) {
            None => changes.push(change(Class::Breaking, operation, "removed")),
            Some(now) => one(operation, now, &mut changes),
        }
    }
    for (request, operation) in &new_all {
        if !old_all.contains_key(request) {
            changes.push(change(
                Class::Additive,
                operation,
                &format!("new, {request}"),
            ));
        }
    }
    let keys = |document| -> Vec<String> {
        members(document, "x-singapay-events")
            .map(|(key, _)| key.clone())
            .collect()
    };
    let (old_events, new_events) = (keys(old), keys(new));
    let event = |key: &String, class, what: &str| Change {
        class,
        item: format!("event {key}"),
        what: what.to_owned(),
        affected: Vec::new(),
    };
    let gone = old_events.iter().filter(|key| !new_events.contains(key));
    changes.extend(gone.map(|key| event(key, Class::Breaking, "removed")));
    let come = new_events.iter().filter(|key| !old_events.contains(key));
    changes.extend(come.map(|key| event(key, Class::Additive, "new")));
    changes
}

fn by_request(document: &Value) -> BTreeMap<String, &Value> {
    operations(document)
        .map(|(path, method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
        .collect()
}

fn id(operation: &Value) -> &str {
    text(operation, "operationId").unwrap_or_default()
}

fn change(class: Class, operation: &Value, what: &str) -> Change {
    let id = id(operation).to_owned();
    Change {
        class,
        item: id.clone(),
        what: what.to_owned(),
        affected: vec![id],
    }
}

fn one(old: &Value, new: &Value, changes: &mut Vec<Change>) {
    let mut push = |class, what: &str| changes.push(change(class, new, what));
    if id(old) != id(new) {
        push(Class::Breaking, &format!("was called {}", id(old)));
    }
    for key in MOVING.iter().chain(&BEHAVIOUR) {
        let of = |operation: &Value| operation.get(metadata::EXTENSION)?.get(*key).cloned();
        let (was, is) = (of(old), of(new));
        if was != is {
            let class = if MOVING.contains(key) {
                Class::Breaking
            } else {
                Class::Additive
            };
            push(
                class,
                &format!("{key} {} -> {}", short(was.as_ref()), short(is.as_ref())),
            );
        }
    }
    for (what, pointer) in [
        ("request", "/requestBody/content/application~1json/schema"),
        (
            "response",
            "/responses/2XX/content/application~1json/schema",
        ),
    ] {
        let (was, is) = (old.pointer(pointer), new.pointer(pointer));
        let kind = |schema: Option<&Value>| schema.map(schemas::kind);
        if kind(was) != kind(is) {
            let name = |schema: Option<&Value>| {
                schema.map_or_else(|| "nothing".to_owned(), schemas::type_name)
            };
            push(
                Class::Breaking,
                &format!("{what} {} -> {}", name(was), name(is)),
            );
        }
    }
    if flag(new, "deprecated") && !flag(old, "deprecated") {
        push(Class::Additive, "deprecated");
    }
    for key in ["summary", "description"] {
        if old.get(key) != new.get(key) {
            push(Class::Cosmetic, &format!("{key} changed"));
        }
    }
    parameters(old, new, changes);
}

fn parameters(old: &Value, new: &Value, changes: &mut Vec<Change>) {
    let of = |operation| -> BTreeMap<(&str, &str), &Value> {
        items(operation, "parameters")
            .iter()
            .filter_map(|one| Some(((text(one, "in")?, text(one, "name")?), one)))
            .collect()
    };
    let (was, is) = (of(old), of(new));
    let mut push = |class, what: String| changes.push(change(class, new, &what));
    for (key @ (_, name), parameter) in &was {
        let Some(now) = is.get(key) else {
            push(Class::Breaking, format!("parameter {name} removed"));
            continue;
        };
        match (flag(parameter, "required"), flag(now, "required")) {
            (false, true) => push(Class::Breaking, format!("parameter {name} is required now")),
            (true, false) => push(Class::Breaking, format!("parameter {name} is optional now")),
            _ => {}
        }
        let (before, after) = (&parameter["schema"], &now["schema"]);
        for (class, what) in schemas::place(before, after, true) {
            push(class, format!("parameter {name}: {what}"));
        }
        if parameter.get("description") != now.get("description") {
            push(
                Class::Cosmetic,
                format!("parameter {name}: description changed"),
            );
        }
    }
    for (key @ (_, name), parameter) in &is {
        if !was.contains_key(key) {
            let (class, kind) = match flag(parameter, "required") {
                true => (Class::Breaking, "required"),
                false => (Class::Additive, "optional"),
            };
            push(class, format!("new {kind} parameter {name}"));
        }
    }
}

fn short(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    }
}
