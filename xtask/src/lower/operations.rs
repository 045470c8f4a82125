//! Operations: metadata, ids, and the parts of each.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use serde_json::{Value, json};

use super::{
    MARK, Profile, bodies, frame, free, headers, parameters, report::Report, schema::Schemas,
};
use crate::{
    document::{METHODS, Object, Pointer, flag, members, text},
    metadata::{self, Metadata},
};

/// One operation, and the path that it stands at.
pub(super) struct Operation<'a> {
    /// The path and its place.
    pub(super) item: (&'a Value, &'a Pointer),
    pub(super) node: &'a Value,
    pub(super) at: Pointer,
    pub(super) path: &'a str,
    pub(super) id: String,
    pub(super) metadata: Option<Metadata>,
}

/// Lowers the paths of a document with the components that they name; tells also which these are.
pub(super) fn lower(document: &Value, report: &Report) -> (Value, BTreeSet<String>) {
    headers::note_security(document, &Pointer::root(), report);
    let mut schemas = Schemas::new(document, report);
    let mut ids: BTreeMap<String, Pointer> = BTreeMap::new();
    let mut paths = Object::new();
    for (path, item) in members(document, "paths").filter(|(path, _)| !path.starts_with("x-")) {
        let at = Pointer::root().child("paths").child(path);
        if !path.starts_with('/') {
            report.problem(&at, "a path begins with `/`");
        }
        if text(item, "$ref").is_some() {
            report.problem(&at, "a reference to a path is not supported");
        }
        headers::note_security(item, &at, report);
        let mut methods = Object::new();
        for method in METHODS {
            let Some(operation) = item.get(method) else {
                continue;
            };
            let here = at.child(method);
            let given = text(operation, "operationId");
            let mut id = match report.profile {
                Profile::Gateway => given.unwrap_or_default().to_owned(),
                Profile::Foreign => foreign_id(given, method, path),
            };
            if report.profile == Profile::Gateway {
                check_id(given, ids.get(&id), &here, report);
            } else {
                id = free(&id, "_", |id| !ids.contains_key(id));
                if given != Some(&id) {
                    report.change("operation-id", &here, id.clone());
                }
            }
            ids.entry(id.clone()).or_insert_with(|| here.clone());
            let operation = Operation {
                item: (item, &at),
                node: operation,
                metadata: metadata(operation, &here, report),
                at: here,
                path,
                id,
            };
            let lowered = one(&mut schemas, &operation);
            methods.insert(method.to_owned(), lowered);
        }
        paths.insert(whole(path), Value::Object(methods));
    }
    let title = document.pointer("/info/title").cloned();
    let title = title.unwrap_or_else(|| json!(""));
    let components = schemas.components.into_json();
    let lowered = frame(document, title, paths.into(), components);
    (lowered, schemas.references.into_used())
}

/// The path with a mark in each empty segment, which the generator would leave out.
fn whole(path: &str) -> String {
    let mut whole = path.to_owned();
    while whole.contains("//") {
        whole = whole.replace("//", &format!("/{MARK}/"));
    }
    whole
}

fn check_id(given: Option<&str>, taken: Option<&Pointer>, at: &Pointer, report: &Report) {
    let Some(id) = given else {
        return report.problem(at, "no operationId");
    };
    if id.to_snake_case() != id {
        let finding = format_args!("operationId `{id}` is not ours: no overlay?");
        report.problem(at, finding);
    }
    if let Some(first) = taken {
        report.problem(at, format_args!("operationId `{id}` is taken by {first}"));
    }
}

/// The id in letters that a method may have, made from method and path if there is none.
fn foreign_id(given: Option<&str>, method: &str, path: &str) -> String {
    let id = given.map(ToSnakeCase::to_snake_case).unwrap_or_default();
    let id = id.replace(
        |letter: char| letter != '_' && !letter.is_ascii_alphanumeric(),
        "",
    );
    let id = match id.trim_matches('_') {
        "" => format!("{method}_{path}").to_snake_case(),
        id => id.to_owned(),
    };
    match id.as_str() {
        // Methods that every client has, and those of the traits that it calls on itself.
        "api_version" | "baseurl" | "client" | "exec" | "inner" | "new" | "new_with_client"
        | "post" | "pre" => format!("call_{id}"),
        _ if id.starts_with(|first: char| first.is_ascii_digit()) => format!("call_{id}"),
        _ => id,
    }
}

fn one(schemas: &mut Schemas<'_>, operation: &Operation<'_>) -> Value {
    let Operation { node, at, id, .. } = operation;
    headers::note_security(node, at, schemas.report);
    let mut lowered = json!({"operationId": id});
    for key in ["summary", "description", metadata::EXTENSION] {
        if let Some(value) = node.get(key) {
            lowered[key] = value.clone();
        }
    }
    if flag(node, "deprecated") {
        lowered["deprecated"] = json!(true);
    }
    let parameters = parameters::lower(schemas, operation);
    if !parameters.is_empty() {
        lowered["parameters"] = json!(parameters);
    }
    if let Some((body, is_optional)) = bodies::request(schemas, operation) {
        lowered["requestBody"] = body;
        if is_optional {
            lowered[metadata::EXTENSION]["optional_body"] = json!(true);
        }
    }
    lowered["responses"] = bodies::responses(schemas, operation);
    if schemas.profile == Profile::Foreign {
        let bodyless = bodies::bodyless(node);
        if !bodyless.is_empty() {
            lowered[bodies::BODYLESS] = json!(bodyless);
        }
    }
    lowered
}

fn metadata(operation: &Value, at: &Pointer, report: &Report) -> Option<Metadata> {
    match Metadata::of(operation) {
        Some(Ok(metadata)) => return Some(metadata),
        Some(Err(cause)) => report.problem(&at.child(metadata::EXTENSION), cause),
        None if report.profile == Profile::Gateway => {
            report.problem(at, "no `x-singapay` metadata")
        }
        None => {}
    }
    None
}
