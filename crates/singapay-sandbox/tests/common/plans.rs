//! Recurring plans as a merchant uses them.

use std::time::Duration;

use super::Client;
use serde_json::{Value, json};
use singapay_core::{Clock, Timestamp};
use singapay_sandbox::Sandbox;

pub const PLANS: &str = "/api/v2.0/recurring/plans";

pub const GOOD: &str = "4111 1111 1111 1111";

pub const DECLINED: &str = "4000000000000002";

pub const DAY: u64 = 86_400;

/// 2026-06-09 10:00 in Jakarta, as in the documented example.
#[derive(Debug)]
pub struct June;

impl Clock for June {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(1_780_974_000)
    }
}

pub async fn start() -> (Sandbox, Client) {
    let sandbox = Sandbox::builder().clock(June).start().await.unwrap();
    let client = Client::of(&sandbox).await;
    (sandbox, client)
}

pub fn plan(client: &Client) -> Value {
    json!({
        "name": "Monthly Pro Subscription", "customer_name": "Sari Dewi",
        "customer_email": "sari@example.com", "customer_phone": "081200000001",
        "account_id": client.account, "amount": 150_000,
        "schedule": {
            "interval": 1, "interval_unit": "month", "total_interval": 3,
            "start_time": "2026-07-01T00:00:00+07:00",
        },
        "metadata": {"description": "Pro plan monthly billing"},
    })
}

pub fn id(plan: &Value) -> &str {
    plan["id"].as_str().unwrap()
}

pub async fn show(client: &mut Client, plan: &Value) -> Value {
    client.login().await; // months pass, and tokens with them
    client.get(&format!("{PLANS}/{}", id(plan))).await.ok()
}

pub async fn create(client: &Client, body: Value) -> Value {
    let answer = client.post(PLANS, body).await;
    assert_eq!(
        (answer.status, answer.code()),
        (201, "SP000"),
        "{}",
        answer.body
    );
    answer.body["data"].clone()
}

pub async fn days(sandbox: &Sandbox, count: u64) {
    sandbox.advance(Duration::from_secs(count * DAY)).await;
}

pub fn pending(sandbox: &Sandbox, client: &Client) -> i64 {
    let balance = sandbox.balance_of(&client.account).unwrap();
    balance.available + balance.pending
}
