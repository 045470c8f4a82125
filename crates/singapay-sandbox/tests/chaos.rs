//! Webhooks that come twice, late and in any order: reproducibly, and a shop that applies each event once ends right.

#![allow(clippy::unwrap_used)]

mod common;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use common::{Client, Receiver, send};
use serde_json::{Value, json};
use singapay_sandbox::{Chaos, DeliveryState, Payer, Sandbox, WebhookKind};

const LINKS: usize = 20;

fn storm(seed: u64) -> Chaos {
    Chaos::new(seed)
        .duplicates(60)
        .reorder(Duration::from_secs(10))
        .delay(Duration::from_secs(60))
}

/// Each event as the shop sees it: its name, and the number of the link that it is about.
fn seen(receiver: &Receiver) -> Vec<(String, String)> {
    let arrivals = receiver.arrivals();
    let told = arrivals.iter().map(|arrival| {
        let event = arrival.json();
        let data = &event["data"];
        let inquiry = data["payment_link_history"]["reff_no"].as_str();
        let attempt = inquiry.unwrap_or_else(|| data["transaction"]["reff_no"].as_str().unwrap());
        let name = event["event"].as_str().unwrap();
        (name.to_owned(), attempt[..3].to_owned())
    });
    told.collect()
}

/// Pays links under chaos until everything has been told.
async fn pay(chaos: Option<Chaos>) -> (Sandbox, Receiver) {
    let receiver = Receiver::start().await;
    let builder = Sandbox::builder()
        .clock(Noon)
        .webhook_url(WebhookKind::Transaction, receiver.url("/paid"))
        .webhook_url(WebhookKind::PaymentLinkInquiry, receiver.url("/inquiry"));
    let sandbox = match chaos {
        Some(chaos) => builder.webhook_chaos(chaos).start().await.unwrap(),
        None => builder.start().await.unwrap(),
    };
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    for number in 0..LINKS {
        let reff_no = format!("L-{number}");
        let body = json!({
            "reff_no": reff_no, "payment_link_type": "total", "total_amount": 20_000 + number,
            "max_usage": 1,
        });
        client
            .post("/api/v2.0/payment-link/{account}", body)
            .await
            .ok();
        sandbox
            .pay_payment_link(&reff_no, Payer::default())
            .unwrap();
        sandbox.advance(Duration::from_secs(1)).await;
    }
    sandbox.advance(Duration::from_secs(300)).await;
    (sandbox, receiver)
}

#[derive(Debug)]
struct Noon;

impl singapay_core::Clock for Noon {
    fn now(&self) -> singapay_core::Timestamp {
        singapay_core::Timestamp::from_unix_seconds(1_787_304_000)
    }
}

#[tokio::test]
async fn the_same_seed_is_the_same_chaos_and_another_is_another() {
    let (_, calm) = pay(None).await;
    let calm = seen(&calm);
    let (sandbox, first) = pay(Some(storm(7))).await;
    let first = seen(&first);
    assert_eq!(first, seen(&pay(Some(storm(7))).await.1));
    assert_ne!(first, seen(&pay(Some(storm(8))).await.1));

    // Nothing is lost and nothing invented, copies come, and orders are swapped.
    let names = |events: &[(String, String)]| BTreeSet::from_iter(events.iter().cloned());
    assert_eq!((calm.len(), names(&calm)), (2 * LINKS, names(&first)));
    assert!(first.len() > 3 * LINKS, "{}", first.len());
    let place = |name: &str, attempt: &String| {
        let it = |event: &(String, String)| event.0 == name && event.1 == *attempt;
        first.iter().position(it)
    };
    let mut attempts = calm.iter().map(|(_, attempt)| attempt);
    let swapped = attempts.any(|attempt| {
        place("payment-link-transaction", attempt) < place("payment-link-inquiry", attempt)
    });
    assert!(swapped, "the channel is always told first");
    let states = sandbox.deliveries();
    assert!(states.iter().all(|it| it.state == DeliveryState::Delivered));
}

#[tokio::test]
async fn what_is_only_late_keeps_its_order() {
    let late = Chaos::new(3).delay(Duration::from_secs(60));
    let (_, receiver) = pay(Some(late)).await;
    let events = seen(&receiver);
    assert_eq!(events.len(), 2 * LINKS);
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, attempt) in &events {
        first.entry(attempt).or_insert(name);
    }
    assert!(first.values().all(|name| *name == "payment-link-inquiry"));
    let attempts: Vec<_> = events.iter().map(|(_, attempt)| attempt).collect();
    assert!(
        !attempts.is_sorted(),
        "events of different things overtake each other"
    );
}

/// Books an order when it is paid: once, whatever comes how often and in which order.
#[tokio::test]
async fn a_shop_that_applies_each_event_once_ends_right() {
    for seed in 0..5 {
        let (sandbox, receiver) = pay(Some(storm(seed))).await;
        let mut applied: BTreeSet<String> = BTreeSet::new();
        let mut paid: BTreeMap<String, f64> = BTreeMap::new();
        for arrival in receiver.arrivals() {
            assert!(arrival.is_signed_by(sandbox.credentials()));
            // The bytes of a copy are those of the first.
            if !applied.insert(arrival.raw.clone()) {
                continue;
            }
            let event = arrival.json();
            if event["event"] == "payment-link-transaction" {
                let link = &event["data"]["payment"]["additional_info"]["payment_link"];
                let amount = event["data"]["transaction"]["amount"]["value"].as_str();
                let order = paid.entry(link["reff_no"].as_str().unwrap().to_owned());
                *order.or_default() += amount.unwrap().parse::<f64>().unwrap();
            }
        }
        let right = (0..LINKS).map(|number| (format!("L-{number}"), (20_000 + number) as f64));
        assert_eq!(paid, right.collect(), "seed {seed}");
        assert!(receiver.arrivals().len() > applied.len());
    }
}

#[tokio::test]
async fn chaos_is_set_and_ended_from_outside() {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::builder()
        .webhook_url_for_all(&receiver.url("/hook"))
        .start()
        .await
        .unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    let admin = |method: &str, body: Option<Value>| {
        let url = format!("{}/_sandbox/chaos", client.base);
        let request = client.http.request(method.parse().unwrap(), url);
        let request = match body {
            Some(body) => request
                .header("Content-Type", "application/json")
                .body(body.to_string()),
            None => request,
        };
        send(request)
    };
    let chaos = json!({"seed": 1, "duplicates_percent": 100, "reorder_ms": 0, "delay_ms": 1_000});
    assert_eq!(admin("POST", Some(chaos.clone())).await.status, 200);
    assert_eq!(admin("GET", None).await.body, chaos);
    assert_eq!(admin("POST", Some(json!({"delays": 1}))).await.status, 422);
    for (member, most) in [
        ("duplicates_percent", 100_u64),
        ("reorder_ms", 3_653 * 24 * 3_600_000),
        ("delay_ms", 3_653 * 24 * 3_600_000),
    ] {
        let refused = admin("POST", Some(json!({member: most + 1}))).await;
        assert_eq!(refused.status, 400);
        let told = refused.body["error"].as_str().unwrap();
        assert!(told.starts_with(&format!("{member}: ")), "{told}");
        assert_eq!(admin("GET", None).await.body, chaos, "nothing has changed");
    }
    let pay = async |reff_no: &str| {
        let body =
            json!({"reff_no": reff_no, "payment_link_type": "total", "total_amount": 20_000});
        client
            .post("/api/v2.0/payment-link/{account}", body)
            .await
            .ok();
        sandbox.pay_payment_link(reff_no, Payer::default()).unwrap();
        sandbox.advance(Duration::from_secs(5)).await;
        receiver.arrivals().len()
    };
    assert_eq!(pay("L-1").await, 8, "two events, each with three copies");
    assert_eq!(admin("DELETE", None).await.status, 200);
    assert_eq!(pay("L-2").await, 10);
}

/// Each delivery has a moment of its own, of which there is none beyond the end of time.
#[tokio::test]
async fn chaos_beyond_all_bounds_is_chaos_within_them() {
    let mut endless = Chaos::new(1);
    (endless.duplicates_percent, endless.delay_ms) = (u8::MAX, u64::MAX);
    let (sandbox, receiver) = pay(Some(endless)).await;
    assert_eq!(sandbox.deliveries().len(), LINKS * 2 * 4);
    sandbox
        .advance(Duration::from_secs(3_660 * 24 * 3600))
        .await;
    assert!(receiver.arrivals().len() >= LINKS * 2 * 4);
}
