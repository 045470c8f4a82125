//! Every field of every answer and webhook, against all that a loosely typed backend may send.
//!
//! The instance of a type with all its fields comes from the lowered documents; then one field at a
//! time is changed. Nothing is sampled: all fields of all types take part.

#![allow(clippy::unwrap_used)]

mod variations;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use singapay_tests::{
    generated::types::{ANSWERS, ENVELOPES, REQUESTS},
    json::RoundTrip,
    spec::{Document, HOSTS, Kind, is_required},
};
use variations::{essential_may_be, readable, unreadable};

const NAMES: [&str; 4] = [HOSTS[0], HOSTS[1], HOSTS[2], "events"];

/// One field of one type.
struct Field<'a> {
    document: &'a Document,
    /// For messages: `payment EwalletTopup.amount`.
    place: String,
    member: &'a str,
    schema: &'a Value,
    essential: bool,
    /// All fields of the type.
    whole: &'a Map<String, Value>,
    read: RoundTrip,
}

impl Field<'_> {
    /// Reads the type with this value in the field; what it writes must be as before elsewhere.
    fn read(&self, value: Option<&Value>) -> Result<Option<Value>, String> {
        let mut body = self.whole.clone();
        match value {
            Some(value) => body.insert(self.member.to_owned(), value.clone()),
            None => body.remove(self.member),
        };
        let written = (self.read)(&Value::from(body).to_string())?;
        let Value::Object(mut written) = written else {
            return Err("no object is written".to_owned());
        };
        let found = written.remove(self.member).filter(|value| !value.is_null());
        let mut whole = self.whole.clone();
        whole.remove(self.member);
        if written != whole {
            return Err("another field has changed".to_owned());
        }
        Ok(found)
    }
}

/// Takes every field of every type; gives what went wrong.
fn each_field(check: impl Fn(&Field<'_>) -> Vec<String>) -> Vec<String> {
    let documents = NAMES.map(Document::load);
    let mut problems = Vec::new();
    let mut count = 0;
    for (host, name, read) in ANSWERS {
        let document = documents
            .iter()
            .find(|document| document.name == *host)
            .unwrap();
        let schema = document.schema(name);
        let whole = document.object(name);
        for (member, property) in schema["properties"].as_object().unwrap() {
            let field = Field {
                document,
                place: format!("{host} {name}.{member}"),
                member,
                schema: property,
                essential: is_required(schema, member),
                whole: &whole,
                read: *read,
            };
            problems.extend(check(&field));
            count += 1;
        }
    }
    assert!(count > 800, "only {count} fields");
    problems
}

fn none(problems: &[String]) {
    assert!(
        problems.is_empty(),
        "{} problems:\n{}",
        problems.len(),
        problems.join("\n")
    );
}

#[test]
fn every_type_of_the_documents_takes_part() {
    let known: BTreeSet<(&str, &str)> = ANSWERS
        .iter()
        .chain(REQUESTS)
        .map(|(host, name, _)| (*host, *name))
        .collect();
    let documents = NAMES.map(Document::load);
    let described: BTreeSet<(&str, &str)> = documents
        .iter()
        .flat_map(|document| {
            let schemas = document.schemas().iter();
            schemas
                .filter(|(_, schema)| schema.get("properties").is_some())
                .map(|(name, _)| (document.name, name.as_str()))
        })
        .collect();
    assert_eq!(known, described);
    let read: BTreeSet<&str> = ENVELOPES.iter().map(|(id, _)| *id).collect();
    let offered = singapay_api::operations::ALL
        .iter()
        .map(|operation| operation.id);
    assert_eq!(read, offered.collect());
}

#[test]
fn a_type_with_all_its_fields_is_read_and_written_as_it_came() {
    let documents = NAMES.map(Document::load);
    for (host, name, read) in ANSWERS {
        let document = documents
            .iter()
            .find(|document| document.name == *host)
            .unwrap();
        let whole = Value::from(document.object(name));
        assert_eq!(read(&whole.to_string()), Ok(whole), "{host} {name}");
    }
}

#[test]
fn members_that_nobody_knows_are_kept() {
    let documents = NAMES.map(Document::load);
    for (host, name, read) in ANSWERS {
        let document = documents
            .iter()
            .find(|document| document.name == *host)
            .unwrap();
        for unknown in [
            json!("x"),
            json!(1.5),
            json!(null),
            json!([]),
            json!({"a": [{}]}),
        ] {
            let mut whole = document.object(name);
            whole.insert("a member of tomorrow".to_owned(), unknown);
            let whole = Value::from(whole);
            assert_eq!(read(&whole.to_string()), Ok(whole), "{host} {name}");
        }
    }
}

#[test]
fn every_spelling_of_a_value_is_read_as_that_value() {
    none(&each_field(|field| {
        let spellings = readable(field.document, field.schema);
        let spellings = spellings.into_iter().filter_map(|(given, expected)| {
            let found = field.read(Some(&given));
            (found != Ok(Some(expected.clone())))
                .then(|| format!("{}: {given} gives {found:?}, not {expected}", field.place))
        });
        spellings.collect()
    }));
}

#[test]
fn optional_fields_never_make_an_answer_unreadable() {
    none(&each_field(|field| {
        if field.essential {
            return Vec::new();
        }
        let mut given: Vec<Option<Value>> = vec![None, Some(Value::Null)];
        given.extend(
            unreadable(field.document, field.schema)
                .into_iter()
                .map(Some),
        );
        let problems = given.iter().filter_map(|given| {
            let found = field.read(given.as_ref());
            let empty = match &found {
                Ok(found) => found.as_ref().is_none_or(is_empty),
                Err(_) => false,
            };
            (!empty).then(|| format!("{}: {given:?} gives {found:?}", field.place))
        });
        problems.collect()
    }));
}

/// An empty list or object stands for nothing as well as null does.
fn is_empty(value: &Value) -> bool {
    *value == json!([]) || *value == json!({})
}

#[test]
fn essential_fields_are_needed() {
    none(&each_field(|field| {
        if !field.essential {
            return Vec::new();
        }
        let mut given: Vec<Option<Value>> = vec![None];
        if !essential_may_be(field.document, field.schema, &Value::Null) {
            given.push(Some(Value::Null));
        }
        given.extend(
            unreadable(field.document, field.schema)
                .into_iter()
                .map(Some),
        );
        given.retain(|given| {
            let given = given.as_ref();
            given.is_none_or(|given| !essential_may_be(field.document, field.schema, given))
        });
        let problems = given.iter().filter_map(|given| {
            let found = field.read(given.as_ref());
            found
                .is_ok()
                .then(|| format!("{}: {given:?} gives {found:?}", field.place))
        });
        problems.collect()
    }));
}

#[test]
fn an_essential_object_or_list_may_be_the_empty_one_of_the_other_kind() {
    none(&each_field(|field| {
        if !field.essential {
            return Vec::new();
        }
        let given = [json!(null), json!([]), json!({}), json!("")].into_iter();
        let given = given.filter(|given| essential_may_be(field.document, field.schema, given));
        let problems = given.filter_map(|given| {
            let found = field.read(Some(&given));
            found
                .is_err()
                .then(|| format!("{}: {given} gives {found:?}", field.place))
        });
        problems.collect()
    }));
}

#[test]
fn whole_answers_are_read_with_more_and_with_less_than_is_known() {
    let documents = HOSTS.map(Document::load);
    for operation in documents.iter().flat_map(Document::operations) {
        let (_, read) = ENVELOPES
            .iter()
            .find(|(id, _)| *id == operation.id)
            .unwrap();
        let answer = operation.answer();
        assert_eq!(
            read(&answer.to_string()),
            Ok(answer.clone()),
            "{}",
            operation.id
        );
        let mut more = answer.clone();
        more["a member of tomorrow"] = json!({"a": 1});
        assert_eq!(read(&more.to_string()), Ok(more), "{}", operation.id);
        if operation.metadata("envelope") == "flat" {
            continue;
        }
        for member in answer.as_object().unwrap().keys() {
            let mut less = answer.clone();
            less[member] = Value::Null;
            assert!(
                read(&less.to_string()).is_ok(),
                "{}: null {member}",
                operation.id
            );
            less.as_object_mut().unwrap().remove(member);
            assert!(
                read(&less.to_string()).is_ok(),
                "{}: no {member}",
                operation.id
            );
        }
        // PHP writes `[]`, `{}` or `""` where there is nothing to say.
        let kind = operation.document.kind(operation.data());
        for nothing in [json!([]), json!({}), json!("")] {
            let essential = match kind {
                Kind::Object(name) => operation.document.schema(name)["required"].is_array(),
                _ => false,
            };
            let answer = operation.enveloped(nothing.clone());
            let read = read(&answer.to_string());
            // An object without its essential members is no answer; all else is.
            assert_eq!(
                read.is_err(),
                essential && nothing == json!({}),
                "{} {nothing}",
                operation.id
            );
        }
    }
}
