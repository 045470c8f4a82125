//! Payments that customers make from a wallet.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Client, ewallets::*};
use serde_json::{Value, json};
use singapay_sandbox::{
    CredentialSeed, CustomerError, Fault, FaultAction, FaultPoint, PaymentOutcome, Sandbox,
};

#[tokio::test]
async fn a_checkout_is_opened_paid_and_settled() {
    let (sandbox, client, receiver) = start().await;
    let body = json!({
        "amount": 100_000, "ewallet_vendor": "EWALLET_DANA", "customer_name": "Rina Wijaya",
        "customer_email": "rina@example.com", "customer_phone": "081200000001",
        "merchant_redirect_url": "https://merchant.example.com/payment/return",
        "merchant_reff_no": "INV-2026-001", "expired_at": "2099-04-02T23:59:59+07:00",
    });
    let open = client.post(CHECKOUT, body).await.ok();
    assert_eq!(show(&client, &open).await, open);
    assert_eq!(inquire(&client, &open).await, open);
    let page = format!("{}/ewallet/{}", client.base, reff_no(&open));
    let now = open["created_at"].clone();
    assert_eq!(
        open,
        json!({
            "id": 2001, "account_id": 1, "reff_no": open["reff_no"],
            "merchant_reff_no": "INV-2026-001", "status": "open", "status_computed": "open",
            "is_expired": false, "ewallet_vendor": "EWALLET_DANA", "amount": 100_000,
            "total_amount": 100_000, "merchant_fee": 1_500, "net_amount": 98_500,
            "checkout_url": page, "checkout_url_app": null,
            "vendor_reference_no": open["vendor_reference_no"],
            "merchant_redirect_url": "https://merchant.example.com/payment/return",
            "additional_info": null, "customer_name": "Rina Wijaya",
            "customer_email": "rina@example.com", "customer_phone": "081200000001",
            "has_recon": false, "recon_at": null, "has_settle": false, "settle_at": null,
            "has_settle_request": false, "settle_request_at": null, "payment_channel": null,
            "payment_vendor_code": null, "settlement_method": null, "processed_timestamp": null,
            "expired_at": "2099-04-02T23:59:59+07:00", "created_at": now, "updated_at": now,
            "deleted_at": null, "events_count": 0,
        })
    );
    assert_eq!(sandbox.balance_of(&client.account).unwrap().pending, 0);

    let before = client.available().await;
    sandbox.pay_ewallet("2001", PaymentOutcome::Paid).unwrap();
    let paid = show(&client, &open).await;
    for (member, value) in [
        ("status", json!("success")),
        ("status_computed", json!("success")),
        ("payment_channel", json!("BALANCE_")),
        ("events_count", json!(1)),
        ("processed_timestamp", now),
    ] {
        assert_eq!(paid[member], value, "{member}");
    }
    let again = sandbox.pay_ewallet("2001", PaymentOutcome::Paid);
    assert_eq!(
        again,
        Err(CustomerError::CannotBePaid("success".to_owned()))
    );
    assert_eq!(sandbox.balance_of(&client.account).unwrap().pending, 98_500);

    sandbox.webhooks_sent().await;
    let arrival = receiver.arrivals().remove(0);
    assert!(arrival.is_signed_by(sandbox.credentials()));
    let event = arrival.json();
    let time = event["timestamp"].clone();
    assert_eq!(
        event,
        json!({
            "status": 200, "success": true, "event": "ewallet-native-transaction",
            "timestamp": time,
            "data": {
                "transaction": {
                    "id": 2001, "reff_no": open["reff_no"], "merchant_reff_no": "INV-2026-001",
                    "type": "ewallet", "ewallet_vendor": "DANA", "status": "paid",
                    "amount": {"value": 98_500, "currency": "IDR"},
                    "total_amount": {"value": 100_000, "currency": "IDR"},
                    "post_timestamp": time, "processed_timestamp": time,
                },
                "customer": {
                    "name": "Rina Wijaya", "email": "rina@example.com", "phone": "081200000001",
                },
                "payment": {"method": "ewallet", "vendor": "DANA", "additional_info": {
                    "payment_event_id": 200_101,
                    "vendor_reference_no": open["vendor_reference_no"],
                }},
            },
        })
    );
    // Asking again runs the payment no second time.
    inquire(&client, &open).await;
    sandbox.advance(Duration::from_secs(3600)).await;
    assert_eq!(client.available().await, before + 98_500);
    let settled = show(&client, &open).await;
    assert_eq!(settled["has_settle"], true);
    let events: Vec<_> = receiver
        .arrivals()
        .iter()
        .map(|a| a.json()["event"].clone())
        .collect();
    assert_eq!(
        events,
        ["ewallet-native-transaction", "settlement.completed"]
    );
    let statements = client.get("/api/v1.0/statements/{account}").await.ok();
    for (row, side, value) in [(0, "debit", 1_500), (1, "credit", 100_000)] {
        assert_eq!(statements[row]["transaction_id"], open["reff_no"]);
        assert_eq!(statements[row][side]["value"], value);
    }
    assert!(sandbox.audit().violations.is_empty());
}

#[tokio::test]
async fn every_wallet_has_its_way() {
    let (_sandbox, client, _receiver) = start().await;
    let mut members = Vec::new();
    for (vendor, page, app) in [
        ("EWALLET_DANA", true, None),
        ("EWALLET_OVO", false, None),
        ("EWALLET_GOPAY", true, Some("gojek://")),
        ("EWALLET_SHOPEEPAY", true, Some("shopeepayid://")),
    ] {
        let answer = client.post(ORDER, order(&client, vendor)).await;
        assert_eq!((answer.status, answer.code()), (200, "SP000"));
        assert_eq!(answer.body["response_message"], "Successfully");
        let open = answer.ok();
        assert_eq!(open["checkout_url"].is_string(), page, "{vendor}");
        let link = open["checkout_url_app"].as_str();
        assert_eq!(link.is_some(), app.is_some(), "{vendor}");
        assert!(app.is_none_or(|app| link.unwrap().starts_with(app)));
        members.push(
            open.as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect::<Vec<_>>(),
        );
        let path = format!("{}/ewallet/{}", client.base, reff_no(&open));
        let status = common::send(client.http.get(path)).await.status;
        assert_eq!(status, if page { 200 } else { 404 });
    }
    assert!(members.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn a_push_needs_a_phone_that_has_the_wallet() {
    let (_sandbox, client, _receiver) = start().await;
    let message = "The customer phone field is required when ewallet vendor is EWALLET_OVO.";
    let mut body = order(&client, "EWALLET_OVO");
    body["customer_phone"] = Value::Null;
    let refused = client.post(CHECKOUT, body.clone()).await;
    assert_eq!(common::errors(&refused)["customer_phone"][0], message);
    let refused = client.post(ORDER, body.clone()).await;
    assert_eq!((refused.status, refused.code()), (422, "SP018"));
    assert_eq!(refused.data()["errors"]["customer_phone"][0], message);
    body["customer_phone"] = json!("089900000001");
    for path in [CHECKOUT, ORDER] {
        let refused = client.post(path, body.clone()).await;
        assert_eq!((refused.status, refused.code()), (400, ""), "no code");
        assert_eq!(refused.body["success"], false);
        let message = refused.body["error"]["message"].as_str().unwrap();
        assert_eq!(
            message,
            "Nomor HP tidak terdaftar di aplikasi OVO. Pastikan nomor HP yang dimasukkan sudah terdaftar."
        );
    }
    assert_eq!(client.get(LIST).await.ok(), json!([]));
}

#[tokio::test]
async fn fields_are_checked_in_both_shapes() {
    let (_sandbox, client, _receiver) = start().await;
    let with = |field: &str, value: Value| {
        let mut body = order(&client, "EWALLET_DANA");
        body[field] = value;
        (body, field.to_owned())
    };
    for ((body, field), message) in [
        (
            with("amount", json!(999)),
            "The amount field must be at least 1000.",
        ),
        (
            with("amount", json!(20_000_001)),
            "The amount field must not be greater than 20000000.",
        ),
        (with("amount", Value::Null), "The amount field is required."),
        (
            with("ewallet_vendor", json!("DANA")),
            "The selected ewallet vendor is invalid.",
        ),
        (
            with("expired_at", json!("2020-01-01T00:00:00+07:00")),
            "The expired at field must be a date after now.",
        ),
        (
            with("customer_email", json!("nobody")),
            "The customer email field must be a valid email address.",
        ),
        (
            with("customer_phone", json!("0".repeat(21))),
            "The customer phone field must not be greater than 20 characters.",
        ),
        (
            with("merchant_redirect_url", json!("merchant.example.com")),
            "The merchant redirect url field must be a valid URL.",
        ),
    ] {
        let refused = client.post(CHECKOUT, body.clone()).await;
        assert_eq!(common::errors(&refused)[&field][0], message);
        let refused = client.post(ORDER, body).await;
        assert_eq!(refused.code(), "SP018");
        assert_eq!(refused.data()["errors"][&field][0], message);
    }
    let mut body = order(&client, "EWALLET_DANA");
    body["account_id"] = json!("01K946KF851RK7FX075GJHBVKF");
    let refused = client.post(ORDER, body).await;
    assert_eq!((refused.status, refused.code()), (404, "SP020"));
    for path in [format!("{LIST}/2001"), format!("{LIST}/EWT1")] {
        assert_eq!(client.get(&path).await.status, 404);
    }
    let update = json!({"status": "inactive"});
    let path = "/api/v1.0/accounts/update/{account}";
    client.call("PATCH", path, update).await.ok();
    let body = order(&client, "EWALLET_DANA");
    assert_eq!(client.post(CHECKOUT, body.clone()).await.status, 403);
    let refused = client.post(ORDER, body).await;
    assert_eq!((refused.status, refused.code()), (403, "SP015"));
}

#[tokio::test]
async fn faults_before_and_after_the_commit() {
    let (sandbox, client, _receiver) = start().await;
    for (operation, path) in [
        ("create_ewallet_checkout", CHECKOUT),
        ("create_ewallet_order", ORDER),
    ] {
        let before = client.get(LIST).await.ok().as_array().unwrap().len();
        for (point, made) in [(FaultPoint::BeforeCommit, 0), (FaultPoint::AfterCommit, 1)] {
            sandbox
                .add_fault(Fault::new(point, FaultAction::Status(500)).on(operation))
                .unwrap();
            let body = order(&client, "EWALLET_DANA");
            assert_eq!(client.post(path, body).await.status, 500);
            let listed = client.get(LIST).await.ok();
            assert_eq!(listed.as_array().unwrap().len(), before + made);
        }
    }
}

#[tokio::test]
async fn lists_are_filtered_and_sorted() {
    let (sandbox, client, _receiver) = start().await;
    let first = client
        .post(ORDER, order(&client, "EWALLET_DANA"))
        .await
        .ok();
    sandbox.pay_ewallet("2001", PaymentOutcome::Paid).unwrap();
    sandbox.advance(Duration::from_secs(3600)).await;
    let mut body = order(&client, "EWALLET_OVO");
    body["amount"] = json!(50_000);
    client.post(ORDER, body).await.ok();
    let now = first["created_at"].as_str().unwrap()[..19].to_owned();
    for (query, expected) in [
        (String::new(), 2),
        (format!("reff_no={}", &reff_no(&first)[3..]), 1),
        ("status=success".to_owned(), 1),
        ("ewallet_vendor=EWALLET_OVO".to_owned(), 1),
        ("amount=50000.00".to_owned(), 1),
        ("amount_min=50001".to_owned(), 1),
        ("has_settle=true".to_owned(), 1),
        ("has_recon=true".to_owned(), 0),
        (format!("settle_at_from={}", &now[..10]), 1),
        (format!("created_at_to={now}"), 1),
        (format!("expired_at_from={now}"), 2),
        ("per_page=1".to_owned(), 1),
    ] {
        let listed = client.get(&format!("{LIST}?{query}")).await.ok();
        assert_eq!(listed.as_array().unwrap().len(), expected, "{query}");
    }
    for (query, id) in [
        ("", 2002),
        ("?sort_order=asc", 2001),
        ("?sort_by=amount", 2001),
        ("?sort_by=expired_at", 2002),
    ] {
        let listed = client.get(&format!("{LIST}{query}")).await.ok();
        assert_eq!(listed[0]["id"], id, "{query}");
    }
}

#[tokio::test]
async fn another_credentials_account_is_closed() {
    for without_code in [false, true] {
        let sandbox = Sandbox::builder()
            .account("Assigned", 1_000_000)
            .credential(CredentialSeed::new("Cabang", "Assigned"))
            .quirks(|q| q.access_denied_without_code = without_code)
            .start()
            .await
            .unwrap();
        let mut client = Client::of(&sandbox).await;
        let open = client
            .post(ORDER, order(&client, "EWALLET_DANA"))
            .await
            .ok();
        client.account.clone_from(&sandbox.accounts()[1].id);
        let body = order(&client, "EWALLET_DANA");
        let status = "/api/v1.0/ewallet-native/{account}/inquiry-status/2001";
        for refused in [
            client.post(CHECKOUT, body.clone()).await,
            client.post(ORDER, body).await,
            client.get(LIST).await,
            client.get(status).await,
        ] {
            assert_eq!(refused.status, 403, "{}", refused.body);
            assert_eq!(refused.code() == "SP403", !without_code);
        }
        client.credentials = sandbox.credentials_named("Cabang").unwrap();
        client.login().await;
        let path = format!("{LIST}/{}", open["id"]);
        assert_eq!(client.get(&path).await.status, 404, "of another account");
    }
}
