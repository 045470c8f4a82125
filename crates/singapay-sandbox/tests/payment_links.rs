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

const V2: &str = "/api/v2.0/payment-link/{account}";

fn link_v2(reff_no: &str) -> Value {
    json!({"reff_no": reff_no, "payment_link_type": "total", "total_amount": 150_000})
}

#[tokio::test]
async fn version_2_shares_the_records_of_version_1() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let made = client.post(V2, link_v2("V2-1")).await.ok();
    assert_eq!(
        (made["source"].clone(), made["max_usage"].clone()),
        (json!("api v2"), json!(1))
    );
    assert_eq!(
        (
            made["total_amount"].clone(),
            made["customer_pays_fee"].clone()
        ),
        (json!(150_000), json!(false))
    );
    assert!(made["expired_at"].is_string(), "24 hours unless set");
    let id = &made["id"];
    assert_eq!(
        client
            .get(&format!("/api/v2.0/payment-link/{id}"))
            .await
            .ok(),
        made
    );
    assert_eq!(
        client.get(&format!("{LINKS}/{id}")).await.ok()["total_amount"],
        "150000.00"
    );
    client.post(LINKS, link("V1-1")).await.ok();
    let list = client.get(LINKS).await.ok();
    let names: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|l| l["reff_no"].clone())
        .collect();
    assert_eq!(names, ["V1-1", "V2-1"]);

    let mut items = json!({"reff_no": "V2-2", "payment_link_type": "items", "total_amount": 1});
    items["items"] = link("x")["items"].clone();
    assert_eq!(client.post(V2, items).await.ok()["total_amount"], 90_000);

    let gone = client
        .call("DELETE", &format!("{LINKS}/{id}"), json!({}))
        .await
        .ok();
    assert_eq!(gone["message"], "Payment Link deleted successfully");
    assert_eq!(
        client
            .get(&format!("/api/v2.0/payment-link/{id}"))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn version_2_checks_its_own_rules() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    for (field, changes) in [
        ("payment_link_type", json!({"payment_link_type": "open"})),
        ("total_amount", json!({"total_amount": null})),
        ("items", json!({"payment_link_type": "items"})),
        ("max_usage", json!({"max_usage": -1})),
        ("expired_at", json!({"expired_at": "next week"})),
        (
            "expired_at",
            json!({"expired_at": "2020-01-01T00:00:00+07:00"}),
        ),
        ("customer_name", json!({"customer_phone": "081200000000"})),
        ("customer_email", json!({"customer_name": "Sari"})),
        (
            "customer_name",
            json!({"max_usage": 2, "customer_name": "Sari", "customer_email": "s@example.com"}),
        ),
        (
            "required_customer_email",
            json!({"required_customer_email": true}),
        ),
        (
            "whitelisted_payment_method",
            json!({"whitelisted_payment_method": ["va_bri"]}),
        ),
    ] {
        let mut body = link_v2("FRESH");
        for (key, value) in changes.as_object().unwrap() {
            body[key] = value.clone();
        }
        let answer = client.post(V2, body).await;
        assert_eq!(answer.status, 422, "{changes}: {}", answer.body);
        assert!(
            answer.body["error"]["errors"][field][0].is_string(),
            "{}",
            answer.body
        );
    }
    let mut fine = link_v2("FRESH");
    fine["customer_name"] = json!("Sari");
    fine["customer_email"] = json!("sari@example.com");
    fine["expired_at"] = json!("2099-01-01T00:00:00+07:00");
    let made = client.post(V2, fine).await.ok();
    assert_eq!(
        (
            made["customer_name"].clone(),
            made["customer_phone"].clone()
        ),
        (json!("Sari"), json!(null))
    );
    assert_eq!(made["expired_at"], "2099-01-01T00:00:00+07:00");
}

#[tokio::test]
async fn updates_follow_the_versions_rules() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let mut body = link_v2("V2-1");
    body["whitelisted_payment_method"] = json!(["ALFAMART", "QRIS"]);
    body["max_usage"] = json!(3);
    let made = client.post(V2, body).await.ok();
    // Alfamart comes back in its vendor's spelling.
    assert_eq!(
        made["whitelisted_payment_method"],
        json!(["RETAIL_ALFAMART_LINKQU", "QRIS"])
    );
    let path = format!("/api/v2.0/payment-link/update/{}", made["id"]);
    let changed = client
        .call("PUT", &path, json!({"max_usage": 2}))
        .await
        .ok();
    assert_eq!(
        changed["whitelisted_payment_method"],
        made["whitelisted_payment_method"]
    );
    for all in [json!(null), json!([])] {
        client
            .call(
                "PUT",
                &path,
                json!({"whitelisted_payment_method": ["QRIS"]}),
            )
            .await
            .ok();
        let body = json!({"whitelisted_payment_method": all});
        let changed = client.call("PUT", &path, body).await.ok();
        assert_eq!(
            changed["whitelisted_payment_method"]
                .as_array()
                .unwrap()
                .len(),
            20
        );
    }
    sandbox.pay_payment_link("V2-1", Payer::default()).unwrap();
    sandbox.pay_payment_link("V2-1", Payer::default()).unwrap();
    let low = client.call("PUT", &path, json!({"max_usage": 1})).await;
    assert!(low.body["error"]["errors"]["max_usage"][0].is_string());
    client
        .call("PUT", &path, json!({"max_usage": 0}))
        .await
        .ok();
    assert_eq!(
        client
            .call("PUT", &path, json!({"status": "gone"}))
            .await
            .status,
        422
    );
    assert_eq!(
        client
            .call("PUT", "/api/v2.0/payment-link/update/9", json!({}))
            .await
            .status,
        404
    );

    let v1 = format!("{LINKS}/{}", made["id"]);
    let missing = client.call("PUT", &v1, json!({"max_usage": 2})).await;
    assert_eq!(
        missing.body["error"]["errors"]["status"],
        json!(["Status is required"])
    );
    let ignored = json!({"status": "closed", "title": "New", "max_usage": 9});
    let changed = client.call("PUT", &v1, ignored).await.ok();
    assert_eq!(
        (
            changed["status"].clone(),
            changed["title"].clone(),
            changed["max_usage"].clone()
        ),
        (json!("closed"), json!("V2-1"), json!(0))
    );
    assert_eq!(
        client.call("DELETE", &v1, json!({})).await.status,
        403,
        "it was paid"
    );
}

#[tokio::test]
async fn methods_are_listed_where_an_account_would_stand() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let data = client
        .get("/api/v1.0/payment-link-manage/payment-methods")
        .await
        .ok();
    assert_eq!(data["payment_methods"].as_array().unwrap().len(), 20);
    assert_eq!(data["available_codes"][0], "NICEPAY_CARD");
    assert_eq!(data["payment_methods"][0]["group"], "card");
}

#[tokio::test]
async fn attempts_are_listed_filtered_and_settled() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let list = "/api/v1.0/payment-link-histories/{account}";
    client.post(LINKS, link("INV-1")).await.ok();
    let open = sandbox
        .open_payment_link("INV-1", Payer::with("VA_BRI"))
        .unwrap();
    let paid = sandbox
        .pay_payment_link("INV-1", Payer::with("QRIS"))
        .unwrap();
    let rows = client.get(list).await.ok();
    assert_eq!(
        (rows[0]["id"].clone(), rows[1]["id"].clone()),
        (json!(paid.history_id), json!(open.history_id))
    );
    assert_eq!(
        (rows[0]["status"].clone(), rows[1]["status"].clone()),
        (json!("paid"), json!("pending"))
    );
    assert_eq!(
        (rows[0]["amount"].clone(), rows[0]["has_settle"].clone()),
        (json!("90000.00"), json!(false))
    );
    assert_eq!(rows[0]["payment_link_reff_no"], "INV-1");
    let show = client
        .get(&format!("{list}/{}", paid.history_id))
        .await
        .ok();
    assert_eq!(show, rows[0]);
    sandbox.advance(Duration::from_secs(3600)).await;

    let count = |query: &str| {
        let path = format!("{list}?{query}");
        let client = &client;
        async move { client.get(&path).await.ok().as_array().unwrap().len() }
    };
    assert_eq!(count("status=paid").await, 1);
    assert_eq!(count("has_settle=true").await, 1);
    assert_eq!(count("has_settle=false").await, 1);
    assert_eq!(count("payment_method_name=va").await, 1);
    assert_eq!(count("amount_min=90000&amount_max=90000.00").await, 2);
    assert_eq!(count("amount_min=90001").await, 0);
    assert_eq!(count("created_at_to=2020-01-01T00:00:00%2B07:00").await, 0);
    assert_eq!(
        count("payment_date_from=2020-01-01T00:00:00%2B07:00").await,
        1
    );
    assert_eq!(count(&format!("reff_no={}", &paid.reff_no[..11])).await, 2);
    assert_eq!(count(&format!("reff_no={}", paid.reff_no)).await, 1);
    assert_eq!(
        count("reff_no=INV-1").await,
        0,
        "the link's reference finds nothing"
    );
    assert_eq!(count("per_page=1").await, 1);
    let ascending = client.get(&format!("{list}?sort_order=asc")).await.ok();
    assert_eq!(ascending[0]["id"], open.history_id);

    let account = &client.account;
    let missing = client.get(&format!("{list}/1")).await;
    assert_eq!(missing.status, 404);
    assert_eq!(
        missing.body["error"]["message"],
        format!("No result for account_id: {account} with history_id: 1")
    );
}

#[tokio::test]
async fn unpaid_attempts_are_swept_in_one_batch() {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::TransactionExpiration, receiver.url("/sweep"))
        .start()
        .await
        .unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    let mut many = link("INV-1");
    many["max_usage"] = json!(100);
    client.post(LINKS, many).await.ok();
    for _ in 0..12 {
        sandbox
            .open_payment_link("INV-1", Payer::with("QRIS"))
            .unwrap();
    }
    let paid = sandbox
        .pay_payment_link("INV-1", Payer::with("QRIS"))
        .unwrap();
    sandbox.advance(Duration::from_secs(24 * 3600 + 59)).await;
    assert!(receiver.arrivals().is_empty());
    sandbox.advance(Duration::from_secs(1)).await;
    let arrivals = receiver.arrivals();
    assert_eq!(arrivals.len(), 1);
    assert!(arrivals[0].is_signed_by(sandbox.credentials()));
    let event = arrivals[0].json();
    assert_eq!(event["event"], "transaction-expiration");
    let rows = event["data"]["payment_link_histories"].as_array().unwrap();
    assert_eq!(rows.len(), 12);
    assert!(rows.iter().all(|row| row["reff_no"] != paid.reff_no));
    assert_eq!(event["data"]["summary"]["payment_link_histories"], 12);
    sandbox.advance(Duration::from_secs(24 * 3600)).await;
    assert_eq!(receiver.arrivals().len(), 1, "nothing is swept twice");
}
