//! Operations that are new: described like a neighbour, and not offered before a person has said so.

use serde_json::json;
use xtask::scaffold;

use crate::support::{Copy, payment};

const OVERLAY: &str = "spec/overlays/payment.yaml";
const WAITS: &str = "      unconfirmed: true # decide: not offered while this stands here\n";

/// A copy that took over a document with a copy of this operation, and what was said.
fn taken(path: &str, method: &str, new: &str) -> (Copy, String) {
    let copy = Copy::new();
    copy.xtask(&["generate"]).good();
    let mut document = payment();
    let mut operation = document["paths"][path][method].clone();
    operation["operationId"] = json!("listAccounts");
    document["paths"][new] = json!({method: operation});
    copy.write("new.json", &document.to_string());
    let next = copy.path("new.json");
    let arguments = [
        "update",
        "payment",
        next.to_str().unwrap(),
        "--quick",
        "--stubs",
    ];
    let told = copy.xtask(&arguments).good();
    (copy, told)
}

fn code(copy: &Copy) -> String {
    let files = copy.generated().into_iter();
    let code = files.filter(|(path, _)| path.starts_with("crates"));
    code.map(|(_, text)| text).collect()
}

#[test]
fn a_new_operation_pays_out_and_is_signed_and_waits_for_a_person() {
    let new = "/api/v2.0/disbursement/instant";
    let (copy, told) = taken("/api/v2.0/disbursement/transfer", "post", new);
    assert!(told.contains(&format!("- POST {new}\n")), "{told}");
    assert!(told.ends_with("**Verdict: nothing**\n"), "{told}");
    assert!(!code(&copy).contains(new));
    assert!(
        copy.read("spec/COVERAGE.md")
            .contains(&format!("| `POST {new}` | payment | New:"))
    );
    copy.xtask(&["generate", "--check"]).good();

    let overlay = copy.read(OVERLAY);
    assert_eq!(overlay.matches(WAITS).count(), 1);
    copy.write(OVERLAY, &overlay.replace(WAITS, ""));
    copy.xtask(&["generate"]).good();
    // The published id is taken.
    let row = "list_accounts_2: POST /api/v2.0/disbursement/instant";
    let all = code(&copy);
    assert!(
        all.contains(new) && all.contains("pub fn list_accounts_2("),
        "{row}"
    );
    let handle = all.split("impl MoneyOut {").skip(1);
    let mut methods = handle.map(|part| part.split("\n}").next().unwrap());
    assert!(methods.any(|methods| methods.contains("pub fn list_accounts_2(")));
}

#[test]
fn what_somebody_confirms_unread_is_no_read() {
    let (copy, _) = taken("/api/v1.0/balance-inquiry", "get", "/api/v1.0/balances");
    let overlay = copy.read(OVERLAY);
    copy.write(OVERLAY, &overlay.replace(WAITS, ""));
    let refusal = copy.xtask(&["generate"]).refusal();
    assert!(
        refusal.contains("the request has no field decide"),
        "{refusal}"
    );
}

#[test]
fn every_operation_that_is_taken_out_of_the_overlay_gets_a_stub_that_can_be_read() {
    let document = payment();
    let overlay = Copy::new().read(OVERLAY);
    let mut without = String::from("overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n");
    // One operation is left, so that there is a neighbour.
    let kept = "- target: $.paths['/api/v2.0/disbursement/transfer'].post\n";
    let start = overlay.find(kept).unwrap();
    let end = overlay[start + 2..].find("\n- target").unwrap() + start + 2;
    without += &overlay[start..end];
    let stubs = scaffold::stubs("payment", &without, &document).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let count: usize = paths
        .values()
        .map(|item| item.as_object().unwrap().len())
        .sum();
    assert_eq!(stubs.len(), count - 1);
    let all: String = stubs.iter().map(|stub| stub.text.as_str()).collect();
    let actions = xtask::overlay::parse(&(without + &all)).unwrap().actions;
    for action in actions
        .iter()
        .filter(|action| action.evidence.source.contains("copied"))
    {
        let metadata = &action.update.as_ref().unwrap()["x-singapay"];
        let guarded = [
            &metadata["signed"],
            &metadata["unconfirmed"],
            &metadata["effect"],
        ];
        assert_eq!(
            guarded,
            [&json!(true), &json!(true), &json!("money-out")],
            "{}",
            action.target
        );
    }
}
