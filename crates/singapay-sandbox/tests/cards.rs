//! Card payments.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::Client;
use serde_json::{Value, json};
use singapay_sandbox::{CustomerError, Sandbox};

const PAY: &str = "/api/v2.0/card/{account}/payment";

fn payment() -> Value {
    json!({
        "amount": 150_000, "goods_name": "Premium Subscription", "customer_name": "Sari Dewi",
        "customer_email": "sari@example.com", "customer_phone": "081200000000",
        "customer_address": "Jl. Contoh 1", "customer_city": "Jakarta",
        "customer_state": "DKI Jakarta", "customer_postal_code": "10220", "customer_country": "ID",
        "card_number": "4111 1111 1111 1111", "card_expiry": "9912", "card_cvv": "123",
        "card_holder_name": "SARI DEWI", "card_holder_email": "sari@example.com",
        "reference_no": "INV-2026-0012",
    })
}

/// The documented example of a card with a 3-D Secure page.
const THREE_D_SECURE: &str = "4000000000000002";

async fn cancel(client: &Client, id: &Value) -> common::Answer {
    let path = format!("/api/v2.0/card/{{account}}/cancel/{}", id.as_str().unwrap());
    client.call("PATCH", &path, json!({})).await
}

/// 4111 1111 1111 1111, as it was seen live: no page, and a success that comes by itself.
#[tokio::test]
async fn a_card_without_a_page_is_processed_and_succeeds_within_seconds() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    let before = sandbox.balance_of(&client.account).unwrap();
    let made = client.post(PAY, payment()).await.ok();
    let id = &made["transaction_id"];
    assert_eq!(made["status"], "processing");
    assert_eq!(made["action"], "complete");
    assert_eq!(made["requires_3ds"], false);
    assert!(made["payment_url"].is_null());
    let open = status(&client, id).await;
    assert_eq!(open["status"], "processing");
    assert!(open["completed_at"].is_null() && open["provider_result_code"].is_null());
    let nobody_asks = sandbox.complete_3d_secure(id.as_str().unwrap(), true);
    assert_eq!(
        nobody_asks,
        Err(CustomerError::AlreadyDecided("processing".to_owned()))
    );
    assert_eq!(sandbox.balance_of(&client.account).unwrap(), before);

    sandbox.advance(Duration::from_secs(5)).await;
    let done = status(&client, id).await;
    assert_eq!(done["status"], "success");
    assert!(done["completed_at"].is_string() && done["provider_auth_no"].is_string());
    let after = sandbox.balance_of(&client.account).unwrap();
    assert_eq!(after.pending - before.pending, 147_000);
    let late = cancel(&client, id).await;
    assert_eq!((late.status, late.code()), (400, "SP012"));
    assert_eq!(
        late.body["response_message"],
        "Cannot cancel: transaction status is success"
    );
}

#[tokio::test]
async fn a_prompt_cancel_voids_it_for_good() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    let before = sandbox.balance_of(&client.account).unwrap();
    let made = client.post(PAY, payment()).await.ok();
    let voided = cancel(&client, &made["transaction_id"]).await.ok();
    assert_eq!(voided["cancel_type"], "void");
    sandbox.advance(Duration::from_secs(60)).await;
    let ended = status(&client, &made["transaction_id"]).await;
    assert_eq!(ended["status"], "cancelled");
    assert_eq!(sandbox.balance_of(&client.account).unwrap(), before);
}

async fn status(client: &Client, id: &Value) -> Value {
    let id = id.as_str().unwrap();
    client
        .get(&format!("/api/v2.0/card/{{account}}/inquiry-status/{id}"))
        .await
        .ok()
}

#[tokio::test]
async fn three_d_secure_decides() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let before = sandbox.balance_of(&client.account).unwrap();
    let mut payment = payment();
    payment["card_number"] = json!(THREE_D_SECURE);
    let made = client.post(PAY, payment.clone()).await.ok();
    assert_eq!(made["action"], "redirect");
    assert_eq!(made["requires_3ds"], true);
    assert_eq!(made["card_masked"], "400000******0002");
    assert_eq!(
        status(&client, &made["transaction_id"]).await["status"],
        "pending"
    );

    let page = made["payment_url"].as_str().unwrap();
    let shown = client
        .http
        .get(page)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(shown.contains("Approve"));
    client
        .http
        .post(page)
        .body("answer=approve")
        .send()
        .await
        .unwrap();
    let done = status(&client, &made["provider_transaction_id"]).await;
    assert_eq!(done["status"], "success");
    assert_eq!(done["amount"], 150_000);
    assert_eq!(done["provider_result_code"], "0000");
    assert!(done["completed_at"].is_string() && done["failed_at"].is_null());
    let after = sandbox.balance_of(&client.account).unwrap();
    assert_eq!(after.pending - before.pending, 147_000);

    let second = client.post(PAY, payment).await.ok();
    sandbox
        .complete_3d_secure(second["transaction_id"].as_str().unwrap(), false)
        .unwrap();
    let failed = status(&client, &second["transaction_id"]).await;
    assert_eq!(
        (failed["status"].clone(), failed["completed_at"].clone()),
        (json!("failed"), json!(null))
    );
    assert_eq!(sandbox.balance_of(&client.account).unwrap(), after);
}

#[tokio::test]
async fn the_expiry_is_year_then_month() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    for expiry in ["1230", "0828", "2001", "3013", "30x1"] {
        let mut body = payment();
        body["card_expiry"] = json!(expiry);
        let answer = client.post(PAY, body).await;
        assert_eq!((answer.status, answer.code()), (400, "SP001"), "{expiry}");
        assert_eq!(
            answer.body["response_message"],
            "Card Expiri Date Check Please."
        );
        let failed = status(&client, &answer.data()["transaction_id"]).await;
        assert_eq!(failed["status"], "failed");
    }
}

#[tokio::test]
async fn fields_are_checked_with_http_400() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let cases = [
        ("amount", json!(4_999)),
        ("amount", json!({"value": "150000.00", "currency": "IDR"})),
        ("customer_country", json!("IDN")),
        ("customer_email", json!("nobody")),
        ("card_expiry", json!("301")),
        ("card_cvv", json!("12345")),
        ("goods_name", json!(null)),
    ];
    for (field, value) in cases {
        let mut body = payment();
        body[field] = value.clone();
        let answer = client.post(PAY, body).await;
        assert_eq!(
            (answer.status, answer.code()),
            (400, "SP018"),
            "{field} = {value}"
        );
        assert!(
            answer.data()["errors"][field][0].is_string(),
            "{field} = {value}"
        );
    }
    let mut least = payment();
    least["amount"] = json!(5_000);
    client.post(PAY, least).await.ok();
    let mut body = payment();
    body["installment"] = json!(true);
    assert_eq!(client.post(PAY, body.clone()).await.code(), "SP018");
    body["installment_month"] = json!("4");
    assert_eq!(client.post(PAY, body.clone()).await.code(), "SP018");
    body["installment_month"] = json!("6");
    client.post(PAY, body).await.ok();
}

#[tokio::test]
async fn an_invalid_card_and_a_quota_are_refused_and_one_card_needs_no_page() {
    let sandbox = Sandbox::builder()
        .quirks(|q| q.card_daily_limit = Some(2))
        .start()
        .await
        .unwrap();
    let client = Client::of(&sandbox).await;
    let mut body = payment();
    body["card_number"] = json!("4111111111111112");
    assert_eq!(client.post(PAY, body.clone()).await.code(), "SP001");
    body["card_number"] = json!("5555555555554444");
    let made = client.post(PAY, body.clone()).await.ok();
    assert_eq!(
        (made["action"].clone(), made["status"].clone()),
        (json!("complete"), json!("success"))
    );
    assert!(made["payment_url"].is_null());
    let limited = client.post(PAY, body).await;
    assert_eq!(limited.code(), "SP001");
    assert!(
        limited.body["response_message"]
            .as_str()
            .unwrap()
            .contains("daily transaction limit count over")
    );
}

#[tokio::test]
async fn an_unknown_payment_is_sp009() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let answer = client
        .get("/api/v2.0/card/{account}/inquiry-status/99NOPE")
        .await;
    assert_eq!((answer.status, answer.code()), (404, "SP009"));
}
