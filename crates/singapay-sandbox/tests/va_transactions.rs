//! Transfers to virtual accounts, as the lists tell of them.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Client, Receiver, virtual_accounts::*};
use serde_json::{Value, json};
use singapay_core::Clock;
use singapay_sandbox::{CredentialSeed, CustomerError, PaymentOutcome, Sandbox, WebhookKind};

#[tokio::test]
async fn time_ends_it_without_a_word() {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::Transaction, receiver.url("/paid"))
        .webhook_url(WebhookKind::TransactionExpiration, receiver.url("/expired"))
        .start()
        .await
        .unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    let mut body = closed(&client);
    body["max_usage"] = json!(9);
    let va = client.post(ACCOUNTS, body).await.ok();
    let failed = sandbox
        .pay_virtual_account(number(&va), None, PaymentOutcome::Failed)
        .unwrap();
    let left = sandbox
        .pay_virtual_account(number(&va), None, PaymentOutcome::Expired)
        .unwrap();
    let listed = client.get(TRANSACTIONS).await.ok();
    for (row, status) in [(0, "unpaid"), (1, "failed")] {
        assert_eq!(listed[row]["status"], status);
        assert_eq!(listed[row]["fees"], Value::Null);
    }
    sandbox.advance(HOUR).await;
    let refused = sandbox.pay_virtual_account(number(&va), None, PaymentOutcome::Paid);
    assert_eq!(
        refused,
        Err(CustomerError::CannotBePaid("expired".to_owned()))
    );
    let shown = client.get(&at(&va)).await.ok();
    assert_eq!(shown["status"], "active", "expiry changes no status");
    assert!(shown.get("status_computed").is_none() && shown.get("is_expired").is_none());
    // The transfer that was left ends with the sweep, and is told of there.
    sandbox.advance(Duration::from_secs(60)).await;
    let path = format!("{TRANSACTIONS}/{}", left.transaction_id);
    assert_eq!(client.get(&path).await.ok()["status"], "expired");
    let arrivals = receiver.arrivals();
    assert_eq!(arrivals.len(), 1, "a failed transfer is not announced");
    let data = arrivals[0].json()["data"].clone();
    let row = &data["virtual_account_transactions"][0];
    assert_eq!(row["reff_no"], left.transaction_id);
    assert_eq!(
        (&row["status"], &row["amount"]),
        (&json!("expired"), &json!("100000.00"))
    );
    assert_eq!(data["summary"]["virtual_account_transactions"], 1);
    assert_ne!(failed.transaction_id, left.transaction_id);
    assert_eq!(sandbox.balance_of(&client.account).unwrap().pending, 0);
    assert_eq!(client.get(&at(&va)).await.ok()["current_usage"], 0);
}

#[tokio::test]
async fn transactions_are_filtered_sorted_and_paged() {
    let (sandbox, client) = start().await;
    let va = client.post(ACCOUNTS, open()).await.ok();
    let mut body = closed(&client);
    body["max_usage"] = json!(99);
    let other = client.post(ACCOUNTS, body).await.ok();
    let mut ids = Vec::new();
    for rupiah in [30_000, 50_000, 20_000] {
        let paid = sandbox
            .pay_virtual_account(number(&va), Some(rupiah), PaymentOutcome::Paid)
            .unwrap();
        ids.push(paid.transaction_id);
        sandbox.advance(Duration::from_secs(60)).await;
    }
    sandbox
        .pay_virtual_account(number(&other), None, PaymentOutcome::Failed)
        .unwrap();
    let start = client.clock.now().unix_millis() - 180_000;
    let count = |query: String| {
        let path = format!("{TRANSACTIONS}?{query}");
        let client = &client;
        async move { client.get(&path).await.ok().as_array().unwrap().len() }
    };
    for (query, expected) in [
        (String::new(), 4),
        (format!("va_number={}", number(&va)), 3),
        (format!("transaction_id={}", ids[0]), 1),
        ("merchant_reff_no=inv-2026".to_owned(), 1),
        ("status=paid".to_owned(), 3),
        ("status=unpaid".to_owned(), 0),
        ("amount=50000.00".to_owned(), 1),
        ("amount_min=30000&amount_max=50000".to_owned(), 2),
        ("has_settle=true".to_owned(), 0),
        ("has_settle=false".to_owned(), 4),
        (format!("post_timestamp_from={}", start + 60_000), 3),
        (format!("post_timestamp_to={}", start + 60_000), 2),
        (format!("processed_timestamp_from={}", start + 60_001), 2),
        (format!("settle_at_from={start}"), 0),
        ("per_page=3".to_owned(), 3),
        ("per_page=3&page=2".to_owned(), 1),
    ] {
        assert_eq!(count(query.clone()).await, expected, "{query}");
    }
    for (query, first) in [
        ("", 100_000),
        ("?sort_order=asc", 30_000),
        ("?sort_by=amount&sort_order=asc", 20_000),
        ("?sort_by=amount", 100_000),
    ] {
        let listed = client.get(&format!("{TRANSACTIONS}{query}")).await.ok();
        assert_eq!(
            listed[0]["amount"]["value"],
            format!("{first}.00"),
            "{query}"
        );
    }
    let by_number = format!("{TRANSACTIONS}/detail-by-va-number");
    let listed = client.get(&format!("{by_number}/{}", number(&va))).await;
    assert_eq!(listed.body["pagination"]["perPage"], 50);
    assert_eq!(listed.ok().as_array().unwrap().len(), 3);
    let unknown = client.get(&format!("{by_number}/123")).await.ok();
    assert_eq!(unknown, json!([]));
    let missing = client.get(&format!("{TRANSACTIONS}/VA-1")).await;
    assert_eq!(
        (missing.status, missing.body["success"].clone()),
        (404, json!(false))
    );
    // Once settled they are found as such; after a year they are not listed any more.
    sandbox.advance(HOUR).await;
    assert_eq!(count("has_settle=1".to_owned()).await, 3);
    assert_eq!(count(format!("settle_at_from={start}")).await, 3);
    sandbox.advance(Duration::from_secs(366 * 24 * 3600)).await;
    let mut late = Client::of(&sandbox).await;
    late.login().await;
    assert_eq!(late.get(TRANSACTIONS).await.ok(), json!([]));
    late.get(&format!("{TRANSACTIONS}/{}", ids[0])).await.ok();
}

#[tokio::test]
async fn another_credentials_account_is_closed() {
    let own = Receiver::start().await;
    for without_code in [false, true] {
        let hook = own.url("/own");
        let sandbox = Sandbox::builder()
            .account("Assigned", 1_000_000)
            .credential(
                CredentialSeed::new("Cabang", "Assigned")
                    .webhook_url(WebhookKind::Transaction, hook.clone()),
            )
            .quirks(|q| q.access_denied_without_code = without_code)
            .start()
            .await
            .unwrap();
        let mut client = Client::of(&sandbox).await;
        let main = client.account.clone();
        client.account.clone_from(&sandbox.accounts()[1].id);
        let mut answers = vec![client.post(ACCOUNTS, open()).await];
        for path in [ACCOUNTS, TRANSACTIONS] {
            answers.push(client.get(path).await);
            answers.push(client.get(&format!("{path}/X")).await);
        }
        for refused in answers {
            assert_eq!(refused.status, 403, "{}", refused.body);
            assert_eq!(refused.code() == "SP403", !without_code);
        }
        client.credentials = sandbox.credentials_named("Cabang").unwrap();
        client.login().await;
        let va = client.post(ACCOUNTS, open()).await.ok();
        let paid = sandbox
            .pay_virtual_account(number(&va), Some(20_000), PaymentOutcome::Paid)
            .unwrap();
        sandbox.webhooks_sent().await;
        let arrival = own.arrivals().pop().unwrap();
        assert!(arrival.is_signed_by(&client.credentials));
        let transaction = &arrival.json()["data"]["transaction"];
        assert_eq!(
            transaction["reff_no"], paid.transaction_id,
            "no merchant reference"
        );
        // What belongs to one account is not found under another.
        client.account = main;
        client.credentials = sandbox.credentials().clone();
        client.login().await;
        assert_eq!(client.get(&at(&va)).await.status, 404);
        let path = format!("{TRANSACTIONS}/{}", paid.transaction_id);
        assert_eq!(client.get(&path).await.status, 404);
        assert_eq!(client.get(TRANSACTIONS).await.ok(), json!([]));
    }
}

#[tokio::test]
async fn customers_come_through_the_admin_route_too() {
    let (_sandbox, client) = start().await;
    let va = client.post(ACCOUNTS, open()).await.ok();
    let pay = |number: String, order: Value| {
        let url = format!("{}/_sandbox/virtual-accounts/{number}/pay", client.base);
        let request = client
            .http
            .post(url)
            .header("Content-Type", "application/json");
        common::send(request.body(order.to_string()))
    };
    let known = number(&va).to_owned();
    let paid = pay(known.clone(), json!({"amount": 25_000})).await;
    assert_eq!((paid.status, &paid.body["amount"]), (200, &json!(25_000)));
    let left = pay(
        known.clone(),
        json!({"amount": 25_000, "outcome": "expired"}),
    )
    .await;
    assert_eq!(left.status, 200);
    let listed = client.get(TRANSACTIONS).await.ok();
    assert_eq!(
        (&listed[0]["status"], &listed[1]["status"]),
        (&json!("unpaid"), &json!("paid"))
    );
    assert_eq!(pay(known, json!({"amount": 1})).await.status, 409);
    assert_eq!(pay("77".to_owned(), json!({})).await.status, 404);
}
