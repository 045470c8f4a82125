//! The crate's facts about each event agree with the project's documents.

#![allow(clippy::unwrap_used)]

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};
use singapay_webhook::{Event, EventKind, Payload};

fn documents() -> serde_json::Map<String, Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec/lowered/events.json");
    let mut document: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    match document["x-singapay-events"].take() {
        Value::Object(events) => events,
        other => panic!("{other}"),
    }
}

fn put(json: &mut Value, path: &str, value: Value) {
    let mut place = json;
    for member in path.split('.') {
        place = &mut place[member];
    }
    *place = value;
}

#[test]
fn the_same_events_are_known() {
    let known: BTreeSet<_> = EventKind::KNOWN
        .iter()
        .map(|kind| kind.as_str().to_owned())
        .collect();
    assert_eq!(known, documents().keys().cloned().collect());
}

#[test]
fn every_documented_spelling_is_recognised() {
    for (canonical, event) in documents() {
        for name in event["x-singapay"]["events"].as_array().unwrap() {
            assert_eq!(
                EventKind::from_name(name.as_str().unwrap()).as_str(),
                canonical
            );
        }
    }
}

#[test]
fn the_essential_members_make_an_event_readable_and_each_is_needed() {
    for (canonical, event) in documents() {
        let essential: Vec<String> = event["x-singapay"]["essential"]
            .as_array()
            .unwrap()
            .iter()
            .map(|path| format!("data.{}", path.as_str().unwrap()))
            .collect();
        let body = |without: Option<&String>| {
            let mut body = json!({"event": canonical, "data": {}});
            for path in essential.iter().filter(|path| Some(*path) != without) {
                put(&mut body, path, json!("1"));
            }
            Event::read(body.to_string().as_bytes()).unwrap()
        };
        let full = body(None);
        assert!(
            !matches!(full.payload(), Payload::Unreadable(_)),
            "{full:?}"
        );
        for path in &essential {
            match body(Some(path)).payload() {
                Payload::Unreadable(unreadable) => assert_eq!(&unreadable.members, &[path]),
                other => panic!("{canonical} without {path}: {other:?}"),
            }
        }
    }
}

#[test]
fn the_merchant_reference_is_read_where_the_documents_say() {
    for (canonical, event) in documents() {
        let paths = event["x-singapay"]["merchant_reference"].as_array();
        let paths = paths.map_or(&[][..], Vec::as_slice);
        // One alone, and all of them: then the first.
        for given in paths.iter().map(std::slice::from_ref).chain([paths]) {
            let mut body = json!({"event": canonical});
            for path in given {
                let path = path.as_str().unwrap();
                put(&mut body, path, json!(format!("it is {path}")));
            }
            let event = Event::read(body.to_string().as_bytes()).unwrap();
            let first = given.first();
            let expected = first.map(|path| format!("it is {}", path.as_str().unwrap()));
            let found = event.merchant_reference();
            assert_eq!(found.as_deref(), expected.as_deref(), "{canonical}");
        }
    }
}

#[test]
fn every_kind_answers_amount_reference_and_resource_or_says_why_not() {
    for (canonical, event) in documents() {
        let says = &event["x-singapay"];
        assert!(event["example"].is_object(), "{canonical} has no sample");
        for (key, fact) in [
            ("amount", "/amounts/gross"),
            ("merchant_reference", "/merchant_reference"),
            ("resource", "/resource"),
        ] {
            let answer = says.pointer(fact).and_then(Value::as_array);
            let answers = answer.is_some_and(|answer| !answer.is_empty());
            let reason = says["without"][key].is_string();
            assert!(answers != reason, "{canonical}: {key}");
        }
    }
}
