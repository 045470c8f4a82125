//! Requests that the client relies on by itself: the facts of a payout, and what it asks unasked.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    Side,
    hidden::{forget, same},
    side::twins,
    wire::{self, Request},
};
use crate::{
    document::{inner, items, members, schema, successes, text, texts},
    metadata::EXTENSION,
    published::Published,
    repair, rules,
    sources::{CALLERS, READERS, Source, below},
};

/// What the client does by itself.
pub(super) struct Client<'a> {
    sources: &'a [Source],
    /// The operations that tell what became of a payout, or confirm an event.
    questions: BTreeSet<&'a str>,
    /// The documents, in which a name may be known.
    words: String,
}

impl<'a> Client<'a> {
    pub(super) fn of(side: &'a Side) -> Self {
        let requests = side.requests.values();
        let inquiries = requests.filter_map(|request| request.behaviour.get("inquiry")?.as_str());
        let documents = side.documents.iter();
        let webhooks = documents.flat_map(|published| members(&published.corrected, "webhooks"));
        let events = webhooks.flat_map(|(_, webhook)| webhook.as_object().into_iter().flatten());
        let resources = events.flat_map(|(_, event)| items(&event[EXTENSION], "resource"));
        let reads = resources.filter_map(|resource| text(resource, "operation"));
        let documents = side.documents.iter();
        Self {
            sources: side.sources,
            questions: inquiries.chain(reads).collect(),
            words: documents.map(|one| one.document.to_string()).collect(),
        }
    }

    /// What a person has to decide of the operation `id`, which is called `item`.
    pub(super) fn open(&self, id: &str, item: &str, old: &Request, new: &Request) -> Vec<String> {
        let mut open = Vec::new();
        let path = old.target.split_once(' ').map_or("", |(_, path)| path);
        if let Some(file) = self.caller(path).filter(|_| old.target != new.target) {
            open.push(format!("`{item}` moved, and {file} calls it by its path"));
        }
        let is_question = self.questions.contains(id);
        let is_known = |name: &str| self.words.contains(&format!("\"{name}\""));
        // Spelled otherwise it is the same thing, by a name that something else has it may be that.
        for (was, is) in old.names.iter().zip(&new.names) {
            if was != is && (is_question || is_known(is)) {
                open.push(format!(
                    "`{item}` takes `{is}` in its path, where it took `{was}`: is it the same?"
                ));
            }
        }
        let required =
            |request: &Request, place: &str| request.places.get(place).map(|place| place.required);
        for fact in facts(old) {
            let (was, is) = (&old.places[fact], new.places.get(fact));
            let lost = was.required && is.is_none_or(|is| !is.required);
            let what = match is.filter(|is| is.kind != was.kind) {
                Some(_) => "of another type",
                None if lost => "optional now or gone",
                None => continue,
            };
            open.push(format!(
                "`{item}::{fact}` says what is paid, or by which name, and is {what}"
            ));
        }
        let places: BTreeSet<_> = old.places.keys().chain(new.places.keys()).collect();
        for place in places {
            let (was, is) = (required(old, place), required(new, place));
            if is_question && was != is && (was, is) != (None, Some(false)) {
                open.push(format!(
                    "`{item}::{place}` is asked for otherwise, and the client asks it by itself"
                ));
            }
        }
        open
    }

    /// The operations that sources call by their paths, or ask unasked, as far as a document describes
    /// them otherwise now; and lists that come in another order.
    pub(super) fn changed(&self, old: &Published, new: &Published) -> Vec<String> {
        let mut found = Vec::new();
        for twin in twins(old, new) {
            let (request, [was, is]) = (&twin.request, twin.published);
            let [mut then, mut now] = twin.published.map(Value::clone);
            forget(&mut then, true);
            forget(&mut now, true);
            let mut parts = ["parameters", "requestBody"].into_iter();
            let alike = was.is_null()
                || parts.all(|part| same(&then[part], &now[part]))
                    && same(success(was), success(is));
            if let Some(file) = self.caller(&wire::nameless(twin.path)).filter(|_| !alike) {
                found.push(format!(
                    "{request} is described otherwise, and {file} calls it by hand"
                ));
            }
            let rules = schema(&twin.is["requestBody"]).into_iter();
            let rules = rules.flat_map(|schema| items(schema, rules::EXTENSION));
            let listed: Vec<_> = rules.filter(|rule| rule["rule"] == "one-of").collect();
            let named = text(twin.is, "operationId");
            let asks = named.is_some_and(|id| self.questions.contains(id));
            let asked = inputs(is);
            let turns = |name: &str| name == "page" || name.starts_with("sort_");
            let itself = |one: &Value| ["default", "minimum"].map(|key| one[key].clone());
            for (name, was) in inputs(was) {
                let Some(is) = asked.get(name) else { continue };
                let is_listed = listed.iter().any(|rule| rule["field"] == *name);
                if (asks || is_listed) && !same(was, is) {
                    found.push(format!(
                        "{request} takes another `{name}`, which the client asks by itself, or a rule lists"
                    ));
                } else if turns(name) && itself(was) != itself(is) {
                    found.push(format!(
                        "{request} has another `{name}` by itself: is the newest still first?"
                    ));
                }
            }
        }
        found
    }

    /// The members and words by which it is told what became of a payout or a payment, as far as answers do
    /// not have them any more.
    pub(super) fn untold(&self, old: &Published, new: &Published) -> Vec<String> {
        let reader = |name: &str| {
            let literal = format!("\"{name}\"");
            let mut readers = below(self.sources, &READERS);
            readers.find(|source| source.code.contains(&literal))
        };
        let mut found = Vec::new();
        for twin in twins(old, new) {
            let id = text(twin.is, "operationId").unwrap_or_default();
            let told = |operation| -> BTreeSet<String> {
                let fields = repair::fields(operation).into_iter();
                let fields = fields.filter(|field| field.starts_with("response."));
                let asked = self.questions.contains(id) || reader(id).is_some();
                let fields = fields.filter(|_| asked);
                fields.chain(words(success(operation))).collect()
            };
            for lost in told(twin.was).difference(&told(twin.is)) {
                let name = lost.rsplit('.').next().unwrap_or_default();
                if let Some(source) = reader(name) {
                    let (request, file) = (&twin.request, &source.path);
                    found.push(format!(
                        "{request} does not tell `{name}` any more, and {file} reads it"
                    ));
                }
            }
        }
        found
    }

    /// The source that calls an operation by its path.
    fn caller(&self, path: &str) -> Option<&'a str> {
        let mut callers = below(self.sources, &CALLERS);
        let caller = callers.find(|source| calls(&source.code, path));
        caller.map(|source| source.path.as_str())
    }
}

/// The schemas of what an operation takes, by name.
fn inputs(operation: &Value) -> BTreeMap<&str, &Value> {
    let parameters = items(operation, "parameters").iter();
    let parameters = parameters.filter_map(|one| Some((text(one, "name")?, &one["schema"])));
    let body = schema(&operation["requestBody"]).into_iter();
    let fields = body.flat_map(|schema| members(schema, "properties"));
    parameters
        .chain(fields.map(|(name, schema)| (name.as_str(), schema)))
        .collect()
}

/// The values that a schema lists, at any depth.
fn words(schema: &Value) -> BTreeSet<String> {
    let own = texts(schema, "enum").map(str::to_owned);
    own.chain(inner(schema).flat_map(words)).collect()
}

/// The first answer of success.
fn success(operation: &Value) -> &Value {
    let first = successes(operation).next();
    first.map_or(&Value::Null, |(_, one)| one)
}

/// Fields by which a request is known, and a payout checked.
fn facts(request: &Request) -> BTreeSet<&str> {
    let of = |key: &str| request.behaviour.get(key);
    let reference = of("reference").and_then(|reference| text(reference, "field"));
    let payout = of("payout").into_iter().flat_map(|payout| {
        let own = ["amount", "bank", "beneficiary"].map(|key| text(payout, key));
        let same = members(&payout["echo"], "same").map(|(field, _)| field.as_str());
        let own = own.into_iter().flatten();
        own.chain(["account_id"]).chain(same)
    });
    let place = |fact: &str| {
        let is_it = |place: &&String| *place == fact || place.ends_with(&format!(".{fact}"));
        request.places.keys().find(is_it).map(String::as_str)
    };
    payout.chain(reference).filter_map(place).collect()
}

/// True if a source names this path in a literal.
fn calls(source: &str, path: &str) -> bool {
    let literals = source.split('"').skip(1).step_by(2);
    literals
        .into_iter()
        .any(|literal| wire::nameless(literal) == path)
}
