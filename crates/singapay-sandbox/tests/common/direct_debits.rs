//! Direct debit as a merchant uses it.

use super::Client;
use serde_json::{Value, json};
use singapay_sandbox::Sandbox;

pub const BIND: &str = "/api/v2.0/direct-debit/binding";

pub const CHARGE: &str = "/api/v2.0/direct-debit/charge";

pub const OTP: &str = "/api/v2.0/direct-debit/verify-otp";

pub fn binding(mode: &str) -> Value {
    json!({
        "customer_ref": "cust-9001", "phone_no": "081200000001", "bank_code": "008",
        "payment_otp_mode": mode,
    })
}

pub fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap()
}

/// An active binding; its id.
pub async fn bound(sandbox: &Sandbox, client: &Client, mode: &str) -> String {
    let made = client.post(BIND, binding(mode)).await.ok();
    let id = text(&made, "binding_id").to_owned();
    sandbox.answer_binding(&id, true).unwrap();
    id
}

pub fn charge(client: &Client, binding: &str, reference: &str, amount: i64) -> Value {
    json!({
        "account_id": client.account, "binding_id": binding, "merchant_reference": reference,
        "amount": amount, "description": "June",
    })
}

pub async fn transaction(client: &Client, made: &Value) -> Value {
    let id = text(made, "transaction_id");
    let path = format!("/api/v2.0/direct-debit/transaction/{id}");
    client.get(&path).await.ok()
}

pub async fn show(client: &Client, id: &str) -> Value {
    client.get(&format!("{BIND}/{id}")).await.ok()
}
