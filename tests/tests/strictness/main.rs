//! Requests refuse what the gateway would drop in silence or refuse itself: misspelt fields, values
//! beyond their limits, missing fields. All of it is said at once, and nothing is sent.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use singapay::{Delivery, Error, ErrorKind};
use singapay_tests::{
    driver::Clients,
    generated::types::REQUESTS,
    recorder::settings,
    spec::{Document, HOSTS, Input, Kind, Operation, Place, is_required, violations},
};

/// Clients of a gateway at which nobody listens: a request that goes out has another error.
fn clients() -> Clients {
    Clients::of(settings("http://127.0.0.1:9").build().unwrap())
}

async fn refused(clients: &Clients, operation: &Operation<'_>, given: Map<String, Value>) -> Error {
    let error = clients.call(operation.id, given).await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::InvalidInput,
        "{}: {error}",
        operation.id
    );
    assert_eq!((error.delivery(), error.attempts()), (Delivery::NotSent, 0));
    assert_eq!(error.operation(), Some(operation.id));
    error
}

fn fields(error: &Error) -> Vec<&str> {
    error
        .field_errors()
        .iter()
        .map(|problem| problem.field.as_str())
        .collect()
}

#[tokio::test]
async fn each_limit_is_checked_before_anything_is_sent() {
    let (clients, documents) = (clients(), HOSTS.map(Document::load));
    let mut text = String::new();
    let mut count = 0;
    for operation in documents.iter().flat_map(Document::operations) {
        for (index, input) in operation.inputs().iter().enumerate() {
            for violation in violations(operation.document, input, index) {
                let mut given = operation.given(|_| true);
                given.insert(input.name.clone(), violation.value.clone());
                let error = refused(&clients, &operation, given).await;
                let place = format!("{} {} {}", operation.id, violation.field, violation.limit);
                // A rule may speak of what is tied to it.
                let tied = operation.tied(&input.name);
                let mut named = error.field_errors().to_vec();
                named.retain(|own| own.field == violation.field || !tied.contains(&*own.field));
                let [own] = named.as_slice() else {
                    panic!("{place}: {error}");
                };
                assert_eq!(own.field, violation.field, "{place}");
                let said = own.messages.join(" | ");
                text.push_str(&format!("{place}: {said}\n"));
                count += 1;
            }
        }
    }
    assert!(count > 150, "only {count} limits");
    insta::assert_snapshot!("limits", text);
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once() {
    let (clients, documents) = (clients(), HOSTS.map(Document::load));
    for operation in documents.iter().flat_map(Document::operations) {
        let inputs = operation.inputs();
        let mut given = operation.given(|input| !input.required);
        let mut expected: BTreeSet<String> = missing(&inputs).into_iter().collect();
        for (index, input) in inputs.iter().enumerate() {
            let broken = violations(operation.document, input, index)
                .into_iter()
                .next();
            if let Some(violation) = broken {
                given.insert(input.name.clone(), violation.value);
                expected.remove(&input.name);
                expected.insert(violation.field);
            }
            let is_text = given.get(&input.name).is_some_and(Value::is_string);
            if input.place == Place::Path && is_text {
                given.insert(input.name.clone(), "..".into());
                expected.insert(input.name.clone());
            }
        }
        if expected.is_empty() {
            continue;
        }
        let error = refused(&clients, &operation, given).await;
        // A rule may speak of what is tied to something wrong.
        let tied: BTreeSet<_> = expected
            .iter()
            .flat_map(|field| operation.tied(field))
            .collect();
        let found = fields(&error)
            .into_iter()
            .filter(|field| expected.contains(*field) || !tied.contains(field))
            .map(str::to_owned)
            .collect::<BTreeSet<_>>();
        assert_eq!(found, expected, "{}", operation.id);
    }
}

fn missing(inputs: &[Input<'_>]) -> Vec<String> {
    // Ids are arguments; the account of a call is none.
    let needed = inputs.iter().filter(|input| {
        input.required && (input.place != Place::Path || input.name == "account_id")
    });
    needed.map(|input| input.name.clone()).collect()
}

#[tokio::test]
async fn each_missing_field_is_named() {
    let (clients, documents) = (clients(), HOSTS.map(Document::load));
    let mut count = 0;
    for operation in documents.iter().flat_map(Document::operations) {
        let needed = missing(&operation.inputs());
        for name in &needed {
            let given = operation.given(|input| input.name != *name);
            let error = refused(&clients, &operation, given).await;
            assert_eq!(fields(&error), [name], "{}", operation.id);
            let said = &error.field_errors()[0].messages;
            let expected = match name == "account_id" {
                true => "is required: the client has no account of its own",
                false => "is required",
            };
            assert_eq!(said, &[expected]);
            count += 1;
        }
        if !needed.is_empty() {
            let error = refused(&clients, &operation, operation.given(|_| false)).await;
            assert_eq!(fields(&error), needed, "{}", operation.id);
        }
    }
    assert!(count > 100, "only {count} required fields");
}

#[tokio::test]
async fn ids_in_a_path_cannot_lead_elsewhere() {
    let (clients, documents) = (clients(), HOSTS.map(Document::load));
    let mut count = 0;
    for operation in documents.iter().flat_map(Document::operations) {
        for input in operation.inputs() {
            let is_text = matches!(operation.document.kind(input.schema), Kind::Text);
            if !input.segment || !is_text {
                continue;
            }
            for id in [
                "", ".", "..", "...", "a\nb", "\u{0}", "a/b", "a\\b", "a%2Fb", "a b", "é",
            ] {
                let mut given = operation.given(|_| true);
                given.insert(input.name.clone(), id.into());
                let error = refused(&clients, &operation, given).await;
                assert_eq!(fields(&error), [input.name.as_str()], "{}", operation.id);
                count += 1;
            }
        }
    }
    assert!(count > 400, "only {count} ids");
}

/// Takes every request type with all its fields.
fn each_request(
    check: impl Fn(&Document, &str, &dyn Fn(&Map<String, Value>) -> Result<Value, String>),
) {
    let documents = HOSTS.map(Document::load);
    assert!(REQUESTS.len() > 50);
    for (host, name, read) in REQUESTS {
        let document = documents
            .iter()
            .find(|document| document.name == *host)
            .unwrap();
        check(document, name, &|body| {
            read(&Value::from(body.clone()).to_string())
        });
    }
}

#[test]
fn a_request_is_read_and_written_as_it_came() {
    each_request(|document, name, read| {
        let body = document.object(name);
        assert_eq!(read(&body), Ok(body.clone().into()), "{name}");
        let required: Map<_, _> = body
            .into_iter()
            .filter(|(member, _)| is_required(document.schema(name), member))
            .collect();
        assert_eq!(read(&required), Ok(required.clone().into()), "{name}");
    });
}

#[test]
fn a_misspelt_field_is_refused_wherever_it_stands() {
    each_request(|document, name, read| {
        let body = document.object(name);
        for member in body.keys() {
            for wrong in [
                format!("{member}s"),
                member.to_uppercase(),
                format!(" {member}"),
            ] {
                let mut body = body.clone();
                let value = body.remove(member).unwrap();
                body.insert(wrong.clone(), value);
                let error = read(&body).unwrap_err();
                assert!(error.contains("unknown field"), "{name}.{wrong}: {error}");
            }
        }
    });
}

#[test]
fn a_value_of_another_type_is_refused() {
    each_request(|document, name, read| {
        let body = document.object(name);
        for (member, property) in document.schema(name)["properties"].as_object().unwrap() {
            let wrong = match document.kind(property) {
                Kind::Text => vec![json!(5), json!(true), json!([]), json!({})],
                Kind::Integer => vec![json!("5"), json!(1.5), json!(1e300), json!([])],
                Kind::Boolean => vec![json!("true"), json!(1), json!([])],
                Kind::Rupiah => vec![json!(1.5), json!("1.5"), json!("15.000"), json!([])],
                Kind::Money => vec![json!(1.5), json!({"value": "1.5"}), json!({}), json!([])],
                Kind::Sensitive | Kind::Enum(_) | Kind::Time(_) => vec![json!([]), json!({})],
                Kind::Object(_) | Kind::Map => vec![json!("x"), json!(5), json!([[]])],
                Kind::List(_) => vec![json!("x"), json!(5), json!({})],
                Kind::Any => Vec::new(),
                Kind::Amount | Kind::ExactMoney => panic!("{name}.{member} is not whole rupiah"),
            };
            for wrong in wrong {
                let mut body = body.clone();
                body.insert(member.clone(), wrong.clone());
                assert!(read(&body).is_err(), "{name}.{member}: {wrong}");
            }
            // A builder fills in the body, and finds what is missing.
            let is_body = name.ends_with("Request") || name.ends_with("RequestData");
            if !is_body && is_required(document.schema(name), member) {
                let mut body = body.clone();
                body.remove(member);
                assert!(read(&body).is_err(), "{name} without {member}");
            }
        }
    });
}
