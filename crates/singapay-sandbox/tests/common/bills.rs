//! The biller host as a client sees it.

use super::{Answer, Client};
use serde_json::{Value, json};
use singapay_core::{Clock, Timestamp};
use singapay_sandbox::Sandbox;

pub const PHONE: &str = "081200000001";

/// Days and months end when a test says so.
#[derive(Debug)]
pub struct Morning;

impl Clock for Morning {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(1_787_280_000)
    }
}

pub async fn start() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().clock(Morning).start().await.unwrap();
    let client = Client::of_biller(&sandbox).await;
    (sandbox, client)
}

pub fn password(sandbox: &Sandbox) -> String {
    sandbox.biller_credentials().password.expose().to_owned()
}

pub async fn send(client: &Client, path: &str, command: &str, data: Value) -> Answer {
    let mut body = json!({"command": command});
    if !data.is_null() {
        body["data"] = data;
    }
    client.post(path, body).await
}

#[track_caller]
pub fn is(answer: &Answer, http: u16, code: &str) {
    let found = (answer.status, answer.body["response_code"].as_str());
    assert_eq!(found, (http, Some(code)), "{}", answer.body);
    assert!(answer.body["command"].is_string() && answer.body["response_text"].is_string());
}

pub async fn deposit(client: &Client) -> i64 {
    let answer = send(
        client,
        "/api/v1/check-balance",
        "check-balance",
        json!(null),
    )
    .await;
    is(&answer, 200, "00");
    assert_eq!(answer.data()["currency"], "IDR");
    let text = answer.data()["balance"].as_str().unwrap();
    text.strip_suffix(".00").unwrap().parse().unwrap()
}

pub async fn detail(client: &Client, made: &Value) -> Value {
    let data = json!({"transaction_id": made["transaction_id"]});
    let path = "/api/v1/detail-bill-transaction";
    let answer = send(client, path, "detail-bill-transaction", data).await;
    is(&answer, 200, "00");
    answer.body["data"].clone()
}

pub async fn list(client: &Client, data: Value) -> Value {
    let path = "/api/v1/list-bill-transaction";
    let answer = send(client, path, "list-bill-transaction", data).await;
    is(&answer, 200, "00");
    answer.body["data"].clone()
}

pub async fn reset(client: &Client) {
    let path = "/api/v1/reset-customer-id";
    let answer = send(client, path, "reset-customer-id", json!(null)).await;
    is(&answer, 200, "00");
    assert!(answer.body.get("data").is_none());
}

pub fn order(code: &str, customer: &str) -> Value {
    json!({"product_code": code, "customer_id": customer})
}

pub fn payment(sandbox: &Sandbox, code: &str, customer: &str, reference: &Value) -> Value {
    let mut data = order(code, customer);
    data["password"] = json!(password(sandbox));
    if !reference.is_null() {
        data["reference_number"] = reference.clone();
    }
    data
}

/// Buys without an inquiry; gives the answer's data.
pub async fn buy(sandbox: &Sandbox, client: &Client, customer: &str) -> Answer {
    let data = payment(sandbox, "SPTKMSF2G30", customer, &json!(null));
    send(client, "/api/v2/prepaid/payment", "data", data).await
}
