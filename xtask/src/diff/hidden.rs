//! Corrections that speak of what was published before.
//!
//! An overlay that sets what its publisher changes hides the change: the generated code stays as it
//! is, though nobody knows any more whether the correction still holds.

use std::{collections::BTreeSet, slice};

use serde_json::Value;
use serde_json_path::JsonPath;

use super::{brief, is_prose};
use crate::{
    document::{Object, items},
    overlay::{Action, Overlay},
    published::Published,
    repair,
};

/// Tells where, what was published there, and what is.
type Tell<'a> = dyn FnMut(&str, Option<&Value>, Option<&Value>) + 'a;

/// The corrections of what one document says otherwise than the other, each with its line.
pub(super) fn find(old: &Published, new: &Published) -> Vec<String> {
    let mut found = Vec::new();
    if old.document == new.document {
        return found;
    }
    for (before, action) in old.overlay.actions.iter().zip(&new.overlay.actions) {
        // Whoever changed a correction has looked at it.
        if (&before.update, before.remove) != (&action.update, action.remove) {
            continue;
        }
        let mut say = |at: &str, was: Option<&Value>, is: Option<&Value>| {
            let is = is.unwrap_or(&Value::Null);
            if !action.evidence.against.contains(is) {
                let was = brief(was.unwrap_or(&Value::Null));
                found.push(format!(
                    "{}: {}: corrects what was published as {was}, and is {} now:{at}",
                    action.line,
                    action.target,
                    brief(is)
                ));
            }
        };
        let (was, is) = (nodes(&old.document, before), nodes(&new.document, action));
        let pairs = was.iter().zip(&is).filter(|_| was.len() == is.len());
        for ((_, was), (place, is)) in pairs {
            let offered = action.remove && is_offered(&new.overlay, was);
            match &action.update {
                Some(update) => covered(update, Some(was), Some(is), "", &mut |at, was, is| {
                    let received = place.contains("/responses/") || place.starts_with("/webhooks/");
                    if !(at.ends_with(" type") && kinds(was, received) == kinds(is, received)) {
                        say(at, was, is);
                    }
                }),
                None if same(&asked(place, was, offered), &asked(place, is, offered)) => {}
                None => say(" (taken away whole)", Some(was), Some(is)),
            }
        }
    }
    found
}

/// The places of a document that an action corrects, and what is published there.
fn nodes<'d>(document: &'d Value, action: &Action) -> Vec<(String, &'d Value)> {
    let path = JsonPath::parse(&action.target).ok();
    let nodes = path.iter().flat_map(|path| path.query_located(document));
    nodes
        .map(|node| (node.location().to_json_pointer(), node.node()))
        .collect()
}

/// The types that a value may have, as far as the client cares: it reads texts and numbers alike, and
/// sends no null.
fn kinds(kind: Option<&Value>, received: bool) -> BTreeSet<&str> {
    let all = kind.map(|kind| kind.as_array().map_or(slice::from_ref(kind), Vec::as_slice));
    let names = all.into_iter().flatten().filter_map(Value::as_str);
    let names = names.filter(|name| received || *name != "null");
    names
        .map(|name| match name {
            "integer" | "number" | "string" if received => "scalar",
            other => other,
        })
        .collect()
}

/// True if the overlay offers what it takes away at another place, as a copy of its own.
fn is_offered(overlay: &Overlay, item: &Value) -> bool {
    let all = overlay.actions.iter();
    let updates = all.filter(|action| action.target == "$.paths");
    let items = updates.flat_map(|action| action.update.iter().filter_map(Value::as_object));
    let mut copies = items.flat_map(Object::values).flat_map(of_path);
    copies.any(|(method, copy)| {
        let mut taken = of_path(item);
        taken.any(|(name, taken)| name == method && repair::are_close(taken, copy))
    })
}

/// The operations of a path, by method.
fn of_path(item: &Value) -> impl Iterator<Item = (&String, &Value)> {
    item.as_object().into_iter().flatten()
}

/// What counts of a node that is taken away: of an operation what it asks for, and what it answers if it
/// is offered at another place.
fn asked(place: &str, node: &Value, offered: bool) -> Value {
    let mut asked = node.clone();
    if place.starts_with("/paths/") && place.matches('/').count() <= 3 {
        let inner = asked.as_object_mut().into_iter().flatten();
        inner.for_each(|(_, one)| forget(one, offered));
        forget(&mut asked, offered);
    }
    asked
}

pub(super) fn forget(operation: &mut Value, offered: bool) {
    if let Some(operation) = operation.as_object_mut() {
        // Schemes and parts of a path have names of their publisher's choice.
        operation.remove("security");
        let parameters = operation.get_mut("parameters").into_iter();
        for one in parameters.flat_map(|all| all.as_array_mut()).flatten() {
            if one["in"] == "path" {
                one["name"] = Value::Null;
            }
        }
        operation.retain(|key, _| offered || key != "responses");
    }
}

/// True of members that the overlays say for everything, whatever is published.
fn is_ours(key: &str) -> bool {
    is_prose(key) || matches!(key, "deprecated" | "operationId" | "tags") || key.starts_with("x-")
}

/// Tells each value of an update under which the published one is another than before.
fn covered(update: &Value, was: Option<&Value>, is: Option<&Value>, at: &str, say: &mut Tell<'_>) {
    let named = at.ends_with(" properties");
    let told = was.zip(is).is_none_or(|(was, is)| !alike(was, is, named));
    if !told || is == Some(update) || (was, is) == (None, None) {
        return;
    }
    match update {
        Value::Object(update) => {
            // A pattern that ends with a count says how long a text is.
            let counts = update.get("pattern").and_then(Value::as_str);
            let counts =
                counts.is_some_and(|pattern| pattern.trim_end_matches([')', '$']).ends_with('}'));
            let lengths = [("minLength", &Value::Null), ("maxLength", &Value::Null)];
            let keys = update.iter().map(|(key, value)| (key.as_str(), value));
            for (key, value) in keys.chain(lengths.into_iter().filter(|_| counts)) {
                if named || !is_ours(key) {
                    let at = format!("{at} {key}");
                    let [was, is] =
                        [was, is].map(|value| value.and_then(|value| member(value, key)));
                    covered(value, was, is, &at, say);
                }
            }
        }
        // Lists are added to, which hides nothing.
        _ if at.is_empty() => {}
        Value::Array(_) if is.is_some_and(Value::is_array) => {}
        _ => say(at, was, is),
    }
}

/// A member of a schema, also of one that stands alone in an `allOf`.
fn member<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    let alone = || match items(value, "allOf") {
        [one] => one.get(key),
        _ => None,
    };
    value.get(key).or_else(alone)
}

/// True if two values differ in prose and in the order of lists at most.
pub(super) fn same(was: &Value, is: &Value) -> bool {
    alike(was, is, false)
}

/// The same; the members of `properties` are named by their publisher, so none of them is prose.
fn alike(was: &Value, is: &Value, named: bool) -> bool {
    match (was, is) {
        _ if was == is => true,
        (Value::Object(was), Value::Object(is)) => {
            let keys = was.keys().chain(is.keys());
            let mut counted = keys.filter(|key| named || !is_ours(key));
            counted.all(|key| match (was.get(key), is.get(key)) {
                (Some(was), Some(is)) => alike(was, is, key == "properties" && !named),
                _ => false,
            })
        }
        (Value::Array(was), Value::Array(is)) => {
            let known = |one: &Value| was.iter().any(|was| same(was, one));
            was.len() == is.len() && is.iter().all(known)
        }
        _ => false,
    }
}
