//! Outcomes of a payment from a wallet, and the ways to learn of them.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Client, Receiver, ewallets::*};
use serde_json::{Value, json};
use singapay_sandbox::{
    CustomerError, Fault, FaultAction, FaultPoint, PaymentOutcome, Sandbox, WebhookKind,
};

#[tokio::test]
async fn a_failure_is_only_learnt_by_asking() {
    let (sandbox, client, receiver) = start().await;
    let open = client
        .post(ORDER, order(&client, "EWALLET_GOPAY"))
        .await
        .ok();
    sandbox
        .pay_ewallet(reff_no(&open), PaymentOutcome::Failed)
        .unwrap();
    let again = sandbox.pay_ewallet(reff_no(&open), PaymentOutcome::Paid);
    assert_eq!(
        again,
        Err(CustomerError::AlreadyDecided("failed".to_owned()))
    );
    assert_eq!(show(&client, &open).await, open, "nobody told the gateway");
    let failed = inquire(&client, &open).await;
    assert_eq!(
        (&failed["status"], &failed["events_count"]),
        (&json!("failed"), &json!(1))
    );
    assert_eq!(show(&client, &open).await, failed);
    assert_eq!(failed["payment_channel"], Value::Null);
    sandbox.advance(Duration::from_secs(24 * 3600)).await;
    assert!(
        receiver.arrivals().is_empty(),
        "and nobody tells the merchant"
    );
    assert_eq!(sandbox.balance_of(&client.account).unwrap().pending, 0);
}

#[tokio::test]
async fn time_is_computed_and_then_learnt_by_asking() {
    let (sandbox, client, receiver) = start().await;
    let mut left = Vec::new();
    for (vendor, ends) in [("EWALLET_DANA", "expired"), ("EWALLET_OVO", "failed")] {
        let open = client.post(ORDER, order(&client, vendor)).await.ok();
        sandbox
            .pay_ewallet(reff_no(&open), PaymentOutcome::Expired)
            .unwrap();
        left.push((open, ends));
    }
    sandbox.advance(HALF_HOUR - Duration::from_millis(1)).await;
    let still = inquire(&client, &left[0].0).await;
    assert_eq!(
        (&still["status"], &still["is_expired"]),
        (&json!("open"), &json!(false))
    );
    sandbox.advance(Duration::from_secs(3600)).await;
    for (open, ends) in &left {
        let shown = show(&client, open).await;
        assert_eq!(shown["status"], "open", "no sweep takes it");
        assert_eq!(shown["status_computed"], "expired");
        assert_eq!(shown["is_expired"], true);
        let refused = sandbox.pay_ewallet(reff_no(open), PaymentOutcome::Paid);
        assert_eq!(
            refused,
            Err(CustomerError::CannotBePaid("expired".to_owned()))
        );
        assert_eq!(inquire(&client, open).await["status"], *ends);
    }
    assert!(receiver.arrivals().is_empty());
}

#[tokio::test]
async fn a_payment_can_wait_for_the_inquiry() {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::Transaction, receiver.url("/hook"))
        .quirks(|q| q.ewallets_wait_for_inquiry = true)
        .start()
        .await
        .unwrap();
    let client = Client::of(&sandbox).await;
    let open = client.post(ORDER, order(&client, "EWALLET_OVO")).await.ok();
    sandbox
        .pay_ewallet(reff_no(&open), PaymentOutcome::Paid)
        .unwrap();
    assert_eq!(show(&client, &open).await["status"], "open");
    // A read that moves money: what goes wrong before the commit leaves it undone.
    for (point, status) in [
        (FaultPoint::BeforeCommit, "open"),
        (FaultPoint::AfterCommit, "success"),
    ] {
        sandbox
            .add_fault(Fault::new(point, FaultAction::Html502).on("get_ewallet_status"))
            .unwrap();
        let path = format!(
            "/api/v1.0/ewallet-native/{{account}}/inquiry-status/{}",
            open["id"]
        );
        assert_eq!(client.get(&path).await.status, 502);
        assert_eq!(show(&client, &open).await["status"], status);
    }
    inquire(&client, &open).await;
    assert_eq!(sandbox.balance_of(&client.account).unwrap().pending, 98_500);
    sandbox.webhooks_sent().await;
    assert_eq!(receiver.arrivals().len(), 1);
    assert!(sandbox.audit().violations.is_empty());
}

#[tokio::test]
async fn customers_come_by_the_page_and_the_admin_route() {
    let (_sandbox, client, _receiver) = start().await;
    let mut body = order(&client, "EWALLET_DANA");
    body["merchant_redirect_url"] = json!("https://merchant.example.com/back");
    let open = client.post(ORDER, body).await.ok();
    let url = open["checkout_url"].as_str().unwrap();
    let page = common::send(client.http.get(url)).await.body;
    assert!(page.as_str().unwrap().contains("value=\"pay\""));
    let paid = common::send(client.http.post(url).body("answer=pay")).await;
    assert!(
        paid.body
            .as_str()
            .unwrap()
            .contains("https://merchant.example.com/back")
    );
    assert_eq!(show(&client, &open).await["status"], "success");
    let page = common::send(client.http.get(url)).await.body;
    assert!(!page.as_str().unwrap().contains("value=\"pay\""));

    let open = client.post(ORDER, order(&client, "EWALLET_OVO")).await.ok();
    let pay = |payment: String, order: Value| {
        let url = format!("{}/_sandbox/ewallets/{payment}/pay", client.base);
        let request = client
            .http
            .post(url)
            .header("Content-Type", "application/json");
        common::send(request.body(order.to_string()))
    };
    let id = open["id"].to_string();
    assert_eq!(
        pay(id.clone(), json!({"outcome": "failed"})).await.status,
        200
    );
    assert_eq!(inquire(&client, &open).await["status"], "failed");
    assert_eq!(pay(id, json!({})).await.status, 409);
    assert_eq!(pay("77".to_owned(), json!({})).await.status, 404);
}
