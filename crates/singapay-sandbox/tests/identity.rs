//! The identity host: checks of a name, billed once per request id.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Answer, Client};
use serde_json::{Value, json};
use singapay_sandbox::{Fault, FaultAction, FaultPoint, Sandbox};

const BANK: &str = "/api/v1/kyc/bank/verify";
const WALLET: &str = "/api/v1/kyc/ewallet/verify";

fn bank(id: &str, number: &str, name: &str) -> Value {
    json!({"request_id": id, "account_number": number, "bank_code": "014", "name": name})
}

fn wallet(id: &str, phone: &str, name: &str) -> Value {
    json!({"request_id": id, "phone_number": phone, "ewallet_code": "DANA", "name": name})
}

/// The holder that the payment host tells.
async fn holder(sandbox: &Sandbox, number: &str) -> String {
    let client = Client::of(sandbox).await;
    let body = json!({"bank_code": "014", "bank_account_number": number});
    let told = client
        .post("/api/v2.0/disbursement/check-beneficiary", body)
        .await;
    let text = told.body["data"].to_string();
    let start = text.find("account_name\":\"").unwrap() + 15;
    text[start..].split('"').next().unwrap().to_owned()
}

#[track_caller]
fn is(answer: &Answer, http: u16, code: &str) {
    let found = (answer.status, answer.body["code"].as_str());
    assert_eq!(found, (http, Some(code)), "{}", answer.body);
}

#[tokio::test]
async fn a_bank_account_is_compared_with_its_holder() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of_identity(&sandbox).await;
    let name = holder(&sandbox, "1000000000").await;
    let answer = client.post(BANK, bank("R-1", "1000000000", &name)).await;
    assert_eq!(
        answer.body,
        json!({
            "code": "SUCCESS", "message": "OK", "pricing": "PAID", "request_id": "R-1",
            "data": {"status": "found", "similarity": 100, "suggestion": "pass"},
        })
    );
    let near = format!("  bapak {}x", name.to_uppercase());
    let answer = client.post(BANK, bank("R-2", "1000000000", &near)).await;
    assert_eq!(answer.data()["suggestion"], "pass");
    let similarity = answer.data()["similarity"].as_f64().unwrap();
    assert!(similarity > 80.0 && similarity < 100.0);
    let answer = client
        .post(BANK, bank("R-3", "1000000000", "Zzz Qqq"))
        .await;
    is(&answer, 200, "SUCCESS");
    assert_eq!(answer.data()["suggestion"], "reject");
    // Nothing was found: a success all the same, and billed.
    let answer = client.post(BANK, bank("R-4", "0000000000", &name)).await;
    is(&answer, 200, "SUCCESS");
    assert_eq!(answer.body["pricing"], "PAID");
    assert_eq!(answer.data()["status"], "not found");
    assert_eq!(sandbox.audit().checked, 4_000);
}

#[tokio::test]
async fn a_wallet_is_found_with_or_without_a_name() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of_identity(&sandbox).await;
    for (id, phone, status, suggestion) in [
        ("W-1", "081200000001", "found with kyc", "reject"),
        ("W-2", "089800000001", "found without kyc", "review"),
        ("W-3", "6289900000001", "not found", "reject"),
    ] {
        let answer = client.post(WALLET, wallet(id, phone, "Zzz Qqq")).await;
        is(&answer, 200, "SUCCESS");
        assert_eq!(answer.data()["status"], status);
        assert_eq!(answer.data()["suggestion"], suggestion);
        assert!(answer.data()["similarity"].is_number());
        assert_eq!(answer.body["pricing"], "PAID");
    }
    // Both spellings of a number are the same wallet.
    let local = client
        .post(WALLET, wallet("W-4", "081200000001", "Adi Utami"))
        .await;
    let abroad = client
        .post(WALLET, wallet("W-5", "6281200000001", "Adi Utami"))
        .await;
    assert_eq!(local.data(), abroad.data());
}

#[tokio::test]
async fn a_request_id_is_answered_once() {
    let sandbox = Sandbox::builder()
        .identity_balance(2_500)
        .start()
        .await
        .unwrap();
    let client = Client::of_identity(&sandbox).await;
    let first = client.post(BANK, bank("R-1", "1000000000", "Adi")).await;
    is(&first, 200, "SUCCESS");
    // The answer was lost; its repetition is the same and costs nothing.
    let lost = Fault::new(FaultPoint::AfterCommit, FaultAction::Html502);
    sandbox
        .add_fault(lost.on("verify_ewallet_account").with_reference("W-1"))
        .unwrap();
    let body = wallet("W-1", "081200000001", "Adi");
    assert_eq!(client.post(WALLET, body.clone()).await.status, 502);
    let again = client.post(WALLET, body).await;
    is(&again, 200, "SUCCESS");
    let replay = client.post(BANK, bank("R-1", "1000000000", "Adi")).await;
    assert_eq!(replay.body, first.body);
    assert_eq!(sandbox.audit().checked, 2_000);
    for other in [
        client.post(BANK, bank("R-1", "1000000000", "Budi")).await,
        client
            .post(WALLET, wallet("R-1", "081200000001", "Adi"))
            .await,
    ] {
        is(&other, 409, "DUPLICATE_REFERENCE");
        assert_eq!(other.body["pricing"], "FREE");
        assert_eq!(other.body["request_id"], "R-1");
        assert!(other.body.get("data").is_none());
    }
    let poor = client.post(BANK, bank("R-2", "1000000000", "Adi")).await;
    is(&poor, 402, "INSUFFICIENT_BALANCE");
    assert_eq!(poor.body["message"], "insufficient balance");
    // What was answered before is answered still.
    is(
        &client.post(BANK, bank("R-1", "1000000000", "Adi")).await,
        200,
        "SUCCESS",
    );
    assert!(sandbox.audit().violations.is_empty());
}

#[tokio::test]
async fn a_failing_bank_is_asked_again_under_the_same_id() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of_identity(&sandbox).await;
    let body = bank("R-1", "1000000502", "Adi");
    let failed = client.post(BANK, body.clone()).await;
    is(&failed, 502, "SERVER_ERROR");
    assert_eq!(failed.body["pricing"], "FREE");
    assert_eq!(sandbox.audit().checked, 0);
    // A bank's failed attempt holds its id, a wallet's does not.
    is(
        &client.post(BANK, bank("R-1", "1000000502", "Budi")).await,
        409,
        "DUPLICATE_REFERENCE",
    );
    is(&client.post(BANK, body).await, 200, "SUCCESS");
    let failed = client
        .post(WALLET, wallet("W-1", "081200000502", "Adi"))
        .await;
    is(&failed, 502, "SERVER_ERROR");
    let other = client
        .post(WALLET, wallet("W-1", "081200000503", "Budi"))
        .await;
    is(&other, 200, "SUCCESS");
    assert_eq!(sandbox.audit().checked, 2_000);
}

#[tokio::test]
async fn fields_are_checked() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of_identity(&sandbox).await;
    for (field, value) in [
        ("request_id", json!(null)),
        ("account_number", json!("12345")),
        ("account_number", json!("1234567890123456789012")),
        ("account_number", json!("12345x")),
        ("bank_code", json!("999")),
        ("bank_code", json!("BCA")),
        ("name", json!("")),
        ("name", json!("x".repeat(201))),
    ] {
        let mut body = bank("R-1", "1000000000", "Adi");
        body[field] = value.clone();
        let answer = client.post(BANK, body).await;
        is(&answer, 400, "CLIENT_ERROR");
        assert_eq!(answer.body["pricing"], "FREE", "{field} {value}");
    }
    for (field, value) in [
        ("phone_number", json!("+6281200000001")),
        ("phone_number", json!("001200000001")),
        ("phone_number", json!("08120000")),
        ("phone_number", json!("08120000000001")),
        ("ewallet_code", json!("PAYPAL")),
        ("ewallet_code", json!(null)),
        ("name", json!(7)),
    ] {
        let mut body = wallet("W-1", "081200000001", "Adi");
        body[field] = value.clone();
        is(&client.post(WALLET, body).await, 400, "CLIENT_ERROR");
    }
    assert_eq!(sandbox.audit().checked, 0);
}

#[tokio::test]
async fn the_host_knows_its_own_token_and_addresses() {
    let sandbox = Sandbox::start().await.unwrap();
    let payments = Client::of(&sandbox).await;
    let refused = payments.post(BANK, bank("R-1", "1000000000", "Adi")).await;
    is(&refused, 401, "UNAUTHORIZED");
    let identity = Client::of_identity(&sandbox).await;
    assert_eq!(identity.get("/api/v1.0/accounts").await.status, 401);
    // No partner id is asked for.
    let request = identity
        .http
        .post(format!("{}{BANK}", identity.base))
        .header("Authorization", format!("Bearer {}", identity.token))
        .header("Content-Type", "application/json")
        .body(bank("R-1", "1000000000", "Adi").to_string());
    is(&common::send(request).await, 200, "SUCCESS");
    sandbox.advance(std::time::Duration::from_secs(3600)).await;
    is(
        &identity.post(BANK, bank("R-1", "1000000000", "Adi")).await,
        401,
        "UNAUTHORIZED",
    );
}
