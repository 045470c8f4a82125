//! Requests for payments from a wallet.

use std::time::Duration;

use serde_json::{Value, json};
use singapay_sandbox::Sandbox;

use super::{Client, Receiver};

pub const CHECKOUT: &str = "/api/v1.0/ewallet-native/{account}/create-checkout";
pub const ORDER: &str = "/api/v2.0/ewallet-native/create-order";
pub const LIST: &str = "/api/v1.0/ewallet-native-transactions/{account}";
pub const HALF_HOUR: Duration = Duration::from_secs(1800);

pub async fn start() -> (Sandbox, Client, Receiver) {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::builder()
        .webhook_url_for_all(&receiver.url("/hook"))
        .start()
        .await
        .unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    (sandbox, client, receiver)
}

pub fn order(client: &Client, vendor: &str) -> Value {
    json!({
        "account_id": client.account, "amount": 100_000, "ewallet_vendor": vendor,
        "customer_phone": "081200000001", "merchant_reff_no": "INV-2026-001",
    })
}

pub async fn show(client: &Client, payment: &Value) -> Value {
    client.get(&format!("{LIST}/{}", payment["id"])).await.ok()
}

pub async fn inquire(client: &Client, payment: &Value) -> Value {
    let path = "/api/v1.0/ewallet-native/{account}/inquiry-status";
    client.get(&format!("{path}/{}", payment["id"])).await.ok()
}

pub fn reff_no(payment: &Value) -> &str {
    payment["reff_no"].as_str().unwrap()
}
