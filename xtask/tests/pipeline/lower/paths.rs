//! Paths and the names of parameters.

use serde_json::{Value, json};
use xtask::lower::{Profile, attempt};

/// Names and places of the parameters of `path`, and the problems with them; places of problems
/// start at the operation.
fn lowered(
    profile: Profile,
    path: &str,
    parameters: &[(&str, &str)],
) -> (Vec<(String, String)>, Vec<String>) {
    let parameters = parameters.iter().map(|(place, name)| {
        json!({"in": place, "name": name, "required": *place == "path", "schema": {"type": "string"}})
    });
    let operation = json!({
        "operationId": "make_thing", "responses": {}, "parameters": parameters.collect::<Value>(),
        "requestBody": {"required": true, "content": {"application/json": {"schema": {
            "type": "object", "properties": {"a": {"type": "string"}}}}}},
        "x-singapay": {"product": "things", "verb": "make", "auth": "bearer", "effect": "write",
            "envelope": "flat", "evidence": "live"}});
    let document = json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"},
        "paths": {path: {"post": operation}}});
    let (mut outcome, problems) = attempt(document, profile).unwrap();
    let parameters = outcome.document["paths"][path]["post"]["parameters"].take();
    let word = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    let parameters = parameters.as_array().unwrap().iter();
    let at = xtask::document::Pointer::root().path(&["paths", path, "post"]);
    let relative = |problem: String| {
        problem
            .replace(&at.to_string(), "#")
            .replace(at.as_str(), "")
    };
    (
        parameters
            .map(|one| (word(one, "in"), word(one, "name")))
            .collect(),
        problems.into_iter().map(relative).collect(),
    )
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    let all = all.iter();
    all.map(|(place, name)| ((*place).to_owned(), (*name).to_owned()))
        .collect()
}

#[test]
fn every_part_of_a_path_has_a_parameter() {
    let (parameters, problems) = lowered(
        Profile::Foreign,
        "/a/{id}/{other}",
        &[("path", "id"), ("query", "size")],
    );
    assert_eq!(problems, [""; 0]);
    let expected = pairs(&[("path", "id"), ("path", "other"), ("query", "size")]);
    assert_eq!(parameters, expected);

    let (_, problems) = lowered(
        Profile::Gateway,
        "/a/{size}",
        &[("path", "id"), ("query", "q")],
    );
    let expected = [
        "#/parameters/0: `id` is not in the path",
        "#: `{size}` of the path is not described",
    ];
    assert_eq!(problems, expected);
}

#[test]
fn every_parameter_has_a_name_of_its_own() {
    let given = [
        ("query", "pageSize"),
        ("query", "page-size"),
        ("query", "body"),
    ];
    let (_, problems) = lowered(Profile::Gateway, "/a", &given);
    let expected = [
        "#/parameters/1: `page-size` has the name of /parameters/0",
        "#/parameters/2: `body` has the name of a local variable",
    ];
    assert_eq!(problems, expected);
    let (parameters, problems) = lowered(Profile::Foreign, "/a", &given);
    assert_eq!(problems, [""; 0]);
    let names: Vec<_> = parameters.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["pageSize", "page-size\u{2}2", "body\u{2}2"]);
    // The template of the path names its own.
    let given = [("query", "id"), ("header", "Id"), ("path", "id")];
    let (parameters, _) = lowered(Profile::Foreign, "/a/{id}", &given);
    let expected = pairs(&[
        ("path", "id"),
        ("query", "id\u{2}2"),
        ("header", "Id\u{2}3"),
    ]);
    assert_eq!(parameters, expected);
}
