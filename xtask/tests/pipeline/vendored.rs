//! A replacement document that is arranged differently changes nothing that users see.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use xtask::{
    document, pipeline,
    published::{self, HOSTS},
};

use crate::support::{Copy, Ran, payment, repository};

const RENAMED: &str = "theirs.json";

/// The document with other names for all components and other operation ids.
fn renamed(document: &Value) -> Value {
    let mut renamed = rename(document, &mut 0);
    for (_, kind) in renamed["components"].as_object_mut().unwrap() {
        let components = kind.as_object_mut().unwrap();
        *components = std::mem::take(components)
            .into_iter()
            .map(|(name, value)| (their(&name), value))
            .collect();
    }
    renamed
}

fn their(name: &str) -> String {
    format!(
        "App.Http.Resources.{}",
        name.chars().rev().collect::<String>()
    )
}

fn rename(value: &Value, operations: &mut u32) -> Value {
    match value {
        Value::Object(object) => {
            let members = object.iter().map(|(key, value)| {
                let value = match (key.as_str(), value.as_str()) {
                    ("$ref", Some(target)) => {
                        let (kind, name) = target.rsplit_once('/').unwrap();
                        json!(format!("{kind}/{}", their(name)))
                    }
                    ("operationId", Some(_)) => {
                        *operations += 1;
                        json!(format!("operation::{operations}"))
                    }
                    _ => rename(value, operations),
                };
                (key.clone(), value)
            });
            members.collect::<serde_json::Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(|item| rename(item, operations)).collect(),
        scalar => scalar.clone(),
    }
}

/// Takes the renamed document over in a copy.
fn taken() -> (Copy, Ran) {
    let copy = Copy::new();
    copy.write(RENAMED, &renamed(&payment()).to_string());
    let file = copy.path(RENAMED);
    let arguments = [
        "vendor",
        "payment",
        file.to_str().unwrap(),
        "--origin",
        "the publisher",
    ];
    let ran = copy.xtask(&arguments);
    (copy, ran)
}

#[test]
fn the_renamed_document_has_none_of_our_names() {
    let ours = payment();
    let theirs = renamed(&ours);
    let names = |document: &Value| -> Vec<String> {
        let schemas = document["components"]["schemas"].as_object().unwrap();
        schemas.keys().cloned().collect()
    };
    let (ours_names, their_names) = (names(&ours), names(&theirs));
    assert_eq!(ours_names.len(), their_names.len());
    assert!(ours_names.iter().all(|name| !their_names.contains(name)));
    assert!(theirs.to_string().contains("operation::60"));
    assert!(!theirs.to_string().contains("triggerEwalletTopUp"));
}

#[test]
fn other_names_of_components_and_operations_change_no_byte() {
    let (theirs, ran) = taken();
    ran.good();
    theirs.xtask(&["generate"]).good();
    let ours = Copy::new();
    ours.xtask(&["generate"]).good();
    let (ours, theirs) = (ours.generated(), theirs.generated());
    assert!(ours.len() > 40, "{}", ours.len());
    for (one, other) in ours.iter().zip(&theirs) {
        assert_eq!(one.0, other.0);
        assert!(one.1 == other.1, "{} differs", one.0.display());
    }
    assert_eq!(ours.len(), theirs.len());
    for (path, text) in ours {
        let checked_in = std::fs::read_to_string(repository().join(&path)).unwrap();
        assert!(checked_in == text, "{} is not up to date", path.display());
    }
}

#[test]
fn generating_twice_writes_nothing_the_second_time() {
    let copy = Copy::new();
    let first = copy.xtask(&["generate"]).good();
    assert!(!first.contains(" 0 written"), "{first}");
    let files = copy.generated();
    let second = copy.xtask(&["generate"]).good();
    assert!(second.contains(" 0 written, 0 deleted"), "{second}");
    assert!(copy.generated() == files);
    copy.xtask(&["generate", "--check"]).good();
}

#[test]
fn a_taken_document_is_recorded() {
    let (copy, ran) = taken();
    assert!(ran.good().contains("now run `cargo xtask generate`"));
    let list: toml::Table = copy.read("spec/vendor/PROVENANCE.toml").parse().unwrap();
    let entry = &list["payment"];
    assert_eq!(entry["origin"].as_str(), Some("the publisher"));
    assert_eq!(entry["openapi"].as_str(), Some("3.1.0"));
    assert_eq!(
        entry["given_sha256"].as_str(),
        Some(&*sum(&copy.read(RENAMED)))
    );
    let vendored = copy.read("spec/vendor/payment.json");
    assert_eq!(entry["sha256"].as_str(), Some(&*sum(&vendored)));
    assert!(
        vendored.ends_with("}\n") && vendored.lines().count() > 1000,
        "one line a member"
    );
    // The others and the words at the head stay.
    let before = std::fs::read_to_string(repository().join("spec/vendor/PROVENANCE.toml")).unwrap();
    let head = before.split("\n[").next().unwrap();
    assert!(copy.read("spec/vendor/PROVENANCE.toml").starts_with(head));
    let before: toml::Table = before.parse().unwrap();
    assert_eq!(list["biller"], before["biller"]);
}

#[test]
fn a_corrected_transcription_keeps_its_bytes_and_its_origin() {
    let copy = Copy::new();
    let corrected = copy
        .read("spec/vendor/payment.json")
        .replacen("Sandbox;", "The sandbox;", 1);
    copy.write("spec/vendor/payment.json", &corrected);
    let before: toml::Table = copy.read("spec/vendor/PROVENANCE.toml").parse().unwrap();
    let file = copy.path("spec/vendor/payment.json");
    copy.xtask(&["vendor", "payment", file.to_str().unwrap()])
        .good();
    assert_eq!(copy.read("spec/vendor/payment.json"), corrected);
    let after: toml::Table = copy.read("spec/vendor/PROVENANCE.toml").parse().unwrap();
    for key in ["origin", "date", "title"] {
        assert_eq!(after["payment"][key], before["payment"][key]);
    }
    assert_eq!(after["payment"]["sha256"].as_str(), Some(&*sum(&corrected)));
}

#[test]
fn what_is_no_document_of_a_host_is_not_taken() {
    let copy = Copy::new();
    let before = copy.read("spec/vendor/payment.json");
    copy.write("swagger.json", r#"{"swagger": "2.0", "paths": {"/a": {}}}"#);
    let file = copy.path("swagger.json");
    let file = file.to_str().unwrap();
    let error = copy.xtask(&["vendor", "payment", file]).refusal();
    assert!(error.contains("OpenAPI 3.0 or 3.1 is wanted"), "{error}");
    let error = copy.xtask(&["vendor", "cards", file]).refusal();
    assert!(
        error.contains("`cards` is no host; hosts are payment, biller, identity"),
        "{error}"
    );
    assert_eq!(copy.read("spec/vendor/payment.json"), before);
}

#[test]
fn a_document_that_stops_generation_is_not_taken() {
    let copy = Copy::new();
    let files = ["spec/vendor/payment.json", "spec/vendor/PROVENANCE.toml"];
    let before = files.map(|file| copy.read(file));
    let mut document = payment();
    document["paths"]["/api/v2.0/loans"] = json!({"get": {"responses": {}}});
    copy.write("next.json", &document.to_string());
    let next = copy.path("next.json");
    let next = next.to_str().unwrap();
    let error = copy.xtask(&["vendor", "payment", next]).refusal();
    assert!(error.contains("GET /api/v2.0/loans is new"), "{error}");
    let ran = copy.xtask(&["update", "payment", next, "--quick"]);
    assert_eq!(ran.status, Some(20), "{}", ran.stderr);
    assert!(
        ran.stdout
            .starts_with("## To do first\n\n- [ ] payment: #/paths/"),
        "{}",
        ran.stdout
    );
    assert_eq!(files.map(|file| copy.read(file)), before);
    assert!(!copy.path("crates").exists(), "something was generated");
}

#[test]
fn an_update_writes_all_that_follows_from_a_document() {
    let copy = Copy::new();
    copy.xtask(&["generate"]).good();
    copy.edit(|document| document["info"]["version"] = json!("1.0.1"));
    let before = copy.read("spec/vendor/payment.json");
    let mut document = payment();
    let item = document["paths"]
        .as_object_mut()
        .unwrap()
        .remove("/api/v1.0/balance-inquiry");
    document["paths"]["/api/v1.1/balance-inquiry"] = item.unwrap();
    copy.write("next.json", &document.to_string());
    let next = copy.path("next.json");
    let ran = copy.xtask(&["update", "payment", next.to_str().unwrap(), "--quick"]);
    assert_eq!(ran.status, Some(10), "{}{}", ran.stdout, ran.stderr);
    assert_ne!(copy.read("spec/vendor/payment.json"), before);
    assert!(
        copy.read("spec/overlays/payment.yaml")
            .contains("paths['/api/v1.1/balance-inquiry'].get")
    );
    let table = copy.read("crates/singapay-api/src/generated/operations.rs");
    assert!(table.contains("\"/api/v1.1/balance-inquiry\""));
    copy.xtask(&["generate", "--check"]).good();
}

/// The same document in nine forms.
#[test]
fn whatever_its_form_a_document_is_the_same() {
    let copy = Copy::new();
    let document = payment();
    let (pretty, dense) = (format!("{document:#}"), document.to_string());
    let yaml = yaml_serde::to_string(&document).unwrap();
    let anchored = yaml
        .replacen("  AmountObject:\n", "  AmountObject: &amount\n", 1)
        .replace("$ref: '#/components/schemas/AmountObject'", "<<: *amount");
    assert_ne!(anchored, yaml);
    let forms = [
        ("as-it-lies.json", copy.read("spec/vendor/payment.json")),
        ("pretty.json", pretty.clone()),
        ("dense.json", dense.clone()),
        ("bom.json", format!("\u{feff}{pretty}")),
        (
            "tabs-and-cr.json",
            pretty.replace("  ", "\t").replace('\n', "\r\n"),
        ),
        ("plain.yaml", yaml.clone()),
        ("bom.yaml", format!("\u{feff}{yaml}")),
        ("cr.yml", yaml.replace('\n', "\r\n")),
        ("no-ending", yaml),
        ("anchors.yaml", anchored),
    ];
    for (name, text) in forms {
        copy.write(name, &text);
        let file = copy.path(name);
        let file = file.to_str().unwrap();
        let ran = copy.xtask(&["diff", "payment", file]);
        assert_eq!(ran.status, Some(0), "{name}: {}{}", ran.stdout, ran.stderr);
        assert!(
            ran.stdout.ends_with("**Verdict: nothing**\n"),
            "{name}: {}",
            ran.stdout
        );
        if ["dense.json", "bom.yaml"].contains(&name) {
            copy.xtask(&["vendor", "payment", file]).good();
            let checked_in = std::fs::read_to_string(repository().join("spec/vendor/payment.json"));
            assert!(
                copy.read("spec/vendor/payment.json") == checked_in.unwrap(),
                "{name}"
            );
        }
    }
}

#[test]
fn what_cannot_be_read_is_refused_and_nothing_is_written() {
    let copy = Copy::new();
    let before = copy.read("spec/vendor/payment.json");
    let dense = payment().to_string();
    let wide: Vec<u8> = dense.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, cause) in [
        (
            dense.replacen("{\"", "{,\"", 1).into_bytes(),
            "line 1 column 2",
        ),
        (
            dense
                .replacen("\"info\"", "\"paths\":{},\"info\"", 1)
                .into_bytes(),
            "`paths` stands twice",
        ),
        ([b"\xff\xfe".as_slice(), &wide].concat(), "this is UTF-16"),
        (Vec::new(), "the file is empty"),
        (b"<html></html>".to_vec(), "this is HTML or XML"),
    ] {
        std::fs::write(copy.path("bad"), bytes).unwrap();
        let file = copy.path("bad");
        for command in ["vendor", "update", "diff"] {
            let error = copy
                .xtask(&[command, "payment", file.to_str().unwrap()])
                .refusal();
            assert!(error.contains(cause), "{command}: {error}");
        }
    }
    assert_eq!(copy.read("spec/vendor/payment.json"), before);
}

#[test]
fn a_changed_line_of_a_document_is_a_changed_line_here() {
    let copy = Copy::new();
    let before = copy.read("spec/vendor/payment.json");
    copy.write(
        "next.json",
        &payment()
            .to_string()
            .replacen("Sandbox;", "The sandbox;", 1),
    );
    let next = copy.path("next.json");
    copy.xtask(&["vendor", "payment", next.to_str().unwrap()])
        .good();
    let after = copy.read("spec/vendor/payment.json");
    let changed = before
        .lines()
        .zip(after.lines())
        .filter(|(one, other)| one != other);
    assert_eq!(
        (changed.count(), before.lines().count()),
        (1, after.lines().count())
    );
}

#[test]
fn the_recorded_sums_are_those_of_the_files() {
    let folder = repository().join("spec/vendor");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let list: toml::Table = read("PROVENANCE.toml").parse().unwrap();
    assert_eq!(
        list.keys().collect::<Vec<_>>(),
        ["biller", "identity", "payment"]
    );
    for (host, entry) in &list {
        let text = read(&format!("{host}.json"));
        let renew = format!("cargo xtask vendor {host} spec/vendor/{host}.json");
        assert_eq!(
            entry["sha256"].as_str(),
            Some(&*sum(&text)),
            "renew with `{renew}`"
        );
        let document = xtask::document::parse(&text).unwrap();
        assert_eq!(entry["openapi"].as_str(), document["openapi"].as_str());
        assert_eq!(entry["title"].as_str(), document["info"]["title"].as_str());
        assert_eq!(
            entry["version"].as_str(),
            document["info"]["version"].as_str()
        );
    }
}

fn sum(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// Adds to every list of values one that no other list has.
fn extend(value: &mut Value, count: &mut usize) {
    match value {
        Value::Object(object) => {
            if let Some(Value::Array(values)) = object.get_mut("enum")
                && values.iter().any(Value::is_string)
            {
                *count += 1;
                values.push(json!(format!("VALUE_{count}")));
            }
            object.values_mut().for_each(|inner| extend(inner, count));
        }
        Value::Array(items) => items.iter_mut().for_each(|inner| extend(inner, count)),
        _ => {}
    }
}

#[test]
fn a_new_value_of_any_enum_needs_no_edit_of_an_overlay() {
    let (mut trial, mut count) = (published::Trial::new(), 0);
    for host in HOSTS {
        let mut document = document::load(&repository().join(published::vendored(host))).unwrap();
        extend(&mut document, &mut count);
        let overlay = published::overlay_text(&repository(), host).unwrap();
        trial.insert(host.to_owned(), (document, overlay));
    }
    assert!(count > 100, "{count}");
    let documents = published::all(&repository(), &trial).unwrap();
    let (_, open) = pipeline::attempt(&repository(), &documents).unwrap();
    assert!(open.is_empty(), "{open:#?}");
}
