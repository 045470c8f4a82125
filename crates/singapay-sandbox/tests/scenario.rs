//! A scenario: what has happened before the start.

#![allow(clippy::unwrap_used)]

mod common;

use std::process::Command;

use common::{Client, Receiver};
use serde_json::{Value, json};
use singapay_sandbox::{Payer, PayoutOutcome, Sandbox, Scenario, StartError, WebhookKind};

/// The example of the README.
fn example() -> String {
    let readme = include_str!("../README.md");
    let (_, block) = readme.split_once("```json\n").unwrap();
    block.split_once("```").unwrap().0.to_owned()
}

fn read(text: &str) -> Scenario {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn the_example_of_the_readme_has_happened() {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::Transaction, receiver.url("/hook"))
        .scenario(read(&example()))
        .start()
        .await
        .unwrap();
    let client = Client::of(&sandbox).await;
    let links = client
        .get("/api/v1.0/payment-link-manage/{account}")
        .await
        .ok();
    let states: Vec<(&Value, &Value)> = links
        .as_array()
        .unwrap()
        .iter()
        .map(|link| (&link["reff_no"], &link["status_computed"]))
        .collect();
    for expected in [("INV-1", "open"), ("INV-2", "closed"), ("INV-3", "expired")] {
        assert!(
            states.contains(&(&json!(expected.0), &json!(expected.1))),
            "{expected:?}: {states:?}"
        );
    }
    let accounts = sandbox.accounts();
    let branch = accounts.iter().find(|it| it.name == "Cabang Bandung");
    let branch = sandbox.balance_of(&branch.unwrap().id).unwrap();
    assert_eq!(branch.available, 2_500_000);
    assert!(branch.pending > 0, "paid a moment ago");
    let main = sandbox.balance_of(&client.account).unwrap();
    // INV-2 was paid 90 minutes ago and is settled, the QR code is not.
    assert!(main.pending > 0 && main.pending < 25_001, "{main:?}");

    // What waits for a person does not happen by itself.
    let (_, payouts) = client.admin("GET", "/objects/payouts", None).await;
    let mut payouts = payouts.as_array().unwrap().iter();
    let waiting = payouts.find(|it| it["reference"] == "PAY-2").unwrap();
    assert_eq!(
        (&waiting["status"], waiting.get("next")),
        (&json!("Pending"), None)
    );
    let (_, agenda) = client.admin("GET", "/agenda", None).await;
    let mut events = agenda.as_array().unwrap().iter();
    assert!(events.all(|it| it["event"] != "payout"), "{agenda}");

    let inquire = |reference: &'static str, path: &'static str| {
        let client = &client;
        async move {
            client
                .post(path, json!({"reference_number": reference}))
                .await
                .ok()
        }
    };
    let wallet = inquire("PAY-2", "/api/v2.0/ewallet/{account}/inquiry-status").await;
    assert_eq!(wallet["transaction_status"]["code"], "03");
    let id = wallet["transaction_id"].as_str().unwrap();
    sandbox.advance(std::time::Duration::from_secs(600)).await;
    sandbox.decide_payout(id, PayoutOutcome::Success).unwrap();
    let bank = inquire("PAY-1", "/api/v2.0/disbursement/{account}/inquiry-status").await;
    assert_eq!(bank["transaction_status"]["code"], "06", "{bank}");
    sandbox.pay_payment_link("INV-1", Payer::default()).unwrap();
    sandbox.webhooks_sent().await;
    // Two of the past that the main account's credential has, one of the branch, and the one of now.
    assert_eq!(receiver.arrivals().len(), 4);
    let audit = sandbox.audit();
    assert!(audit.violations.is_empty(), "{:?}", audit.violations);
}

#[tokio::test]
async fn what_cannot_be_is_told_with_its_place() {
    for unknown in [
        r#"{"paymentlinks": []}"#,
        r#"{"qris": [{"state": "lost", "request": {}}]}"#,
        r#"{"qris": [{"sate": "paid", "request": {}}]}"#,
        r#"{"qris": [{"state": "paid"}]}"#,
    ] {
        let error = serde_json::from_str::<Scenario>(unknown).unwrap_err();
        assert!(error.to_string().contains("line 1 column"), "{error}");
    }
    let link =
        r#""request": {"reff_no": "A", "payment_link_type": "total", "total_amount": 50000}"#;
    let transfer = r#""request": {"reference_number": "P", "bank_code": "002",
        "bank_account_number": "100000000000001", "amount": 100000}"#;
    let table = [
        (
            r#"{"qris": [{"request": {"amount": 25000}}, {"request": {"amount": 5}}]}"#.to_owned(),
            "qris[1]: request.amount: The amount field must be at least 1000.",
        ),
        (
            format!(r#"{{"payment_links": [{{"account": "Nobody", {link}}}]}}"#),
            "payment_links[0]: there is no account named \"Nobody\"",
        ),
        (
            format!(r#"{{"payment_links": [{{"state": "paid", "method": "CASH", {link}}}]}}"#),
            "payment_links[0]: payment link does not offer \"CASH\"",
        ),
        (
            format!(r#"{{"payment_links": [{{"method": "QRIS", {link}}}]}}"#),
            "payment_links[0]: an open link has no method",
        ),
        (
            r#"{"qris": [{"method": "QRIS", "request": {"amount": 25000}}]}"#.to_owned(),
            "qris[0]: method does not belong here",
        ),
        (
            format!(r#"{{"payouts": [{{"state": "failed", {transfer}}}]}}"#),
            "payouts[0]: failed_reason belongs to what failed",
        ),
        (
            format!(r#"{{"payouts": [{{{transfer}}}, {{{transfer}}}]}}"#),
            "payouts[1]: SP004",
        ),
        (
            format!(r#"{{"payouts": [{{"operation": "pay_bill", {transfer}}}]}}"#),
            "payouts[0]: operation: \"pay_bill\" is none of",
        ),
        (
            r#"{"accounts": [{"name": "Main Account"}]}"#.to_owned(),
            "accounts: \"Main Account\" is there already",
        ),
    ];
    for (text, expected) in table {
        let error = Sandbox::builder().scenario(read(&text)).start().await;
        let error = error.unwrap_err();
        assert!(matches!(error, StartError::Scenario(_)), "{error}");
        assert!(error.to_string().contains(expected), "{expected}: {error}");
    }
}

#[test]
fn the_command_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.json");
    std::fs::write(&file, r#"{"qris": [{"state": "lost", "request": {}}]}"#).unwrap();
    let missing = folder.path().join("missing.json");
    for (option, file) in [
        ("--scenario", &file),
        ("--scenario", &missing),
        ("--seed-file", &file),
        ("--seed-file", &missing),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_singapay-sandbox"))
            .args(["--port", "0", option])
            .arg(file)
            .output()
            .unwrap();
        assert!(!output.status.success());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(file.to_str().unwrap()), "{said}");
    }
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn with_a_kept_state_nothing_happens_twice() {
    let folder = tempfile::tempdir().unwrap();
    let start = || {
        Sandbox::builder()
            .state_file(folder.path().join("state.db"))
            .scenario(read(&example()))
            .start()
    };
    let sandbox = start().await.unwrap();
    let accounts = sandbox.accounts();
    sandbox.stop().await;
    let sandbox = start().await.unwrap();
    assert_eq!(sandbox.accounts(), accounts);
    assert!(sandbox.audit().violations.is_empty());
}
