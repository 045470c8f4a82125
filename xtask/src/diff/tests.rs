use serde_json::{Value, json};

use super::*;

/// A small lowered document.
fn document() -> Value {
    json!({
        "openapi": "3.0.3",
        "x-singapay-lowered": true,
        "paths": {"/api/a/{id}": {"post": {
            "operationId": "create_a",
            "summary": "Make an a",
            "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                {"name": "page", "in": "query", "required": false, "schema": {"type": "integer"}}],
            "requestBody": {"content": {"application/json": {"schema":
                {"$ref": "#/components/schemas/CreateARequest"}}}},
            "responses": {"2XX": {"content": {"application/json": {"schema":
                {"x-rust-type": {"path": "singapay_core::envelope::V1",
                    "parameters": [{"$ref": "#/components/schemas/A"}]}}}}}},
            "x-singapay": {"product": "a", "verb": "create", "effect": "write", "signed": false,
                "evidence": "live"}}}},
        "x-singapay-events": {"a-made": {"schema": {"$ref": "#/components/schemas/AStatus"}}},
        "components": {"schemas": {
            "CreateARequest": {"type": "object", "required": ["amount"], "properties": {
                "amount": {"x-rust-type": {"path": "singapay_core::Rupiah"},
                    "x-singapay-limits": {"minimum": 10, "maximum": 100}},
                "note": {"type": "string", "nullable": true, "description": "A note."}}},
            "A": {"type": "object", "required": ["id"], "properties": {
                "id": {"type": "string"},
                "status": {"allOf": [{"$ref": "#/components/schemas/AStatus"}], "nullable": true}}},
            "AStatus": {"type": "string", "x-singapay-enum": ["open", "done"]}}},
    })
}

/// `class item: what` of every change that `edit` makes, and the class of the whole.
fn changes(edit: impl FnOnce(&mut Value)) -> (Vec<String>, Option<Class>) {
    let old = document();
    let mut new = document();
    edit(&mut new);
    let comparison = compare(&old, &new);
    let lines = comparison
        .changes
        .iter()
        .map(|change| format!("{:?} {}: {}", change.class, change.item, change.what))
        .collect();
    (lines, comparison.class())
}

fn assert_changes(edit: impl FnOnce(&mut Value), expected: &[&str]) {
    let (lines, _) = changes(edit);
    assert_eq!(lines, expected);
}

fn schema<'a>(document: &'a mut Value, name: &str) -> &'a mut Value {
    &mut document["components"]["schemas"][name]
}

fn operation(document: &mut Value) -> &mut Value {
    &mut document["paths"]["/api/a/{id}"]["post"]
}

#[test]
fn the_same_document_is_no_change() {
    assert_eq!(changes(|_| {}), (Vec::new(), None));
    assert_eq!(
        compare(&document(), &document()).to_string(),
        "Raise: nothing, the public items are the same\n"
    );
}

#[test]
fn operations_come_go_and_move() {
    assert_changes(
        |new| {
            let operation = operation(new).take();
            new["paths"] = json!({"/api/b": {"post": operation}});
        },
        &[
            "Breaking create_a: removed",
            "Additive create_a: new, POST /api/b",
        ],
    );
    assert_changes(
        |new| {
            operation(new)["operationId"] = json!("make_a");
            operation(new)["x-singapay"]["verb"] = json!("make");
        },
        &[
            "Breaking make_a: verb create -> make",
            "Breaking make_a: was called create_a",
        ],
    );
}

#[test]
fn behaviour_is_additive_evidence_is_nothing_and_prose_is_cosmetic() {
    assert_changes(
        |new| {
            operation(new)["x-singapay"]["signed"] = json!(true);
            operation(new)["x-singapay"]["evidence"] = json!("documented");
            operation(new)["summary"] = json!("Makes an a");
        },
        &[
            "Additive create_a: signed false -> true",
            "Cosmetic create_a: summary changed",
        ],
    );
}

#[test]
fn parameters_are_compared_by_name() {
    assert_changes(
        |new| {
            operation(new)["parameters"][1] =
                json!({"name": "size", "in": "query", "schema": {"type": "integer"}});
        },
        &[
            "Breaking create_a: parameter page removed",
            "Additive create_a: new optional parameter size",
        ],
    );
    assert_changes(
        |new| operation(new)["parameters"][1]["schema"]["type"] = json!("string"),
        &["Breaking create_a: parameter page: type integer -> string"],
    );
}

#[test]
fn request_fields_may_come_as_options_only() {
    assert_changes(
        |new| {
            let request = schema(new, "CreateARequest");
            request["properties"]["name"] = json!({"type": "string"});
            request["properties"]["tag"] = json!({"type": "string"});
            request["required"] = json!(["name"]);
        },
        &[
            "Breaking CreateARequest::name: new and required",
            "Additive CreateARequest::amount: optional now",
            "Additive CreateARequest::tag: new",
        ],
    );
}

#[test]
fn response_fields_that_go_or_change_their_type_break() {
    assert_changes(
        |new| {
            let a = schema(new, "A");
            a["properties"] = json!({"id": {"type": "integer"}, "more": {"type": "string"}});
            a["required"] = json!([]);
        },
        &[
            "Breaking A::id: no longer essential, so optional",
            "Breaking A::id: type string -> integer",
            "Breaking A::status: removed",
            "Additive A::more: new",
        ],
    );
}

#[test]
fn enum_values_and_limits() {
    assert_changes(
        |new| schema(new, "AStatus")["x-singapay-enum"] = json!(["open", "gone"]),
        &[
            "Breaking AStatus: value \"done\" removed",
            "Additive AStatus: new value \"gone\"",
        ],
    );
    assert_changes(
        |new| {
            schema(new, "CreateARequest")["properties"]["amount"]["x-singapay-limits"] =
                json!({"minimum": 5, "maximum": 90, "multipleOf": 5});
        },
        &[
            "Breaking CreateARequest::amount: limit maximum 100 -> 90",
            "Breaking CreateARequest::amount: new limit multipleOf 5",
            "Additive CreateARequest::amount: limit minimum 10 -> 5",
        ],
    );
}

#[test]
fn everybody_who_is_affected_is_named() {
    let old = document();
    let mut new = document();
    schema(&mut new, "AStatus")["x-singapay-enum"] = json!(["open", "done", "late"]);
    let comparison = compare(&old, &new);
    assert_eq!(comparison.changes[0].affected, ["create_a", "event a-made"]);
    assert_eq!(
        comparison.to_string(),
        "Additive\n  AStatus: new value \"late\" (create_a, event a-made)\n\
         Raise: minor (patch while the version is 0.x)\n"
    );
}

#[test]
fn a_wrapped_reference_is_the_same_type() {
    assert_changes(
        |new| {
            schema(new, "A")["properties"]["status"] =
                json!({"$ref": "#/components/schemas/AStatus"});
        },
        &[],
    );
}

#[test]
fn an_event_that_goes_breaks() {
    assert_changes(
        |new| new["x-singapay-events"] = json!({"b-made": {"schema": {"type": "string"}}}),
        &[
            "Breaking event a-made: removed",
            "Additive event b-made: new",
        ],
    );
}

const GATEWAY: &str = include_str!("../../tests-data/gateway.json");
const OVERLAY: &str = include_str!("../../tests-data/gateway.yaml");

#[test]
fn published_documents_are_compared_through_their_overlay() {
    let root = std::env::temp_dir().join(format!("xtask-diff-{}", std::process::id()));
    std::fs::create_dir_all(root.join("spec/overlays")).unwrap();
    std::fs::write(root.join("spec/overlays/payment.yaml"), OVERLAY).unwrap();
    let mut new = document::parse(GATEWAY).unwrap();
    // A renamed component renames nothing; a new operation and a moved field need the maintainer.
    let schemas = new["components"]["schemas"].as_object_mut().unwrap();
    let body = schemas.remove("TopupBody").unwrap();
    schemas.insert("WalletBody".to_owned(), body);
    let text = new
        .to_string()
        .replace("schemas/TopupBody", "schemas/WalletBody");
    let mut new = document::parse(&text).unwrap();
    let request = &mut new["components"]["schemas"]["WalletBody"]["properties"];
    request.as_object_mut().unwrap().remove("note");
    new["paths"]["/api/new"] = json!({"get": {"operationId": "getNew", "responses": {}}});
    new["webhooks"]
        .as_object_mut()
        .unwrap()
        .remove("wallet-topup");
    let (old_path, new_path) = (root.join("payment.json"), root.join("published.json"));
    std::fs::write(&old_path, GATEWAY).unwrap();
    std::fs::write(&new_path, new.to_string()).unwrap();

    let comparison = files(&root, &old_path, &new_path, None).unwrap();
    insta::assert_snapshot!(comparison.to_string());
    assert!(
        files(&root, &old_path, &old_path, None)
            .unwrap()
            .changes
            .is_empty()
    );
    std::fs::remove_dir_all(root).unwrap();
}
