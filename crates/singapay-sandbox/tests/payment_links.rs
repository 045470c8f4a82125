//! Payment links of version 1, paid by a customer.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Client, Receiver};
use serde_json::{Value, json};
use singapay_sandbox::{CustomerError, DeliveryState, Payer, Sandbox, WebhookKind};

const LINKS: &str = "/api/v1.0/payment-link-manage/{account}";

fn link(reff_no: &str) -> Value {
    json!({
        "reff_no": reff_no, "title": "Invoice Pembelian Laptop", "max_usage": 2,
        "total_amount": 90_000,
        "items": [
            {"name": "Laptop", "quantity": 1, "unit_price": 100_000},
            {"name": "Discount", "quantity": 2, "unit_price": -5_000},
        ],
        "required_customer_detail": true,
        "whitelisted_payment_method": ["VA_BRI", "QRIS"],
    })
}

#[tokio::test]
async fn what_was_created_is_shown() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let mut body = link("INV-1");
    let expiry = (sandbox.now().unix_seconds() + 3600) * 1000;
    body["expired_at"] = json!(expiry.to_string());
    body["no_such_field"] = json!(1);
    let made = client.post(LINKS, body).await.ok();
    assert_eq!(made["total_amount"], "90000.00");
    assert_eq!(made["items"][1]["subtotal"], -10_000);
    assert_eq!(made["account"]["id"], client.account);
    assert!(made.get("no_such_field").is_none());
    let path = format!("{LINKS}/{}", made["id"]);
    assert_eq!(client.get(&path).await.ok(), made);

    sandbox.advance(Duration::from_secs(3600)).await;
    let late = client.get(&path).await.ok();
    assert_eq!(late["status"], "open");
    assert_eq!(late["status_computed"], "expired");
    assert_eq!(late["is_expired"], true);
    let refused = sandbox.pay_payment_link("INV-1", Payer::default());
    assert_eq!(refused, Err(CustomerError::NotOpen("expired".to_owned())));
}

#[tokio::test]
async fn fields_are_checked_in_the_version_1_shape() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    client.post(LINKS, link("TAKEN")).await.ok();
    let cases = [
        ("reff_no", json!("a b")),
        ("reff_no", json!("a/b")),
        ("reff_no", json!("x".repeat(41))),
        ("reff_no", json!("TAKEN")),
        ("title", json!("")),
        ("max_usage", json!(0)),
        ("max_usage", json!(1_000_001)),
        ("total_amount", json!(89_999)),
        ("total_amount", json!(9_999)),
        ("items", json!([])),
        ("items", json!(null)),
        ("expired_at", json!("2027-01-01 00:00:00")),
        ("expired_at", json!(1_700_000_000_000_i64)),
        ("whitelisted_payment_method", json!(["QRIS", "NOPE"])),
        ("whitelisted_payment_method", json!(["qris"])),
        ("redirect_url", json!("ftp://x")),
    ];
    for (field, value) in cases {
        let mut body = link("FRESH");
        body[field] = value.clone();
        let answer = client.post(LINKS, body).await;
        assert_eq!(answer.status, 422, "{field} = {value}: {}", answer.body);
        let error = &answer.body["error"];
        assert_eq!(error["code"], 422);
        assert_eq!(error["message"], "Validation error");
        assert!(
            error["errors"][field][0].is_string(),
            "{field} = {value}: {error}"
        );
    }
    let item = json!([{"name": "x", "quantity": 0, "unit_price": 90_000}]);
    let mut body = link("FRESH");
    body["items"] = item;
    let answer = client.post(LINKS, body).await;
    assert!(answer.body["error"]["errors"]["items.0.quantity"][0].is_string());
    client.post(LINKS, link("FRESH")).await.ok();
}

#[tokio::test]
async fn no_whitelist_and_an_empty_one_select_every_method() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    for (reff, value) in [("A", json!(null)), ("B", json!([]))] {
        let mut body = link(reff);
        body["whitelisted_payment_method"] = value;
        let made = client.post(LINKS, body).await.ok();
        assert_eq!(
            made["whitelisted_payment_method"].as_array().unwrap().len(),
            20
        );
    }
}

#[tokio::test]
async fn a_whitelist_comes_back_in_the_order_of_the_catalogue() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    for (reff, sent, back) in [
        ("A", json!(["VA_BCA", "QRIS"]), json!(["QRIS", "VA_BCA"])),
        (
            "B",
            json!([
                "VA_PERMATA",
                "ALFAMART",
                "VA_BCA",
                "ALFAMART",
                "NICEPAY_CARD"
            ]),
            json!([
                "NICEPAY_CARD",
                "RETAIL_ALFAMART_LINKQU",
                "VA_BCA",
                "VA_PERMATA"
            ]),
        ),
    ] {
        let mut body = link(reff);
        body["whitelisted_payment_method"] = sent.clone();
        let made = client.post(LINKS, body).await.ok();
        assert_eq!(made["whitelisted_payment_method"], back);
        let path = format!("/api/v2.0/payment-link/update/{}", made["id"]);
        let body = json!({"whitelisted_payment_method": sent});
        let updated = client.call("PUT", &path, body).await.ok();
        assert_eq!(updated["whitelisted_payment_method"], back);
    }
}

#[tokio::test]
async fn a_payment_is_announced_and_settles() {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::builder()
        .webhook_url(
            WebhookKind::Transaction,
            receiver.url("/hooks/singapay?src=sp"),
        )
        .start()
        .await
        .unwrap();
    let client = Client::of(&sandbox).await;
    let before = sandbox.balance_of(&client.account).unwrap();
    let made = client.post(LINKS, link("INV-1")).await.ok();

    let refused = sandbox.pay_payment_link("INV-1", Payer::with("VA_BCA"));
    assert_eq!(
        refused,
        Err(CustomerError::MethodNotOffered("VA_BCA".to_owned()))
    );
    let paid = sandbox
        .pay_payment_link("INV-1", Payer::with("QRIS"))
        .unwrap();
    sandbox.webhooks_sent().await;
    let arrivals = receiver.arrivals();
    assert_eq!(arrivals.len(), 1);
    assert_eq!(arrivals[0].header("user-agent"), "GuzzleHttp/7");
    assert!(
        arrivals[0].raw.contains("\\/b2b\\/"),
        "slashes are escaped as PHP does"
    );
    assert!(arrivals[0].is_signed_by(sandbox.credentials()));
    let event = arrivals[0].json();
    assert_eq!(event["event"], "payment-link-transaction");
    assert_eq!(event["data"]["transaction"]["reff_no"], paid.reff_no);
    assert_eq!(event["data"]["transaction"]["amount"]["value"], "90000.00");
    let inside = &event["data"]["payment"]["additional_info"]["payment_link"];
    assert_eq!(
        (inside["id"].clone(), inside["current_usage"].clone()),
        (made["id"].clone(), json!(1))
    );

    let after = sandbox.balance_of(&client.account).unwrap();
    assert_eq!((after.available, after.pending), (before.available, 87_000));
    sandbox.advance(Duration::from_secs(3600)).await;
    assert_eq!(client.available().await, before.available + 87_000);

    sandbox.pay_payment_link("INV-1", Payer::default()).unwrap();
    let used_up = sandbox.pay_payment_link("INV-1", Payer::default());
    assert_eq!(used_up, Err(CustomerError::NotOpen("closed".to_owned())));
}

#[tokio::test]
async fn the_hosted_page_takes_a_payment() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let mut body = link("INV-1");
    body["title"] = json!("<b>Sepatu</b>");
    let made = client.post(LINKS, body).await.ok();
    let url = made["payment_url"].as_str().unwrap();
    let page = client
        .http
        .get(url)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        page.contains("&lt;b&gt;Sepatu") && page.contains("VA_BRI"),
        "{page}"
    );
    let form = client.http.post(url).body("method=VA_BRI&name=Sari");
    assert!(
        form.send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
            .contains("Thank you")
    );
    let shown = client.get(&format!("{LINKS}/{}", made["id"])).await.ok();
    assert_eq!(shown["current_usage"], 1);
}

#[tokio::test]
async fn a_webhook_is_tried_again_by_the_minute_and_given_up() {
    for (status, tries) in [(500, 2), (503, 5), (404, 3), (302, 1), (422, 6)] {
        let receiver = Receiver::start().await;
        receiver.answer_with(status);
        let url = receiver.url("/hook");
        let sandbox = Sandbox::builder()
            .webhook_url(WebhookKind::Transaction, url)
            .start()
            .await
            .unwrap();
        sandbox.freeze_clock();
        let client = Client::of(&sandbox).await;
        client.post(LINKS, link("INV-1")).await.ok();
        sandbox.pay_payment_link("INV-1", Payer::default()).unwrap();
        sandbox.advance(Duration::from_secs(59)).await;
        assert_eq!(receiver.arrivals().len(), 1, "{status}");
        sandbox.advance(Duration::from_secs(3600)).await;
        let arrivals = receiver.arrivals();
        assert_eq!(arrivals.len(), tries, "{status}");
        assert!(arrivals.iter().all(|a| a.raw == arrivals[0].raw));
        let report = &sandbox.deliveries()[0];
        assert_eq!(report.state, DeliveryState::GivenUp);
        let spaced = report
            .attempts
            .windows(2)
            .all(|w| w[1].at_millis - w[0].at_millis == 60_000);
        assert!(spaced, "{:?}", report.attempts);
    }
}

#[tokio::test]
async fn a_retry_that_is_taken_ends_the_delivery() {
    let receiver = Receiver::start().await;
    receiver.answer_with(503);
    let sandbox = Sandbox::builder()
        .webhook_url_for_all(&receiver.url("/hook"))
        .start()
        .await
        .unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    client.post(LINKS, link("INV-1")).await.ok();
    sandbox.pay_payment_link("INV-1", Payer::default()).unwrap();
    sandbox.webhooks_sent().await;
    receiver.answer_with(204);
    sandbox.advance(Duration::from_secs(600)).await;
    let states: Vec<_> = sandbox
        .deliveries()
        .iter()
        .map(|d| (d.event.clone(), d.state))
        .collect();
    assert_eq!(
        states,
        [
            ("payment-link-inquiry".to_owned(), DeliveryState::Delivered),
            (
                "payment-link-transaction".to_owned(),
                DeliveryState::Delivered
            ),
        ]
    );
    assert_eq!(receiver.arrivals().len(), 4);
}
