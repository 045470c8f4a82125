//! Members of webhooks, and of the reads that confirm them, that overlays name: they are read by these
//! paths alone, so one that leads nowhere would read nothing.

use serde::Deserialize;
use serde_json::Value;

use super::bodies::member;
use crate::{
    document::{items, operations, schema, successes, text},
    metadata::{EventAmounts, EventMetadata, EventResource},
};

/// The paths that lead nowhere, of a webhook with this body.
pub(super) fn lost(document: &Value, body: &Value, extension: &Value) -> Vec<String> {
    let Ok(metadata) = EventMetadata::deserialize(extension) else {
        // Reported where the kinds of events are made.
        return Vec::new();
    };
    let states = [&metadata.states.paid, &metadata.states.failed];
    let named = [
        ("merchant_reference", &metadata.merchant_reference),
        ("transaction_id", &metadata.transaction_id),
        ("status", &metadata.status),
        ("dedupe", &metadata.dedupe),
    ];
    let named = named
        .into_iter()
        .flat_map(|(key, paths)| paths.iter().map(move |path| (key, path)))
        .chain(amounts(&metadata.amounts))
        .chain(
            states
                .into_iter()
                .flat_map(|all| all.keys().map(|path| ("states", path))),
        )
        .chain(metadata.marks.iter().map(|mark| ("marks", &mark.at)))
        .chain(metadata.resource.iter().map(|read| ("resource", &read.id)))
        // No member: the whole body.
        .filter(|(_, path)| *path != "body-hash");
    let lost = named.filter(|(_, path)| !leads(body, path)).map(say);
    let mut lost: Vec<_> = lost.collect();
    let marks = metadata.marks.iter();
    let marks = marks.flat_map(|mark| mark.is.iter().map(|word| (&mark.at, word)));
    for (path, word) in states.into_iter().flatten().chain(marks) {
        let known = at(body, path).map_or(&[][..], |found| items(found, "enum"));
        if !known.is_empty() && !known.iter().any(|one| one == word) {
            lost.push(format!("`states` or `marks`: `{path}` is never `{word}`"));
        }
    }
    for read in &metadata.resource {
        let Some(data) = answer(document, &read.operation) else {
            let read = &read.operation;
            lost.push(format!("`{read}`, which confirms it, has no answer"));
            continue;
        };
        // The row of a list is known by what the list was asked for.
        let list = data.get("items").and(read.by.as_ref());
        let told = of_answer(read).chain(list.map(|by| ("by", by)));
        let lacking = told.filter(|(_, path)| !leads(data, path));
        let id = &read.operation;
        lost.extend(
            lacking.map(|(key, path)| format!("`{key}`: the answer of `{id}` has no `{path}`")),
        );
    }
    lost
}

fn say((key, path): (&str, &String)) -> String {
    format!("`{key}`: there is no `{path}`")
}

fn amounts(amounts: &EventAmounts) -> impl Iterator<Item = (&'static str, &String)> {
    let EventAmounts { gross, fee, net } = amounts;
    let all = gross.iter().chain(fee).chain(net);
    all.map(|path| ("amounts", path))
}

fn of_answer(read: &EventResource) -> impl Iterator<Item = (&'static str, &String)> {
    let status = read.status.iter().map(|path| ("status", path));
    let reference = read.reference.iter().map(|path| ("reference", path));
    amounts(&read.amounts).chain(status).chain(reference)
}

/// The data of an operation's answer, or the answer itself where it has none.
fn answer<'d>(document: &'d Value, id: &str) -> Option<&'d Value> {
    let mut all = operations(document);
    let (.., operation) = all.find(|(.., one)| text(one, "operationId") == Some(id))?;
    let schema = schema(successes(operation).next()?.1)?;
    Some(member(schema, "data").unwrap_or(schema))
}

/// The member to which a path leads, also of the entries of a list.
fn at<'d>(schema: &'d Value, path: &str) -> Option<&'d Value> {
    let entry = |schema: &'d Value| schema.get("items").unwrap_or(schema);
    let step = |schema, name| member(entry(schema), name);
    path.split('.').try_fold(schema, step)
}

/// True if a path leads to a member, or into an object of which nothing is described.
fn leads(schema: &Value, path: &str) -> bool {
    let is_free = |around: &str| {
        at(schema, around).is_some_and(|found| found["x-singapay-free-form"].is_string())
    };
    at(schema, path).is_some()
        || path
            .match_indices('.')
            .any(|(end, _)| is_free(&path[..end]))
}
