//! What the client reads by itself: whether a call succeeded, and which event a delivery is.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{hidden::same, side::twins};
use crate::{
    document::{members, schema, successes, text, texts},
    metadata::EXTENSION,
    published::Published,
};

/// Members of an answer by which it is judged, or by which a list ends: a search that ends too early does
/// not find what was paid.
const JUDGED: &str = "status success response_code command code pagination";

/// The answers and deliveries of a host's document that are to be read otherwise now.
pub(super) fn changed(old: &Published, new: &Published) -> Vec<String> {
    let mut found = Vec::new();
    for twin in twins(old, new) {
        let (before, operation, [_, published]) = (twin.was, twin.is, twin.published);
        let mut say = |what: &str| found.push(format!("{} {what}", twin.request));
        let like = |known: &Value, one: &Value| same(&known["content"], &one["content"]);
        let alike = |one| successes(before).any(|(_, known)| like(known, one));
        let stayed = |status: &str| before["responses"].get(status).is_some();
        // No correction of the one is one of the other.
        let copied = |status: &str| {
            let mut known = successes(published).filter(|(other, _)| stayed(other));
            known.any(|(_, one)| like(one, &published["responses"][status]))
        };
        let stays = successes(operation).any(|(status, _)| stayed(status));
        for (index, (status, one)) in successes(operation).enumerate() {
            match before["responses"].get(status) {
                None if stays && !alike(one) && !copied(status) => say(&format!(
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
        for (status, name) in lost(before, operation) {
            say(&format!(
                "refuses {status} without `{name}` now, by which it is judged"
            ));
        }
        let flat = text(&operation[EXTENSION], "envelope") == Some("flat");
        for member in JUDGED.split(' ').filter(|_| !flat) {
            let (was, is) = (told(was, member), told(is, member));
            let counts = was.is_some() || member == "pagination";
            if counts && !same(&was.unwrap_or_default(), &is.unwrap_or_default()) {
                say(&format!(
                    "is judged by `{member}`, or read to its end, which is gone or told otherwise"
                ));
            }
        }
    }
    for (name, webhook) in members(&new.corrected, "webhooks") {
        let (was, is) = (&old.corrected["webhooks"][name]["post"], &webhook["post"]);
        let mut say = |what: &str| found.push(format!("{}: webhook `{name}` {what}", new.host));
        if was.is_null() || is.is_null() {
            continue;
        }
        if !same(&was["responses"], &is["responses"]) {
            say("expects another answer: what does it take for one that is not handled?");
        }
        let event = |webhook: &'_ Value| {
            schema(&webhook["requestBody"])?
                .pointer("/properties/event")
                .cloned()
        };
        let (before, now) = (event(was), event(is));
        if before.is_some() && now.is_none() {
            say("does not tell its name in `event` any more");
        }
        let (before, now) = (names(before.as_ref()), names(now.as_ref()));
        let metadata = &is[EXTENSION];
        let listed = texts(metadata, "events").chain(text(metadata, "event"));
        let listed: BTreeSet<_> = listed.collect();
        let new = now.difference(&before);
        for name in new.filter(|name| !listed.contains(**name)) {
            say(&format!(
                "may be called `{name}` now, and its `events` do not say so"
            ));
        }
    }
    found
}

/// The refusals that lost a member by which they are judged, by status, with that member.
fn lost<'d>(was: &'d Value, is: &'d Value) -> impl Iterator<Item = (&'d String, &'static str)> {
    let told = |one| schema(one).map(|schema| &schema["properties"]);
    let refusals = members(was, "responses").filter(|(status, _)| !status.starts_with('2'));
    refusals.filter_map(move |(status, one)| {
        let (was, is) = told(one).zip(told(&is["responses"][status]))?;
        let mut judged = JUDGED.split(' ');
        let lost = judged.find(|name| was.get(name).is_some() && is.get(name).is_none());
        Some((status, lost?))
    })
}

/// The values that a schema allows one by one.
fn names(schema: Option<&Value>) -> BTreeSet<&str> {
    let listed = schema.map(|schema| texts(schema, "enum"));
    listed.into_iter().flatten().collect()
}
