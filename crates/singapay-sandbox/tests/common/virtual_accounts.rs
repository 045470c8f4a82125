//! Requests for virtual accounts.

use std::time::Duration;

use serde_json::{Value, json};
use singapay_core::Clock;
use singapay_sandbox::Sandbox;

use super::Client;

pub const ACCOUNTS: &str = "/api/v1.0/virtual-accounts/{account}";
pub const TRANSACTIONS: &str = "/api/v1.0/va-transactions/{account}";
pub const HOUR: Duration = Duration::from_secs(3600);

pub async fn start() -> (Sandbox, Client) {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    (sandbox, client)
}

/// Thirteen digits, this much from now.
pub fn millis(client: &Client, ahead: Duration) -> String {
    let ahead = i64::try_from(ahead.as_millis()).unwrap();
    (client.clock.now().unix_millis() + ahead).to_string()
}

pub fn closed(client: &Client) -> Value {
    json!({
        "bank_code": "BRI", "kind": "temporary", "amount": 100_000,
        "expired_at": millis(client, HOUR), "max_usage": 1, "name": "Bakso Enak",
        "merchant_reff_no": "INV-2026-001",
    })
}

pub fn open() -> Value {
    json!({
        "bank_code": "MAYBANK", "kind": "permanent", "amount_type": "open",
        "min_amount": 20_000, "max_amount": 50_000,
    })
}

pub fn at(va: &Value) -> String {
    format!("{ACCOUNTS}/{}", va["id"].as_str().unwrap())
}

pub fn number(va: &Value) -> &str {
    va["number"].as_str().unwrap()
}
