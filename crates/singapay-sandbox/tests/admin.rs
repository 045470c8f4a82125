//! The admin routes and their description.

#![allow(clippy::unwrap_used)]

mod common;

use common::{Client, Receiver};
use serde_json::{Value, json};
use singapay_sandbox::{Sandbox, WebhookKind};

async fn admin(client: &Client, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
    client.admin(method, path, body).await
}

/// Every described route answers, and every answer is one that is described.
#[tokio::test]
async fn the_description_matches_the_routes() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let (_, document) = admin(&client, "GET", "/openapi.json", None).await;
    let bodies = json!({
        "decide_bill": {"approve": true}, "decide_payment_link_attempt": {"approve": true}, "link_card": {"card_number": "4"}, "answer_binding": {"approve": true}, "decide_direct_debit": {"approve": true},
        "move_clock": {"advance_ms": 1}, "complete_3d_secure": {"approve": true},
        "decide_payout": {}, "set_webhook": {},
        "set_chaos": {"seed": 7, "duplicates_percent": 50},
        "add_fault": {"point": "before_commit", "action": "reset", "operation": "nothing"},
    });
    let mut routes = 0;
    for (template, item) in document["paths"].as_object().unwrap() {
        let path = template
            .replace("{kind}", "transaction")
            .replace("{id}", "77")
            .replace('{', "x")
            .replace('}', "");
        for method in ["get", "post", "delete"] {
            let url = if path == "/" { "" } else { &path };
            let described = &item[method];
            let body = bodies
                .get(described["operationId"].as_str().unwrap_or(""))
                .cloned();
            let (status, _) = admin(&client, &method.to_uppercase(), url, body).await;
            if described.is_null() {
                assert_eq!(status, 405, "{method} {template} is not described");
            } else {
                routes += 1;
                let known = &described["responses"][status.to_string()];
                assert!(!known.is_null(), "{method} {template} answered {status}");
            }
        }
    }
    // Kept in step with the router by hand: a new route has to be described and counted.
    assert_eq!(routes, 44);
}

#[tokio::test]
async fn a_whole_story_without_the_library() {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let set = json!({"url": receiver.url("/hook")});
    assert_eq!(
        admin(
            &client,
            "POST",
            "/webhooks/transaction_notif_url",
            Some(set)
        )
        .await
        .0,
        200
    );
    let bad = json!({"url": "ftp://x"});
    assert_eq!(
        admin(&client, "POST", "/webhooks/transaction", Some(bad))
            .await
            .0,
        422
    );
    let link = json!({"reff_no": "L-1", "payment_link_type": "total", "total_amount": 50_000});
    client
        .post("/api/v2.0/payment-link/{account}", link)
        .await
        .ok();
    let (status, paid) = admin(
        &client,
        "POST",
        "/payment-links/L-1/pay",
        Some(json!({"method": "QRIS"})),
    )
    .await;
    assert_eq!(status, 200);
    let (status, refused) = admin(&client, "POST", "/payment-links/L-1/pay", None).await;
    assert_eq!(
        (status, refused),
        (409, json!({"error": "payment link is closed"}))
    );
    let (_, clock) = admin(&client, "POST", "/clock", Some(json!({"frozen": true}))).await;
    assert_eq!(clock["frozen"], true);
    admin(
        &client,
        "POST",
        "/clock",
        Some(json!({"advance_ms": 3_600_000})),
    )
    .await;
    assert_eq!(sandbox.balance_of(&client.account).unwrap().pending, 0);
    assert_eq!(
        receiver.arrivals()[0].json()["data"]["transaction"]["reff_no"],
        paid["reff_no"]
    );
    let (_, log) = admin(&client, "GET", "/deliveries", None).await;
    assert_eq!(
        (
            log[0]["state"].clone(),
            log[0]["attempts"][0]["status"].clone()
        ),
        (json!("delivered"), json!(200))
    );
    let replay = format!("/deliveries/{}/replay", log[0]["id"]);
    assert_eq!(admin(&client, "POST", &replay, None).await.0, 200);
    sandbox.webhooks_sent().await;
    let arrivals = receiver.arrivals();
    assert_eq!((arrivals.len(), &arrivals[0].raw), (2, &arrivals[1].raw));
    assert!(arrivals[1].is_signed_by(sandbox.credentials()));
    assert_ne!(
        arrivals[0].header("x-signature"),
        arrivals[1].header("x-signature")
    );
    let (_, books) = admin(&client, "GET", "/audit", None).await;
    assert_eq!(books["violations"], json!([]));
    let (_, requests) = admin(&client, "GET", "/requests", None).await;
    assert_eq!(requests[1]["operation"], "create_payment_link");
}

#[tokio::test]
async fn the_clock_is_not_moved_to_where_nothing_works_any_more() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    sandbox.freeze_clock();
    let before = sandbox.now();
    let decade = 3_653_u64 * 24 * 3_600_000;
    for far in [i64::MAX as u64, u64::MAX, decade + 1] {
        let order = json!({"advance_ms": far, "frozen": false});
        let (status, refused) = admin(&client, "POST", "/clock", Some(order)).await;
        assert_eq!(status, 400);
        let told = refused["error"].as_str().unwrap();
        assert!(told.contains("ten years"), "{told}");
        let (_, clock) = admin(&client, "GET", "/clock", None).await;
        assert_eq!((&clock["frozen"], sandbox.now()), (&json!(true), before));
    }
    client.get("/api/v1.0/balance-inquiry/{account}").await.ok();

    let order = json!({"advance_ms": decade});
    assert_eq!(admin(&client, "POST", "/clock", Some(order)).await.0, 200);
    sandbox.advance(std::time::Duration::MAX).await;
    assert_eq!(sandbox.now().to_string(), "9000-01-01T00:00:00.000Z");
    let order = json!({"advance_ms": 1, "frozen": false});
    let (status, refused) = admin(&client, "POST", "/clock", Some(order)).await;
    assert_eq!(status, 400);
    assert!(refused["error"].as_str().unwrap().contains("year 9000"));
    let late = Client::of(&sandbox).await;
    late.get("/api/v1.0/balance-inquiry/{account}").await.ok();
    assert_eq!(
        admin(&late, "POST", "/clock", Some(json!({"frozen": false})))
            .await
            .0,
        200
    );
}

#[tokio::test]
async fn the_test_button_signs_nothing() {
    let receiver = Receiver::start().await;
    receiver.answer_with(401);
    let sandbox = receiver.sandbox().await;
    assert!(!sandbox.press_test_button(WebhookKind::Disbursement));
    assert!(sandbox.press_test_button(WebhookKind::Transaction));
    sandbox.advance(std::time::Duration::from_secs(600)).await;
    let arrivals = receiver.arrivals();
    assert_eq!(arrivals.len(), 1);
    for header in ["x-signature", "x-timestamp", "authorization"] {
        assert!(!arrivals[0].headers.contains_key(header));
    }
    assert_eq!(
        arrivals[0].json(),
        json!({"status": 200, "success": true, "data": "VA Payment Notification testing"})
    );
}
