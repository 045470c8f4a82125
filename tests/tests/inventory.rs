//! Inventory of the API as text, so that each change of it shows in review.

#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, fmt::Write as _, fs};

use serde_json::Value;
use singapay_api::operations;
use singapay_core::{
    TransactionStatusCode,
    operation::{Authentication, Effect, Envelope, Evidence, Host, Replay},
};
use singapay_tests::{
    generated::types::{ANSWERS, REQUESTS},
    spec::{Document, HOSTS, Kind, is_required, root},
};

const DOCUMENTS: [&str; 4] = [HOSTS[0], HOSTS[1], HOSTS[2], "events"];

fn report() -> Value {
    let text = fs::read_to_string(root().join("spec/lowered/report.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Changes of a rule: host, pointer and what was done.
fn changes(report: &Value, rule: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for (host, report) in report.as_object().unwrap() {
        let places = report["rules"][rule]["changes"].as_object();
        for (place, changes) in places.into_iter().flatten() {
            for change in changes.as_array().unwrap() {
                let (inner, what) = change.as_str().unwrap().split_once(": ").unwrap();
                found.push((host.clone(), format!("{place}{inner}"), what.to_owned()));
            }
        }
    }
    found
}

#[test]
fn operations_change_in_sight() {
    let mut text = String::new();
    for operation in operations::ALL {
        let host = match operation.host {
            Host::Payment => "payment",
            Host::Biller => "biller",
            Host::Identity => "identity",
        };
        let authentication = match operation.authentication {
            Authentication::Bearer => "bearer",
            Authentication::SchemeA => "scheme A",
            Authentication::SchemeB => "scheme B",
            Authentication::SchemeD => "scheme D",
        };
        let signed = if operation.signed { ", signed" } else { "" };
        let effect = match operation.effect {
            Effect::Read => "read",
            Effect::Write => "write",
            Effect::MoneyIn => "money in",
            Effect::MoneyOut => "money out",
        };
        let envelope = match operation.envelope {
            Envelope::V1 => "v1",
            Envelope::V2 => "v2",
            Envelope::Biller => "biller",
            Envelope::Identity => "identity",
            Envelope::Flat => "flat",
            Envelope::Any => "any",
        };
        let evidence = match operation.evidence {
            Evidence::Live => "live",
            Evidence::LiveGroup => "live group",
            Evidence::LiveRefusal => "live refusal",
            Evidence::Documented => "documented",
            Evidence::PeerOnly => "peer only",
        };
        let body = if operation.optional_body {
            ", optional body"
        } else {
            ""
        };
        let (id, method, path) = (operation.id, operation.method, operation.path);
        writeln!(text, "{id}: {method} {path}").unwrap();
        writeln!(
            text,
            "  {host}, {}, {authentication}{signed}{body}",
            operation.product
        )
        .unwrap();
        write!(text, "  {effect}, {envelope}, {evidence}").unwrap();
        if let Some(reference) = operation.reference {
            let replay = match reference.replay {
                Replay::ReturnsOriginal => "returns the original",
                Replay::RefusedAsDuplicate => "is refused as a duplicate",
                Replay::CreatesAnother => "creates another",
                Replay::Unknown => "has an unknown effect",
            };
            write!(text, "; a second {} {replay}", reference.field).unwrap();
        }
        if let Some(inquiry) = operation.inquiry {
            write!(text, "; ask {inquiry}").unwrap();
        }
        text.push('\n');
    }
    insta::assert_snapshot!("operations", text);
}

#[test]
fn an_inquiry_is_a_read_of_the_same_host() {
    for operation in operations::ALL {
        if let Some(inquiry) = operation.inquiry {
            let inquiry = operations::find(inquiry).unwrap();
            assert_eq!(inquiry.effect, Effect::Read, "{}", operation.id);
            assert_eq!(inquiry.host, operation.host, "{}", operation.id);
        }
    }
    let silent = operations::ALL.iter().filter(|operation| {
        operation.effect == Effect::MoneyOut
            && (operation.inquiry.is_none() || operation.reference.is_none())
    });
    let silent: Vec<_> = silent.map(|operation| operation.id).collect();
    insta::assert_snapshot!("payouts_that_cannot_be_asked_about", silent.join("\n"));
}

#[test]
fn types_change_in_sight() {
    let mut text = String::new();
    for name in DOCUMENTS {
        let document = Document::load(name);
        writeln!(text, "# {name}").unwrap();
        for (type_name, schema) in document.schemas() {
            if let Some(values) = schema.get("x-singapay-enum") {
                let values: Vec<_> = values
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(ToString::to_string)
                    .collect();
                writeln!(text, "{type_name} = {}", values.join(" | ")).unwrap();
                continue;
            }
            let Some(members) = schema.get("properties").and_then(Value::as_object) else {
                continue;
            };
            let asked = REQUESTS
                .iter()
                .any(|row| (row.0, row.1) == (name, type_name));
            let given = ANSWERS
                .iter()
                .any(|row| (row.0, row.1) == (name, type_name));
            assert!(asked != given, "{name} {type_name}");
            writeln!(
                text,
                "{type_name} ({})",
                if asked { "request" } else { "answer" }
            )
            .unwrap();
            for (member, property) in members {
                let mark = if is_required(schema, member) { "!" } else { "" };
                writeln!(text, "  {member}{mark}: {}", kind(&document, property)).unwrap();
            }
        }
    }
    insta::assert_snapshot!("types", text);
}

/// A kind in a word; `Name` is an object or an enum.
fn kind(document: &Document, schema: &Value) -> String {
    match document.kind(schema) {
        Kind::Text => "text".to_owned(),
        Kind::Sensitive => "sensitive text".to_owned(),
        Kind::Integer => "integer".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Rupiah => "Rupiah".to_owned(),
        Kind::Amount => "Amount".to_owned(),
        Kind::Money => "Money".to_owned(),
        Kind::ExactMoney => "Money<Amount>".to_owned(),
        Kind::Time(name) => name.to_owned(),
        Kind::Enum(_) => singapay_tests::spec::reference(schema)
            .unwrap_or("enum")
            .to_owned(),
        Kind::Object(name) => name.to_owned(),
        Kind::List(items) => format!("list of {}", kind(document, items)),
        Kind::Map => "any object".to_owned(),
        Kind::Any => "anything".to_owned(),
    }
}

#[test]
fn the_lowering_report_changes_in_sight() {
    let report = report();
    let mut text = String::new();
    for (host, report) in report.as_object().unwrap() {
        writeln!(text, "# {host}").unwrap();
        for (rule, changes) in report["rules"].as_object().unwrap() {
            writeln!(text, "{rule}: {}", changes["count"]).unwrap();
        }
        assert!(report.get("obsolete_overlay_actions").is_none(), "{host}");
    }
    insta::assert_snapshot!("lowering", text);
}

#[test]
fn each_free_form_place_has_its_reason() {
    let mut by_reason: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let changes = changes(&report(), "free-form");
    for (host, place, reason) in &changes {
        assert!(reason.len() > 10, "{host} {place}: {reason}");
        let place = place
            .replace("~1", "/")
            .replace("/properties/", ".")
            .replace("/paths/", "");
        let place = place
            .replace("/content/application/json/schema", "")
            .replace("/items", "[]");
        by_reason
            .entry(reason.clone())
            .or_default()
            .push(format!("{host} {place}"));
    }
    let text = by_reason.into_iter().map(|(reason, places)| {
        let places = places.into_iter().map(|place| format!("    {place}\n"));
        format!("{reason}\n{}", places.collect::<String>())
    });
    insta::assert_snapshot!("free_form", text.collect::<String>());

    // Nothing else in the documents is free-form.
    let explained = |member: &str| {
        let ends = [format!("/{member}"), format!("/{member}/items")];
        changes
            .iter()
            .any(|(_, place, _)| ends.iter().any(|end| place.ends_with(end)))
    };
    for name in DOCUMENTS {
        let document = Document::load(name);
        for (type_name, schema) in document.schemas() {
            let members = schema.get("properties").and_then(Value::as_object);
            for (member, property) in members.into_iter().flatten() {
                let free = match document.kind(property) {
                    Kind::Map | Kind::Any => true,
                    Kind::List(items) => {
                        matches!(document.kind(items), Kind::Map | Kind::Any)
                    }
                    _ => false,
                };
                assert!(!free || explained(member), "{name} {type_name}.{member}");
            }
        }
    }
}

/// It is defined by hand, for answers and webhooks alike: a value that is added there must be added here.
#[test]
fn the_shared_states_of_payouts_are_those_of_the_documents() {
    // One type for both, or this does not compile.
    let _: fn(&singapay::webhook::Event) -> Option<singapay::types::TransactionStatusCode> =
        singapay::webhook::Event::transaction_status;
    let known = TransactionStatusCode::KNOWN;
    let known: Vec<&str> = known.iter().map(TransactionStatusCode::as_str).collect();
    for name in ["payment", "events"] {
        let text = fs::read_to_string(root().join(format!("spec/lowered/{name}.json"))).unwrap();
        let document: Value = serde_json::from_str(&text).unwrap();
        let schema = &document["components"]["schemas"]["TransactionStatusCode"];
        assert_eq!(
            schema["x-singapay-enum"],
            serde_json::json!(known),
            "{name}"
        );
    }
}

/// Without it the product is compiled away, and nothing else says so.
#[test]
fn each_product_has_its_feature() {
    for manifest in [
        "crates/singapay-api/Cargo.toml",
        "crates/singapay/Cargo.toml",
    ] {
        let text = fs::read_to_string(root().join(manifest)).unwrap();
        for operation in operations::ALL {
            let feature = operation.product.replace('_', "-");
            let mut lines = text.lines();
            assert!(
                lines.any(|line| line.starts_with(&format!("{feature} = ["))),
                "{manifest} has no feature `{feature}`"
            );
            let named = text.contains(&format!("\"{feature}\""));
            assert!(named, "{manifest}: `{feature}` is not in `default`");
        }
    }
}
