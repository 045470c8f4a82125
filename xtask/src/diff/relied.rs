//! Requests that the client relies on by itself: the facts of a payout, and what it asks unasked.

use std::collections::BTreeSet;

use super::{
    Side,
    wire::{self, Request},
};
use crate::{
    document::{items, members, text},
    metadata::EXTENSION,
};

/// Sources that call operations by their paths.
const BY_HAND: [(&str, &str); 2] = [
    (
        "crates/singapay-auth/src/token/http_source.rs",
        include_str!("../../../crates/singapay-auth/src/token/http_source.rs"),
    ),
    (
        "crates/singapay/src/payouts/quote.rs",
        include_str!("../../../crates/singapay/src/payouts/quote.rs"),
    ),
];

/// The operations that tell what became of a payout, or confirm an event.
pub(super) fn questions(side: &Side) -> BTreeSet<&str> {
    let requests = side.requests.values();
    let inquiries = requests.filter_map(|request| request.behaviour.get("inquiry")?.as_str());
    let documents = side.documents.values();
    let webhooks = documents.flat_map(|published| members(&published.corrected, "webhooks"));
    let events = webhooks.flat_map(|(_, webhook)| webhook.as_object().into_iter().flatten());
    let resources = events.flat_map(|(_, event)| items(&event[EXTENSION], "resource"));
    inquiries
        .chain(resources.filter_map(|resource| text(resource, "operation")))
        .collect()
}

/// What a person has to decide of one operation, which is called `item`.
pub(super) fn open(item: &str, old: &Request, new: &Request, is_question: bool) -> Vec<String> {
    let mut open = Vec::new();
    let path = old.target.split_once(' ').map_or("", |(_, path)| path);
    let caller = BY_HAND
        .iter()
        .find(|(_, source)| calls(source, path))
        .map(|(file, _)| *file);
    if let Some(file) = caller.filter(|_| old.target != new.target) {
        open.push(format!("`{item}` moved, and {file} calls it by its path"));
    }
    let required =
        |request: &Request, place: &str| request.places.get(place).map(|place| place.required);
    for fact in facts(old) {
        if (required(old, fact), required(new, fact)) == (Some(true), Some(false)) {
            open.push(format!(
                "`{item}::{fact}` says what is paid, and is optional now"
            ));
        }
    }
    if is_question || caller.is_some() {
        let caller = caller.unwrap_or("the client");
        let more = new.places.keys().filter(|place| {
            required(old, place) != Some(true) && required(new, place) == Some(true)
        });
        open.extend(more.map(|place| {
            format!("`{item}::{place}` is required now, and {caller} asks without it")
        }));
        let gone = old
            .places
            .keys()
            .filter(|place| !new.places.contains_key(*place));
        open.extend(
            gone.map(|place| format!("`{item}::{place}` is gone, and {caller} may ask by it")),
        );
    }
    open
}

/// Fields by which a payout is known and checked.
fn facts(request: &Request) -> BTreeSet<&str> {
    let of = |key: &str| request.behaviour.get(key);
    let payout = of("payout").into_iter().flat_map(|payout| {
        let own = ["amount", "bank", "beneficiary"].map(|key| text(payout, key));
        let reference = of("reference").and_then(|reference| text(reference, "field"));
        let same = members(&payout["echo"], "same").map(|(field, _)| field.as_str());
        own.into_iter()
            .chain([reference, Some("account_id")])
            .flatten()
            .chain(same)
    });
    let place = |fact: &str| {
        let is_it = |place: &&String| *place == fact || place.ends_with(&format!(".{fact}"));
        request.places.keys().find(is_it).map(String::as_str)
    };
    payout.filter_map(place).collect()
}

/// True if a source names this path in a literal.
fn calls(source: &str, path: &str) -> bool {
    let literals = source.split('"').skip(1).step_by(2);
    literals
        .into_iter()
        .any(|literal| wire::nameless(literal) == path)
}
