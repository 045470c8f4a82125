//! Refusals of the command to generate; nothing is written then.

use serde_json::{Value, json};

use crate::support::{Copy, properties};

const TOPUP: &str = "#/paths/~1api~1v2.0~1ewallet~1trigger-topup/post";

/// Runs generation in a copy and gives its error.
#[track_caller]
fn refusal(copy: &Copy) -> String {
    let error = copy.xtask(&["generate"]).refusal();
    assert!(!copy.path("spec/lowered").exists(), "something was written");
    assert!(!copy.path("crates").exists(), "something was written");
    error
}

fn overlay(edit: impl FnOnce(String) -> String) -> Copy {
    let copy = Copy::new();
    let before = copy.read("spec/overlays/payment.yaml");
    let after = edit(before.clone());
    assert_ne!(before, after);
    copy.write("spec/overlays/payment.yaml", &after);
    copy
}

#[test]
fn all_actions_that_match_nothing_are_listed_at_once() {
    let action = |target: &str| {
        format!(
            "- target: {target}\n  update:\n    description: x\n  x-evidence:\n    level: derived\n    \
             source: documentation of hosts\n    note: y\n"
        )
    };
    let copy = overlay(|text| {
        let (one, other) = (
            action("$.paths['/api/v9/nothing'].get"),
            action("$.info.colour"),
        );
        format!("{text}{one}{other}")
    });
    let error = refusal(&copy);
    assert!(error.contains("2 problems"), "{error}");
    assert!(error.contains("spec/overlays/payment.yaml:"), "{error}");
    assert!(
        error.contains("$.paths['/api/v9/nothing'].get: matches nothing"),
        "{error}"
    );
    assert!(error.contains("$.info.colour: matches nothing"), "{error}");
}

#[test]
fn an_action_whose_target_moved_away_is_named() {
    let copy = Copy::new();
    copy.edit(|document| {
        let paths = document["paths"].as_object_mut().unwrap();
        let item = paths.remove("/api/v2.0/ewallet/trigger-topup").unwrap();
        paths.insert("/api/v3.0/ewallet/trigger-topup".to_owned(), item);
    });
    let error = refusal(&copy);
    assert!(
        error.contains("$.paths['/api/v2.0/ewallet/trigger-topup'].post: matches nothing"),
        "{error}"
    );
}

#[test]
fn two_operations_of_one_id_are_refused() {
    let copy =
        overlay(|text| text.replace("operationId: pay_qris\n", "operationId: topup_ewallet\n"));
    let error = refusal(&copy);
    assert!(
        error.contains("operationId `topup_ewallet` is taken by #/paths/"),
        "{error}"
    );
}

#[test]
fn an_operation_without_metadata_is_refused() {
    let copy = Copy::new();
    copy.edit(|document| {
        document["paths"]["/api/v2.0/loans"] =
            json!({"post": {"operationId": "createLoan", "responses": {}}});
    });
    let error = refusal(&copy);
    assert!(
        error.contains("payment: #/paths/~1api~1v2.0~1loans/post: no `x-singapay` metadata"),
        "{error}"
    );
    assert!(error.contains("POST /api/v2.0/loans is new"), "{error}");
}

#[test]
fn a_number_that_is_no_amount_is_refused() {
    let number = json!({"type": "number"});
    let copy = Copy::new();
    copy.edit(|document| {
        properties(document, "EwalletTriggerTopUpRequest")["weight"] = number.clone();
        properties(document, "EwalletTriggerTopUpSuccessData")["ratio"] = number;
    });
    let error = refusal(&copy);
    for place in [
        "requestBody/content/application~1json/schema/properties/weight",
        "responses/200/content/application~1json/schema/properties/data/properties/ratio",
    ] {
        let expected = format!("{TOPUP}/{place}: `type: number` that is no amount: give it a type");
        assert!(error.contains(&expected), "{error}");
    }
}

#[test]
fn what_lowering_does_not_know_is_refused_with_its_place() {
    type Edit = fn(&mut Value);
    let cases: [(Edit, &str); 4] = [
        (
            |request| request["not"] = json!({"required": ["notes"]}),
            "schemas/EwalletTriggerTopUpRequest/not: `not` is not supported here",
        ),
        (
            |request| request["discriminator"] = json!({"propertyName": "ewallet_code"}),
            "`discriminator` is not supported here",
        ),
        (
            |request| request["properties"]["more"] = json!({"type": "object"}),
            "properties/more: free-form without a reason",
        ),
        (
            |request| {
                request["properties"]["self"] =
                    json!({"$ref": "#/components/schemas/EwalletTriggerTopUpRequest"});
            },
            "is a cycle, it cannot be inlined",
        ),
    ];
    for (edit, expected) in cases {
        let copy = Copy::new();
        copy.edit(|document| {
            edit(&mut document["components"]["schemas"]["EwalletTriggerTopUpRequest"])
        });
        let error = refusal(&copy);
        // Components are inlined first, so the place is the one that uses them.
        let expected = expected.trim_start_matches("schemas/EwalletTriggerTopUpRequest");
        assert!(error.contains(expected), "{expected}: {error}");
        assert!(error.contains("#/"), "{error}");
    }
}

#[test]
fn metadata_that_is_misspelt_or_leads_nowhere_is_refused() {
    for (from, to, expected) in [
        (
            "effect: money-out\n",
            "effect: harmless\n",
            "unknown variant `harmless`",
        ),
        (
            "inquiry: get_ewallet_topup_status\n",
            "inquiry: ask_somebody\n",
            "no operation is called ask_somebody",
        ),
    ] {
        let copy = overlay(|text| text.replacen(from, to, 1));
        let error = refusal(&copy);
        assert!(error.contains(expected), "{error}");
    }
}
