//! Paths and the names of parameters: every part of a path has a parameter, and every parameter a
//! name of its own in the method that the generator makes.

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use serde_json::{Value, json};

use super::{Profile, report::Report};
use crate::document::{Pointer, text};

/// Adds what a foreign document forgot to describe; a gap in ours is a problem, as is a parameter
/// whose part of the path is missing.
pub(super) fn complete(
    parameters: &mut Vec<(Pointer, Value)>,
    path: &str,
    profile: Profile,
    at: &Pointer,
    report: &Report,
) {
    let parts: Vec<&str> = path
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}').map(|(name, _)| name))
        .collect();
    let in_path = |parameter: &Value| text(parameter, "in") == Some("path");
    for (at, parameter) in parameters.iter().filter(|(_, one)| in_path(one)) {
        let name = text(parameter, "name").unwrap_or_default();
        if !parts.contains(&name) {
            report.problem(at, format_args!("`{name}` is not in the path"));
        }
    }
    for part in parts {
        let described = parameters
            .iter()
            .any(|(_, one)| in_path(one) && text(one, "name") == Some(part));
        if described {
            continue;
        }
        if profile == Profile::Gateway {
            report.problem(
                at,
                format_args!("`{{{part}}}` of the path is not described"),
            );
            continue;
        }
        report.change("path-parameter", at, format!("{part}: not described, text"));
        let parameter = json!({"name": part, "in": "path", "required": true,
            "schema": {"type": "string"}});
        parameters.push((at.clone(), parameter));
    }
}

/// Two parameters that would share a name in Rust would become one.
pub(super) fn check_names(parameters: &[(Pointer, Value)], operation: &Value, report: &Report) {
    let mut taken: BTreeMap<String, &Pointer> = BTreeMap::new();
    let body = Pointer::root();
    // A variable of every method that sends headers.
    let local = "header_map";
    if operation.get("requestBody").is_some() {
        taken.insert("body".to_owned(), &body);
    }
    for (at, parameter) in parameters {
        let name = text(parameter, "name").unwrap_or_default();
        if name.to_snake_case() == local {
            report.problem(
                at,
                format_args!("`{name}` has the name of a local variable"),
            );
        }
        if let Some(first) = taken.insert(name.to_snake_case(), at) {
            let other = if first.as_str().is_empty() {
                "the body".to_owned()
            } else {
                first.to_string()
            };
            report.problem(at, format_args!("`{name}` has the name of {other}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(place: &str, name: &str) -> (Pointer, Value) {
        let at = Pointer::parse(&format!("/{place}/{name}"));
        (at, json!({"in": place, "name": name}))
    }

    #[test]
    fn every_part_of_a_path_has_a_parameter() {
        let at = Pointer::parse("/here");
        let mut parameters = vec![parameter("path", "id"), parameter("query", "size")];
        let report = Report::default();
        complete(
            &mut parameters,
            "/a/{id}/{size}",
            Profile::Foreign,
            &at,
            &report,
        );
        assert_eq!(report.take_findings(), Vec::<String>::new());
        assert_eq!(parameters[2].1["name"], "size");
        assert_eq!(parameters[2].1["in"], "path");

        let mut parameters = vec![parameter("path", "id")];
        complete(&mut parameters, "/a/{size}", Profile::Gateway, &at, &report);
        assert_eq!(
            report.take_findings(),
            [
                "#/path/id: `id` is not in the path",
                "#/here: `{size}` of the path is not described"
            ]
        );
    }

    #[test]
    fn every_parameter_has_a_name_of_its_own() {
        let report = Report::default();
        let body = json!({"requestBody": {}});
        let parameters = [
            parameter("query", "pageSize"),
            parameter("header", "page-size"),
            parameter("query", "body"),
        ];
        check_names(&parameters, &body, &report);
        assert_eq!(
            report.take_findings(),
            [
                "#/header/page-size: `page-size` has the name of #/query/pageSize",
                "#/query/body: `body` has the name of the body"
            ]
        );
        check_names(&parameters[2..], &json!({}), &report);
        assert_eq!(report.take_findings(), Vec::<String>::new());
    }
}
