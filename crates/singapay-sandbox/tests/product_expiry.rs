//! Payment links, virtual accounts and QR codes past their end, as the documents tell it.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Client, Receiver};
use serde_json::{Value, json};
use singapay_core::Clock;
use singapay_sandbox::{Sandbox, WebhookKind};

const HOUR: u64 = 3_600;

async fn start(silent: bool) -> (Sandbox, Client, Receiver) {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::ProductExpiration, receiver.url("/products"))
        .quirks(|q| q.products_expire_silently = silent)
        .start()
        .await
        .unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    (sandbox, client, receiver)
}

/// One of each, for an hour.
async fn products(client: &Client) -> (Value, Value, Value) {
    let end = client.clock.now().unix_millis() + 3_600_000;
    let date = chrono::DateTime::from_timestamp_millis(end)
        .unwrap()
        .to_rfc3339();
    let link = json!({
        "reff_no": "L-1", "payment_link_type": "total", "total_amount": 50_000, "expired_at": date,
    });
    let va = json!({
        "bank_code": "BRI", "kind": "temporary", "amount": 100_000,
        "expired_at": end.to_string(), "max_usage": 1,
    });
    let code = json!({"amount": 10_000, "expired_at": date});
    let link = client.post("/api/v2.0/payment-link/{account}", link).await;
    let va = client
        .post("/api/v1.0/virtual-accounts/{account}", va)
        .await;
    let path = "/api/v1.0/qris-dynamic/{account}/generate-qr";
    let code = client.post(path, code).await;
    (link.ok(), va.ok(), code.ok())
}

async fn hours(sandbox: &Sandbox, hours: u64) {
    sandbox
        .advance(Duration::from_secs(hours * HOUR + 60))
        .await;
}

#[tokio::test]
async fn products_past_their_end_are_told_of_once() {
    let (sandbox, client, receiver) = start(false).await;
    let (link, va, code) = products(&client).await;
    sandbox.advance(Duration::from_secs(HOUR + 59)).await;
    assert!(receiver.arrivals().is_empty());
    sandbox.advance(Duration::from_secs(1)).await;
    let arrivals = receiver.arrivals();
    assert!(arrivals[0].is_signed_by(sandbox.credentials()));
    let event = arrivals[0].json();
    assert_eq!(
        event,
        json!({
            "status": 200, "success": true, "event": "product-expiration",
            "timestamp": event["timestamp"],
            "data": {
                "payment_links": [{"id": link["id"]}],
                "virtual_accounts": [{"id": va["id"]}],
                "qris_transactions": [{"id": code["id"]}],
            },
        })
    );
    // Nothing about the products themselves changes (seen live).
    let path = format!("/api/v2.0/payment-link/{}", link["id"]);
    assert_eq!(client.get(&path).await.ok()["status"], "open");
    let path = format!(
        "/api/v1.0/virtual-accounts/{{account}}/{}",
        va["id"].as_str().unwrap()
    );
    assert_eq!(client.get(&path).await.ok()["status"], "active");
    products_again(&sandbox, &client).await;
    assert_eq!(receiver.arrivals().len(), 2, "the old ones not again");
    let second = receiver.arrivals()[1].json();
    assert_eq!(second["data"]["payment_links"], json!([]));
    assert_eq!(
        second["data"]["qris_transactions"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

/// Something else that ends, so that there is a sweep.
async fn products_again(sandbox: &Sandbox, client: &Client) {
    let end = client.clock.now().unix_millis() + 3_600_000;
    let date = chrono::DateTime::from_timestamp_millis(end)
        .unwrap()
        .to_rfc3339();
    let path = "/api/v1.0/qris-dynamic/{account}/generate-qr";
    let code = json!({"amount": 10_000, "expired_at": date});
    client.post(path, code).await.ok();
    hours(sandbox, 1).await;
}

#[tokio::test]
async fn who_gets_more_time_is_told_of_later_and_who_was_closed_never() {
    let (sandbox, client, receiver) = start(false).await;
    let (link, va, _) = products(&client).await;
    let later = client.clock.now().unix_millis() + 3 * 3_600_000;
    let date = chrono::DateTime::from_timestamp_millis(later)
        .unwrap()
        .to_rfc3339();
    let path = format!("/api/v2.0/payment-link/update/{}", link["id"]);
    client
        .call("PUT", &path, json!({"expired_at": date}))
        .await
        .ok();
    let path = format!(
        "/api/v1.0/virtual-accounts/{{account}}/{}",
        va["id"].as_str().unwrap()
    );
    let terms = json!({
        "status": "inactive", "amount": 100_000, "max_usage": 1, "expired_at": later.to_string(),
    });
    client.call("PUT", &path, terms).await.ok();
    hours(&sandbox, 1).await;
    let first = receiver.arrivals()[0].json();
    assert_eq!(first["data"]["payment_links"], json!([]));
    assert_eq!(first["data"]["virtual_accounts"], json!([]));
    hours(&sandbox, 2).await;
    let second = receiver.arrivals()[1].json();
    assert_eq!(second["data"]["payment_links"], json!([{"id": link["id"]}]));
    assert_eq!(second["data"]["virtual_accounts"], json!([]));
    assert_eq!(receiver.arrivals().len(), 2);
}

/// Links and virtual accounts that were left past their end on the real sandbox stayed silent.
#[tokio::test]
async fn the_silence_that_was_seen_can_be_switched_on() {
    let (sandbox, client, receiver) = start(true).await;
    products(&client).await;
    hours(&sandbox, 2).await;
    assert!(receiver.arrivals().is_empty());
    assert!(sandbox.deliveries().is_empty());
}
