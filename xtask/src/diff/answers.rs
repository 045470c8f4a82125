//! What the client reads by itself: whether a call succeeded, and which event a delivery is.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{hidden::same, side::twin};
use crate::{
    document::{items, members, text},
    metadata::EXTENSION,
    repair,
};

/// Members of an answer by which it is judged, or by which a list ends: a search that ends too early does
/// not find what was paid.
const JUDGED: [&str; 6] = [
    "status",
    "success",
    "response_code",
    "command",
    "code",
    "pagination",
];

/// The answers and deliveries of a host's document that are to be read otherwise now.
pub(super) fn changed(host: &str, was: &Value, is: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (path, method, operation) in repair::operations(is) {
        let before = twin(was, operation);
        if before.is_null() {
            continue;
        }
        let request = format!("{host}: {} {path}", method.to_uppercase());
        let mut say = |what: &str| found.push(format!("{request} {what}"));
        let known: Vec<_> = successes(before).collect();
        let alike = |one: &Value| {
            known
                .iter()
                .any(|(_, known)| same(&known["content"], &one["content"]))
        };
        let stays =
            successes(operation).any(|(status, _)| before["responses"].get(status).is_some());
        for (index, (status, one)) in successes(operation).enumerate() {
            match before["responses"].get(status) {
                None if stays && !alike(one) => say(&format!(
                    "may answer {status} now, and otherwise: what does it mean?"
                )),
                Some(_) if index > 0 && !alike(one) => say(&format!(
                    "answers {status} otherwise now: what does it mean?"
                )),
                _ => {}
            }
        }
        let of = |operation| successes(operation).find_map(|(_, one)| schema(one));
        let (was, is) = (of(before), of(operation));
        // Some tell pages inside the data, or beside it in `meta`.
        let told = |schema: Option<&Value>, member: &str| {
            let beside = schema?["properties"].get(member);
            let inner = |of: &str| {
                let inner = schema?["properties"][of]["properties"].get("pagination");
                inner.filter(|_| member == "pagination")
            };
            let inside = || ["data", "meta"].into_iter().find_map(inner);
            beside.or_else(inside).cloned()
        };
        let flat = text(&operation[EXTENSION], "envelope") == Some("flat");
        for member in JUDGED.iter().filter(|_| !flat) {
            let (was, is) = (told(was, member), told(is, member));
            let counts = was.is_some() || *member == "pagination";
            if counts && !same(&was.unwrap_or_default(), &is.unwrap_or_default()) {
                say(&format!(
                    "is judged by `{member}`, or read to its end, which is gone or told otherwise"
                ));
            }
        }
    }
    for (name, webhook) in members(is, "webhooks") {
        let (was, is) = (&was["webhooks"][name]["post"], &webhook["post"]);
        let mut say = |what: String| found.push(format!("{host}: webhook `{name}` {what}"));
        if was.is_null() || is.is_null() {
            continue;
        }
        if !same(&was["responses"], &is["responses"]) {
            say(
                "expects another answer: what does it take for one that is not handled?".to_owned(),
            );
        }
        let event = |webhook: &Value| {
            schema(&webhook["requestBody"])?["properties"]
                .get("event")
                .cloned()
        };
        let (before, now) = (event(was), event(is));
        if before.is_some() && now.is_none() {
            say("does not tell its name in `event` any more".to_owned());
        }
        let (before, now) = (names(before.as_ref()), names(now.as_ref()));
        let metadata = &is[EXTENSION];
        let listed = items(metadata, "events")
            .iter()
            .chain(metadata.get("event"));
        let listed: BTreeSet<_> = listed.filter_map(Value::as_str).collect();
        for name in now
            .difference(&before)
            .filter(|name| !listed.contains(**name))
        {
            say(format!(
                "may be called `{name}` now, and its `events` do not say so"
            ));
        }
    }
    found
}

fn successes(operation: &Value) -> impl Iterator<Item = (&String, &Value)> {
    members(operation, "responses").filter(|(status, _)| status.starts_with('2'))
}

/// The schema of a body.
fn schema(body: &Value) -> Option<&Value> {
    members(body, "content").find_map(|(_, media)| media.get("schema"))
}

/// The values that a schema allows one by one.
fn names(schema: Option<&Value>) -> BTreeSet<&str> {
    let listed = schema.map(|schema| items(schema, "enum").iter().filter_map(Value::as_str));
    let alone = schema.and_then(|schema| text(schema, "const"));
    listed.into_iter().flatten().chain(alone).collect()
}
