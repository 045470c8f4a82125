//! Paths and the names of parameters: every part of a path has a parameter, and every parameter a
//! name of its own in the method that the generator makes.

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use serde_json::{Value, json};

use super::{MARK, Profile, report::Report};
use crate::document::{self, Pointer, text};

/// Adds what a foreign document forgot to describe and leaves out what has no part in the path; in
/// ours both are problems.
pub(super) fn complete(
    parameters: &mut Vec<(Pointer, Value)>,
    path: &str,
    at: &Pointer,
    report: &Report,
) {
    if report.profile == Profile::Gateway && path.contains(['?', '#']) {
        report.problem(at, "a path ends where a query or a fragment begins");
    }
    let parts = document::parts(path);
    let in_path = |parameter: &Value| text(parameter, "in") == Some("path");
    parameters.retain(|(at, parameter)| {
        let name = text(parameter, "name").unwrap_or_default();
        if !in_path(parameter) || parts.contains(&name) {
            return true;
        }
        report.leave_out(at, &format!("`{name}` is not in the path"));
        false
    });
    for part in parts {
        let is_it = |(_, one): &(_, Value)| in_path(one) && text(one, "name") == Some(part);
        if parameters.iter().any(is_it) {
            continue;
        }
        if report.profile == Profile::Gateway {
            let finding = format_args!("`{{{part}}}` of the path is not described");
            report.problem(at, finding);
            continue;
        }
        report.change("path-parameter", at, format!("{part}: not described, text"));
        let parameter = json!({"name": part, "in": "path", "required": true,
            "schema": {"type": "string"}});
        parameters.push((at.clone(), parameter));
    }
}

/// Two parameters that would share a name in Rust would become one: in ours that is a problem, in
/// foreign documents the later one, or the one outside the path, gets a mark and a number.
pub(super) fn check_names(parameters: &mut [(Pointer, Value)], operation: &Value, report: &Report) {
    let mut taken: BTreeMap<String, Pointer> = BTreeMap::new();
    // A variable of every method that sends headers.
    taken.insert("header_map".to_owned(), Pointer::root());
    if operation.get("requestBody").is_some() {
        taken.insert("body".to_owned(), Pointer::root());
    }
    // The template of the path names its own.
    parameters.sort_by_key(|(_, one)| text(one, "in") != Some("path"));
    for (at, parameter) in parameters {
        let given = text(parameter, "name").unwrap_or_default().to_owned();
        let mut name = given.clone();
        let mut number = 1;
        while let Some(first) = taken.get(&name.to_snake_case()) {
            if report.profile == Profile::Gateway {
                let other = match first.as_str() {
                    "" => "a local variable".to_owned(),
                    first => first.to_owned(),
                };
                report.problem(at, format_args!("`{name}` has the name of {other}"));
                break;
            }
            number += 1;
            name = format!("{given}{MARK}{number}");
        }
        if name != given {
            let note = format!("{given}: a number, because its name is taken");
            report.change("name", at, note);
            parameter["name"] = json!(name);
        }
        taken
            .entry(name.to_snake_case())
            .or_insert_with(|| at.clone());
    }
}
