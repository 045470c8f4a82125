//! How a document says that requests and deliveries prove who sends them. The client does it by what
//! the overlays say, so a change of it would show nowhere.

use std::collections::BTreeSet;

use serde_json::Value;

use super::side::twins;
use crate::{
    document::{inner, items, members, text},
    metadata::EXTENSION,
    published::Published,
};

/// Headers of a request that is signed; the others go with every one.
const SIGNED: [&str; 2] = ["x-signature", "x-timestamp"];

/// The operations and webhooks that prove it otherwise now, and of which the overlay says the same.
pub(super) fn changed(old: &Published, new: &Published) -> Vec<String> {
    let mut found = Vec::new();
    for twin in twins(old, new) {
        let (request, was, is) = (&twin.request, twin.was, twin.is);
        let said = |operation: &Value| {
            ["auth", "signed"].map(|key| operation[EXTENSION].get(key).cloned())
        };
        let headers = |operation| -> BTreeSet<String> {
            headers(operation)
                .filter(|header| SIGNED.iter().any(|name| header.starts_with(name)))
                .collect()
        };
        let same =
            headers(was) == headers(is) && schemes([old, new], was) == schemes([new, old], is);
        if !same && said(was) == said(is) {
            found.push(format!(
                "{request} proves otherwise who sends it: what is `auth`, and is it `signed`?"
            ));
        }
    }
    for (name, is) in members(&new.corrected, "webhooks") {
        let was = &old.corrected["webhooks"][name];
        let all = |webhook| -> BTreeSet<String> { inner(webhook).flat_map(headers).collect() };
        if !was.is_null() && all(was) != all(is) {
            found.push(format!(
                "{}: webhook `{name}` comes with other headers: how is it signed?",
                new.host
            ));
        }
    }
    found
}

/// The names of all headers of an operation, without case, and what they are made of.
fn headers(operation: &Value) -> impl Iterator<Item = String> {
    let parameters = items(operation, "parameters").iter();
    let headers = parameters.filter(|one| text(one, "in") == Some("header"));
    headers.filter_map(|one| {
        let name = text(one, "name")?.to_ascii_lowercase();
        let schema = &one["schema"];
        Some(format!("{name} {} {}", schema["format"], schema["pattern"]))
    })
}

/// What an operation asks for, by what its schemes are and not by what they are called.
fn schemes([own, other]: [&Published; 2], operation: &Value) -> BTreeSet<BTreeSet<String>> {
    let said = operation.get("security").is_some();
    let asked = items(if said { operation } else { &own.corrected }, "security");
    let kind = |name: &String| {
        // An overlay may speak of one by the name that it had.
        let scheme = own.schemes.get(name).unwrap_or(&other.schemes[name]);
        ["type", "scheme", "in", "name"]
            .map(|key| scheme[key].to_string().to_ascii_lowercase())
            .concat()
    };
    let names = |way: &Value| way.as_object().map(|way| way.keys().map(kind).collect());
    asked.iter().filter_map(names).collect()
}
