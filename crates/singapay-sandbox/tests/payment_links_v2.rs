//! Payment links of version 2, updates of both versions, attempts and the sweep.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Client, Receiver};
use serde_json::{Value, json};
use singapay_sandbox::{Payer, Sandbox, WebhookKind};

const LINKS: &str = "/api/v1.0/payment-link-manage/{account}";
const V2: &str = "/api/v2.0/payment-link/{account}";

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

#[tokio::test]
async fn a_customer_pays_by_the_method_code_that_the_link_tells() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    for (reff_no, code) in [("V2-A", "ALFAMART"), ("V2-B", "INDOMARET")] {
        let mut body = link_v2(reff_no);
        body["whitelisted_payment_method"] = json!([code]);
        let made = client.post(V2, body).await.ok();
        let told = made["whitelisted_payment_method"][0].as_str().unwrap();
        sandbox
            .pay_payment_link(reff_no, Payer::with(told))
            .unwrap();
    }
}
