//! A request against what the lowered document announces, and as text.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use singapay_tests::{
    recorder::{Recorded, TOKEN},
    spec::{Operation, Place},
};

/// Method, path, query and body hold what was given, and nothing else.
pub(crate) fn check(operation: &Operation<'_>, given: &Map<String, Value>, request: &Recorded) {
    assert_eq!(request.method, operation.method);
    let mut path = operation.path.to_owned();
    let mut query = BTreeMap::new();
    for input in operation.inputs() {
        let Some(value) = given.get(&input.name) else {
            continue;
        };
        let text = match value {
            Value::String(text) => text.clone(),
            value => value.to_string(),
        };
        match input.place {
            Place::Path => {
                let text = text.replace(' ', "%20");
                path = path.replace(&format!("{{{}}}", input.name), &text);
            }
            Place::Query => {
                query.insert(input.name, text);
            }
            Place::Body => {}
        }
    }
    assert_eq!(request.path(), path);
    let sent = request.query().unwrap_or_default().as_bytes();
    let sent: Vec<_> = form_urlencoded::parse(sent).into_owned().collect();
    assert_eq!(sent.len(), query.len(), "{sent:?}");
    assert_eq!(sent.into_iter().collect::<BTreeMap<_, _>>(), query);
    // The bodies of token requests are made by authentication.
    if operation.metadata("auth") == "bearer" {
        check_body(operation, given, request);
    }
}

fn check_body(operation: &Operation<'_>, given: &Map<String, Value>, request: &Recorded) {
    if operation.body().is_none() {
        assert!(request.body.is_empty());
        return;
    }
    let body = operation.body_of(given);
    if body.is_empty() && operation.metadata("optional_body") == true {
        assert!(request.body.is_empty());
        return;
    }
    let sent: Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(sent, Value::from(body));
}

/// The request as text: stable, and without secrets.
pub(crate) fn show(title: &str, request: &Recorded) -> String {
    let mut text = format!("# {title}\n{} {}\n", request.method, request.target);
    let mut headers: Vec<String> = request
        .headers
        .iter()
        .map(|(name, value)| {
            let value = value.to_str().unwrap();
            let shown = match name.as_str() {
                "authorization" => value.replace(TOKEN, "<token>"),
                "x-signature" => format!("<{} hex digits>", value.len()),
                "host" => "<host>".to_owned(),
                "user-agent" => value.replace(env!("CARGO_PKG_VERSION"), "<version>"),
                _ => value.to_owned(),
            };
            let shown = match shown.strip_prefix("Basic ") {
                Some(_) => "Basic <client id and secret>".to_owned(),
                None => shown,
            };
            format!("{name}: {shown}\n")
        })
        .collect();
    headers.sort();
    text.push_str(&headers.concat());
    if !request.body.is_empty() {
        text.push('\n');
        text.push_str(std::str::from_utf8(&request.body).unwrap());
        text.push('\n');
    }
    text.push('\n');
    text
}
