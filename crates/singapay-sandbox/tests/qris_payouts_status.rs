//! The status of QR codes that were paid to the merchant, under `scope: acquirer`.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Answer, Client};
use serde_json::{Value, json};
use singapay_sandbox::{PaymentOutcome, Sandbox};

const GENERATE: &str = "/api/v1.0/qris-dynamic/{account}/generate-qr";

async fn status(client: &Client, scope: &str, reference: &Value) -> Answer {
    let body = json!({"reference_number": reference, "scope": scope});
    client.post("/api/v2.0/qris/status/{account}", body).await
}

async fn generate(client: &Client, merchant_reff_no: Option<&str>) -> Value {
    let body = json!({"amount": 100_000, "merchant_reff_no": merchant_reff_no});
    client.post(GENERATE, body).await.ok()
}

#[tokio::test]
async fn a_paid_code_is_found_by_either_reference() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    let code = generate(&client, Some("INV-1")).await;
    let open = status(&client, "acquirer", &code["reff_no"]).await;
    assert_eq!((open.status, open.code()), (404, "SP009"), "nothing paid");
    let reff_no = code["reff_no"].as_str().unwrap();
    sandbox.pay_qris(reff_no, PaymentOutcome::Paid).unwrap();
    for reference in [&code["reff_no"], &json!("INV-1")] {
        let found = status(&client, "acquirer", reference).await.ok();
        let time = &found["processed_timestamp"];
        assert_eq!(
            found,
            json!({
                "transaction_id": reff_no, "reference_number": reference,
                "transaction_status": {"code": "00", "desc": "Success"},
                "qr_data": code["qr_data"], "type": "mpm-dynamic", "scope": "acquirer",
                "post_timestamp": code["created_at"], "processed_timestamp": time,
                "gross_amount": {"value": "100000.00", "currency": "IDR"},
                "fee": {"value": "1500.00", "currency": "IDR"},
                "net_amount": {"value": "98500.00", "currency": "IDR"},
                "balance_after": {"value": "1000098500.00", "currency": "IDR"},
            })
        );
        let issued = status(&client, "issuer", reference).await;
        assert_eq!((issued.status, issued.code()), (404, "SP009"));
    }
}

#[tokio::test]
async fn a_shared_reference_names_the_newest_payment_of_the_account() {
    let sandbox = Sandbox::builder()
        .account("Second", 0)
        .start()
        .await
        .unwrap();
    let client = Client::of(&sandbox).await;
    let mut codes = Vec::new();
    for _ in 0..3 {
        codes.push(generate(&client, Some("INV-1")).await);
    }
    for code in &codes[..2] {
        let reff_no = code["reff_no"].as_str().unwrap();
        sandbox.pay_qris(reff_no, PaymentOutcome::Paid).unwrap();
    }
    let found = status(&client, "acquirer", &json!("INV-1")).await.ok();
    assert_eq!(found["transaction_id"], codes[1]["reff_no"]);
    let mut second = Client::of(&sandbox).await;
    second.account = sandbox.accounts()[1].id.clone();
    let elsewhere = status(&second, "acquirer", &json!("INV-1")).await;
    assert_eq!((elsewhere.status, elsewhere.code()), (404, "SP009"));
}
