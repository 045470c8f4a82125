//! What the comparison says about edited copies of the real document.

use serde_json::{Value, json};

use crate::support::{Copy, payment, properties};

const REQUEST: &str = "EwalletTriggerTopUpRequest";
const STATUS: &str = "EwalletInquiryStatusData";
const DATA: &str = "EwalletTriggerTopUpSuccessData";

/// The report about the vendored document and a copy with this edit.
#[track_caller]
fn report(edit: impl FnOnce(&mut Value)) -> String {
    let copy = Copy::new();
    let mut document = payment();
    edit(&mut document);
    copy.write("new.json", &document.to_string());
    let (old, new) = (copy.path("spec/vendor/payment.json"), copy.path("new.json"));
    let arguments = [
        "diff",
        old.to_str().unwrap(),
        new.to_str().unwrap(),
        "--host",
        "payment",
    ];
    copy.xtask(&arguments).good()
}

#[track_caller]
fn assert_report(edit: impl FnOnce(&mut Value), expected: &str) {
    assert_eq!(report(edit).trim(), expected.trim());
}

#[test]
fn the_same_document_raises_nothing() {
    assert_report(|_| {}, "Raise: nothing, the public items are the same");
}

#[test]
fn a_field_that_is_gone_breaks() {
    assert_report(
        |document| {
            for component in [DATA, STATUS] {
                let fields = properties(document, component).as_object_mut().unwrap();
                fields.remove("notes").unwrap();
            }
        },
        "Breaking\n  EwalletTopup::notes: removed (get_ewallet_topup_status, topup_ewallet)\n\
         Raise: major (minor while the version is 0.x)",
    );
}

#[test]
fn a_new_field_of_an_answer_is_additive_and_a_demanded_one_of_a_request_breaks() {
    assert_report(
        |document| {
            for component in [DATA, STATUS] {
                properties(document, component)["channel"] = json!({"type": "string"});
            }
        },
        "Additive\n  EwalletTopup::channel: new (get_ewallet_topup_status, topup_ewallet)\n\
         Raise: minor (patch while the version is 0.x)",
    );
    assert_report(
        |document| {
            properties(document, REQUEST)["purpose"] = json!({"type": "string"});
            let schema = &mut document["components"]["schemas"][REQUEST];
            schema["required"]
                .as_array_mut()
                .unwrap()
                .push(json!("purpose"));
        },
        "Breaking\n  TopupEwalletRequest::purpose: new and required (topup_ewallet)\n\
         Raise: major (minor while the version is 0.x)",
    );
}

#[test]
fn a_new_value_of_an_enum_is_additive() {
    assert_report(
        |document| {
            let values = &mut properties(document, "UpdatePlanRequest")["prorated_charge_mode"];
            values["enum"].as_array_mut().unwrap().push(json!("never"));
        },
        "Additive\n  ProratedChargeMode: new value \"never\" (update_plan)\n\
         Raise: minor (patch while the version is 0.x)",
    );
}

#[test]
fn a_tighter_limit_breaks_and_a_wider_one_does_not() {
    let limit = |length: u32| {
        move |document: &mut Value| {
            properties(document, REQUEST)["notes"]["maxLength"] = json!(length)
        }
    };
    assert_report(
        limit(40),
        "Breaking\n  TopupEwalletRequest::notes: limit maxLength 50 -> 40 (topup_ewallet)\n\
         Raise: major (minor while the version is 0.x)",
    );
    assert_report(
        limit(60),
        "Additive\n  TopupEwalletRequest::notes: limit maxLength 50 -> 60 (topup_ewallet)\n\
         Raise: minor (patch while the version is 0.x)",
    );
}

#[test]
fn prose_is_cosmetic() {
    assert_report(
        |document| properties(document, REQUEST)["notes"]["description"] = json!("A note."),
        "Cosmetic\n  TopupEwalletRequest::notes: description changed (topup_ewallet)\nRaise: patch",
    );
}

#[test]
fn an_operation_that_is_gone_breaks_and_its_overlay_is_to_do() {
    let report = report(|document| {
        let paths = document["paths"].as_object_mut().unwrap();
        paths.remove("/api/v2.0/ewallet/trigger-topup").unwrap();
    });
    assert!(report.starts_with("Breaking\n"), "{report}");
    assert!(report.contains("  topup_ewallet: removed\n"), "{report}");
    assert!(
        report.contains("  TopupEwalletRequest: removed (topup_ewallet)\n"),
        "{report}"
    );
    let to_do = report.split("To do before generating\n").nth(1).unwrap();
    assert!(
        to_do.contains("$.paths['/api/v2.0/ewallet/trigger-topup'].post: matches nothing"),
        "{to_do}"
    );
    assert!(
        report.ends_with("Raise: major (minor while the version is 0.x)\n"),
        "{report}"
    );
}

#[test]
fn a_new_operation_is_additive_and_its_metadata_is_to_do() {
    let report = report(|document| {
        document["paths"]["/api/v2.0/loans"] =
            json!({"get": {"operationId": "listLoans", "responses": {"200": {"description": ""}}}});
    });
    assert!(
        report.starts_with("Additive\n  listLoans: new, GET /api/v2.0/loans\nTo do"),
        "{report}"
    );
    assert!(
        report.contains("  #/paths/~1api~1v2.0~1loans/get: no `x-singapay` metadata\n"),
        "{report}"
    );
    assert!(
        report.ends_with("Raise: minor (patch while the version is 0.x)\n"),
        "{report}"
    );
}

#[test]
fn a_renamed_component_is_nothing() {
    assert_report(
        |document| {
            let schemas = document["components"]["schemas"].as_object_mut().unwrap();
            let request = schemas.remove(REQUEST).unwrap();
            schemas.insert("WalletBody".to_owned(), request);
            let text = document.to_string().replace(
                &format!("#/components/schemas/{REQUEST}\""),
                "#/components/schemas/WalletBody\"",
            );
            *document = xtask::document::parse(&text).unwrap();
        },
        "Raise: nothing, the public items are the same",
    );
}

#[test]
fn foreign_documents_are_compared_without_an_overlay() {
    let copy = Copy::new();
    let sample = crate::support::repository().join("xtask/tests-data/foreign/dialect.json");
    let mut document = xtask::document::load(&sample).unwrap();
    properties(&mut document, "Thing")
        .as_object_mut()
        .unwrap()
        .remove("name")
        .unwrap();
    copy.write("new.json", &document.to_string());
    let (old, new) = (sample, copy.path("new.json"));
    let report = copy
        .xtask(&["diff", old.to_str().unwrap(), new.to_str().unwrap()])
        .good();
    assert!(report.contains("  Thing::name: removed ("), "{report}");
    assert!(
        report.contains("  ThingRequest::name: removed (put_thing)\n"),
        "{report}"
    );
}
