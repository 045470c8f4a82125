//! Events of one thing arrive in order, however slow or rude the receiver is.

#![allow(clippy::unwrap_used)]

mod common;

use std::{sync::Arc, time::Duration};

use axum::Router;
use common::{
    Client, Receiver,
    plans::{DECLINED, create, id, plan, start},
};
use serde_json::{Value, json};
use singapay_sandbox::{DeliveryState, Payer, Sandbox, WebhookKind};

async fn link(client: &Client, reff_no: &str) {
    let body = json!({
        "reff_no": reff_no, "payment_link_type": "total", "total_amount": 27_000, "max_usage": 0,
        "whitelisted_payment_method": ["ALFAMART", "INDOMARET", "NICEPAY_CARD"],
    });
    let path = "/api/v2.0/payment-link/{account}";
    client.post(path, body).await.ok();
}

fn reff_no(event: &Value) -> &str {
    let data = &event["data"];
    let inquiry = data["payment_link_history"]["reff_no"].as_str();
    inquiry.unwrap_or_else(|| data["transaction"]["reff_no"].as_str().unwrap())
}

/// Live, the channel arrived about a second before the payment, at addresses of their own.
#[tokio::test(flavor = "multi_thread")]
async fn the_channel_of_a_link_is_told_before_its_payment() {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::Transaction, receiver.url("/paid"))
        .webhook_url(WebhookKind::PaymentLinkInquiry, receiver.url("/inquiry"))
        .start()
        .await
        .unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    link(&client, "L-1").await;
    let attempts: Vec<String> = (0..20)
        .map(|_| sandbox.pay_payment_link("L-1", Payer::with("ALFAMART")))
        .map(|paid| paid.unwrap().reff_no)
        .collect();
    sandbox.webhooks_sent().await;
    let events: Vec<Value> = receiver.arrivals().iter().map(|a| a.json()).collect();
    assert_eq!(events.len(), 40);
    for attempt in &attempts {
        let names: Vec<&Value> = events
            .iter()
            .filter(|event| reff_no(event) == attempt)
            .map(|event| &event["event"])
            .collect();
        assert_eq!(names, ["payment-link-inquiry", "payment-link-transaction"]);
    }
}

/// The members and the numbers that were seen live.
#[tokio::test]
async fn the_channel_comes_with_fee_and_margin() {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::PaymentLinkInquiry, receiver.url("/inquiry"))
        .start()
        .await
        .unwrap();
    let client = Client::of(&sandbox).await;
    link(&client, "L-1").await;
    for (method, name, prefix, length) in [
        ("ALFAMART", "Alfamart (Linkqu)", "2117", 15),
        ("INDOMARET", "Indomaret (Linkqu)", "1117", 15),
    ] {
        sandbox
            .pay_payment_link("L-1", Payer::with(method))
            .unwrap();
        sandbox.webhooks_sent().await;
        let event = receiver.arrivals().last().unwrap().json();
        let history = &event["data"]["payment_link_history"];
        assert_eq!(history["status"], "pending");
        assert_eq!(history["payment_method_name"], name);
        let code = history["payment_method_value"].as_str().unwrap();
        assert!(code.starts_with(prefix) && code.len() == length, "{code}");
        let additional = history["payment_method_additional"].as_str().unwrap();
        let additional: Value = serde_json::from_str(additional).unwrap();
        assert_eq!(additional["retail_code"], method);
        for (member, rupiah) in [
            ("amount", 27_000),
            ("vendor_fee", 1_800),
            ("our_margin", 1_200),
            ("merchant_fee", 3_000),
            ("net_amount", 24_000),
        ] {
            assert_eq!(history[member], rupiah, "{member}");
        }
    }
}

/// The first attempt at the payment waits for the first at the channel, and for no more.
#[tokio::test]
async fn a_channel_that_is_refused_does_not_keep_the_payment_back() {
    let receiver = Receiver::start().await;
    receiver.answer_with(503);
    let sandbox = Sandbox::builder()
        .webhook_url_for_all(&receiver.url("/hook"))
        .start()
        .await
        .unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    link(&client, "L-1").await;
    sandbox.pay_payment_link("L-1", Payer::default()).unwrap();
    sandbox.webhooks_sent().await;
    let names: Vec<Value> = receiver
        .arrivals()
        .iter()
        .map(|a| a.json()["event"].clone())
        .collect();
    assert_eq!(names, ["payment-link-inquiry", "payment-link-transaction"]);
    receiver.answer_with(200);
    sandbox.advance(Duration::from_secs(60)).await;
    let states: Vec<_> = sandbox.deliveries().iter().map(|d| d.state).collect();
    assert_eq!(states, [DeliveryState::Delivered; 2]);
}

/// Answers nobody until two requests are there.
async fn answers_pairs() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let barrier = Arc::new(tokio::sync::Barrier::new(2));
    let router = Router::new().fallback(move || {
        let barrier = barrier.clone();
        async move {
            barrier.wait().await;
        }
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// Only one thing's events wait for each other.
#[tokio::test]
async fn events_of_different_things_go_out_side_by_side() {
    let url = answers_pairs().await;
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::Transaction, url)
        .start()
        .await
        .unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    link(&client, "L-1").await;
    for _ in 0..2 {
        sandbox.pay_payment_link("L-1", Payer::default()).unwrap();
    }
    sandbox.webhooks_sent().await;
    let states: Vec<_> = sandbox.deliveries().iter().map(|d| d.state).collect();
    assert_eq!(states, [DeliveryState::Delivered; 2]);
}

/// A charge that is refused while the card is linked, and the end of the plan that follows from it.
#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_told_of_in_order() {
    for _ in 0..5 {
        let (sandbox, client) = start().await;
        let receiver = Receiver::start().await;
        let url = json!({"url": receiver.url("/plans")});
        let path = format!("{}/_sandbox/webhooks/subscription_cycle", client.base);
        let set = client
            .http
            .post(path)
            .header("Content-Type", "application/json");
        let set = set.body(url.to_string()).send().await.unwrap();
        assert_eq!(set.status().as_u16(), 200);
        let mut body = plan(&client);
        body["charge_immediately"] = json!(true);
        let made = create(&client, body).await;
        sandbox.link_card(id(&made), DECLINED).unwrap();
        sandbox.webhooks_sent().await;
        let names: Vec<Value> = receiver
            .arrivals()
            .iter()
            .map(|a| a.json()["event"].clone())
            .collect();
        assert_eq!(
            names,
            [
                "subscription.cycle.payment_failed",
                "subscription.plan.status_changed"
            ]
        );
    }
}
