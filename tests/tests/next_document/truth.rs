//! The public API and the requests, as text.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde_json::Value;
use singapay_tests::spec::{Document, HOSTS, Kind, root};
use xtask::diff::Side;

use crate::{krate::Crate, lines, macros};

/// The crates whose sources are generated, as far as users reach them.
const CRATES: [&str; 3] = ["singapay", "singapay-api", "singapay-webhook"];

/// Text of one side.
pub(crate) struct Truth {
    /// Lines of the public API, without the names of arguments.
    api: BTreeSet<String>,
    /// Hidden bodies: each field and its type.
    bodies: BTreeMap<String, String>,
    /// Required members of a request, and its limits.
    sent: BTreeMap<String, Value>,
    /// All generated code.
    code: BTreeMap<String, String>,
}

impl Truth {
    pub(crate) fn of(side: &Side) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        for name in CRATES {
            copy(
                &root().join("crates").join(name).join("src"),
                &scratch.path().join("crates").join(name).join("src"),
            );
        }
        let mut documents = Vec::new();
        let mut code = BTreeMap::new();
        for file in side.files() {
            let path = scratch.path().join(&file.path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &file.text).unwrap();
            let name = file.path.to_str().unwrap();
            match name
                .strip_prefix("spec/lowered/")
                .and_then(|name| name.strip_suffix(".json"))
            {
                Some(name) => documents.extend(
                    HOSTS
                        .into_iter()
                        .find(|host| *host == name)
                        .map(|host| Document::of(host, serde_json::from_str(&file.text).unwrap())),
                ),
                None => drop(code.insert(name.to_owned(), file.text.clone())),
            }
        }
        let sent: BTreeMap<_, _> = documents.iter().flat_map(sent).collect();
        let requests: BTreeSet<String> = documents
            .iter()
            .flat_map(|document| {
                document
                    .operations()
                    .into_iter()
                    .filter_map(|operation| operation.body().map(String::from))
                    .collect::<Vec<_>>()
            })
            .collect();
        let (mut api, mut bodies) = (BTreeSet::new(), BTreeMap::new());
        for name in CRATES {
            let krate = Crate::load(
                &name.replace('-', "_"),
                &scratch.path().join("crates").join(name).join("src/lib.rs"),
            );
            let mut all = lines::of(&krate);
            all.extend(macros::of(&krate));
            for (at, line) in all {
                let mut path = at.split("::types::");
                let raw = path
                    .next()
                    .is_some_and(|around| around.starts_with("singapay_api"));
                match path.next() {
                    None if raw => {}
                    Some(inner) if raw && requests.contains(inner.split("::").next().unwrap()) => {
                        bodies.insert(at, line);
                    }
                    _ => drop(api.insert(nameless(&line))),
                }
            }
        }
        Self {
            api,
            bodies,
            sent,
            code,
        }
    }

    /// Part of the version that a change from here to there raises, and the reason.
    pub(crate) fn verdict(&self, after: &Self) -> (&'static str, String) {
        let mut major: Vec<String> = self
            .api
            .difference(&after.api)
            .map(|line| format!("- {line}"))
            .collect();
        let mut minor: Vec<String> = after
            .api
            .difference(&self.api)
            .map(|line| format!("+ {line}"))
            .collect();
        for (at, line) in &self.bodies {
            if after.bodies.get(at).is_some_and(|now| now != line) {
                major.push(format!("~ {line}"));
            }
        }
        let keys: BTreeSet<_> = self.sent.keys().chain(after.sent.keys()).collect();
        for key in keys {
            let (was, is) = (self.sent.get(key), after.sent.get(key));
            let known = |all: &BTreeMap<String, Value>| {
                let input = key.split(" limit ").next().unwrap();
                all.contains_key(input)
            };
            let line = format!("{key}: {was:?} -> {is:?}");
            match (was, is) {
                (was, is) if was == is => {}
                // Only a requirement can be broken by those who called before.
                (None, Some(_)) if !known(&self.sent) => {}
                (None, Some(Value::Bool(false))) | (Some(_), None) => minor.push(line),
                (Some(Value::Bool(true)), Some(Value::Bool(false))) => minor.push(line),
                (Some(was), Some(is)) if wider(key, was, is) => minor.push(line),
                _ if key.ends_with(" replay") => minor.push(line),
                _ => major.push(line),
            }
        }
        for (key, is) in &after.sent {
            let new = !self.sent.contains_key(key);
            if new
                && is == &Value::Bool(true)
                && self.sent.contains_key(key.split(' ').next().unwrap())
            {
                major.push(format!("{key} is required"));
            }
        }
        match (major.is_empty(), minor.is_empty(), self.code == after.code) {
            (false, _, _) => ("major", major.join("\n")),
            (_, false, _) => ("minor", minor.join("\n")),
            (_, _, false) => ("patch", "generated code differs".to_owned()),
            _ => ("nothing", "generated code is the same".to_owned()),
        }
    }
}

/// Requirements and limits of every value that operations send.
fn sent(document: &Document) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for operation in document.operations() {
        let id = operation.id;
        found.push((id.to_owned(), Value::Null));
        let reference = operation.metadata("reference");
        if let Some(replay) = reference.get("replay") {
            found.push((format!("{id} replay"), replay.clone()));
        }
        for input in operation.inputs() {
            // Arguments of the path have no names.
            let in_path = input.place == singapay_tests::spec::Place::Path;
            let name = if in_path {
                "{}".to_owned()
            } else {
                input.name.clone()
            };
            found.push((format!("{id} {name}"), input.required.into()));
            limits(document, &format!("{id} {name}"), input.schema, &mut found);
        }
    }
    found
}

fn limits(document: &Document, at: &str, schema: &Value, found: &mut Vec<(String, Value)>) {
    for (limit, bound) in schema["x-singapay-limits"]
        .as_object()
        .into_iter()
        .flatten()
    {
        found.push((format!("{at} limit {limit}"), bound.clone()));
    }
    match document.kind(schema) {
        Kind::List(items) => limits(document, at, items, found),
        Kind::Object(name) => {
            for (member, property) in document.schema(name)["properties"]
                .as_object()
                .into_iter()
                .flatten()
            {
                limits(document, &format!("{at}.{member}"), property, found);
            }
        }
        _ => {}
    }
}

fn wider(key: &str, was: &Value, is: &Value) -> bool {
    let (was, is) = (was.as_f64(), is.as_f64());
    (key.contains(" limit min") && is < was) || (key.contains(" limit max") && is > was)
}

/// A line without the names of arguments.
fn nameless(line: &str) -> String {
    // Queries of a list that pages take along stand there as setters, too.
    if let Some((head, _)) = line
        .strip_prefix("pages!(")
        .and_then(|rest| rest.split_once(", ["))
    {
        return format!("pages!({head})");
    }
    // A warning is no change of the item.
    let line = match line.strip_prefix("#[deprecated") {
        Some(rest) => rest.split_once("] ").map_or(rest, |(_, rest)| rest),
        None => line,
    };
    let Some((head, rest)) = line
        .split_once('(')
        .filter(|(head, _)| head.contains("fn "))
    else {
        return line.to_owned();
    };
    let mut text = format!("{head}(");
    let mut word = String::new();
    for letter in rest.chars() {
        if letter == ':' && !word.is_empty() && !word.ends_with(':') {
            word.push(letter);
            continue;
        }
        if letter.is_alphanumeric() || letter == '_' || letter == ':' {
            word.push(letter);
            continue;
        }
        if !(word.ends_with(':') && letter == ' ') {
            text.push_str(&word);
            text.push(letter);
        }
        word.clear();
    }
    text + &word
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            if entry.file_name() != "generated" {
                copy(&entry.path(), &target);
            }
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
