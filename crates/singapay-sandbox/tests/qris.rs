//! QR codes that customers scan.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Client, Receiver, errors};
use serde_json::{Value, json};
use singapay_sandbox::{
    CredentialSeed, CustomerError, Fault, FaultAction, FaultPoint, PaymentOutcome, Sandbox,
    WebhookKind,
};

const CODES: &str = "/api/v1.0/qris-dynamic/{account}";
const GENERATE: &str = "/api/v1.0/qris-dynamic/{account}/generate-qr";
const HOUR: Duration = Duration::from_secs(3600);

async fn start() -> (Sandbox, Client, Receiver) {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::Transaction, receiver.url("/hook"))
        .webhook_url(WebhookKind::TransactionExpiration, receiver.url("/sweep"))
        .start()
        .await
        .unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    (sandbox, client, receiver)
}

async fn generate(client: &Client, rupiah: i64) -> Value {
    client.post(GENERATE, json!({"amount": rupiah})).await.ok()
}

async fn show(client: &Client, code: &Value) -> Value {
    client
        .get(&format!("{CODES}/show/{}", code["id"]))
        .await
        .ok()
}

fn reff_no(code: &Value) -> &str {
    code["reff_no"].as_str().unwrap()
}

#[tokio::test]
async fn a_code_is_made_scanned_and_settled() {
    let (sandbox, client, receiver) = start().await;
    let body = json!({
        "amount": 10_000, "merchant_reff_no": "INV20260513001", "expired_at": "2099-01-01T00:00:00Z",
        "tip_indicator": "percentage", "tip_value": 10,
    });
    let code = client.post(GENERATE, body).await.ok();
    assert_eq!(show(&client, &code).await, code);
    let qr = code["qr_data"].as_str().unwrap();
    assert!(qr.starts_with("000201010212"), "{qr}");
    let now = code["created_at"].clone();
    assert_eq!(
        code,
        json!({
            "id": 101, "reff_no": code["reff_no"], "merchant_reff_no": "INV20260513001",
            "status": "open", "status_computed": "open", "is_expired": false, "qr_data": qr,
            "kind": "on-us", "type": "mpm-dynamic", "amount": 10_000, "total_amount": 10_000,
            "mdr_percentage": 1.5, "mdr_cost": 150, "our_margin": 60, "vendor_fee": 90,
            "settled_to_merchant_amount": 9_850, "acquirer_name": "SingaPay",
            "acquirer_nns": "93600999", "issuer_name": null, "issuer_nns": null,
            "customer_pan": null, "customer_name": null, "customer_account_type": null,
            "customer_data": null, "has_reconcile": false, "reconcile_at": null,
            "reconcile_by": null, "had_settled_to_merchant": false,
            "settled_to_merchant_at": null, "has_settle": false, "settle_at": null,
            "created_at": now, "updated_at": now, "expired_at": "2099-01-01T07:00:00+07:00",
            "deleted_at": null, "events_count": 0,
        })
    );
    // The code is one that the gateway itself can read.
    let path = "/api/v2.0/qris/issuer/mpm/inquiry-merchant";
    let read = client.post(path, json!({"qr_data": qr})).await.ok();
    assert_eq!(read["merchant_name"], "Main Account");
    assert_eq!(read["transaction_amount"], "10000.00");

    let before = client.available().await;
    sandbox.pay_qris(qr, PaymentOutcome::Paid).unwrap();
    let paid = show(&client, &code).await;
    assert_eq!(
        (&paid["status"], &paid["status_computed"]),
        (&json!("paid"), &json!("paid"))
    );
    assert_eq!(
        (&paid["issuer_name"], &paid["events_count"]),
        (&json!("SingaPay"), &json!(1))
    );
    assert_eq!(paid["customer_data"]["pan"], paid["customer_pan"]);
    let again = sandbox.pay_qris("101", PaymentOutcome::Paid);
    assert_eq!(again, Err(CustomerError::CannotBePaid("paid".to_owned())));
    assert_eq!(sandbox.balance_of(&client.account).unwrap().pending, 9_850);

    sandbox.webhooks_sent().await;
    let arrival = receiver.arrivals().remove(0);
    assert!(arrival.is_signed_by(sandbox.credentials()));
    let event = arrival.json();
    let (time, customer) = (
        event["timestamp"].clone(),
        event["data"]["customer"].clone(),
    );
    let ten = json!({"value": 10_000, "currency": "IDR"});
    assert_eq!(
        event,
        json!({
            "status": 200, "success": true, "event": "qris-acquirer-transaction",
            "timestamp": time,
            "data": {
                "transaction": {
                    "id": 101, "reff_no": code["reff_no"], "merchant_reff_no": "INV20260513001",
                    "type": "qris", "status": "paid", "amount": ten,
                    "tip": {"value": 0, "currency": "IDR"}, "total_amount": ten,
                    "post_timestamp": time, "processed_timestamp": time,
                },
                "customer": customer,
                "payment": {"method": "qris", "additional_info": {
                    "qr_string": qr, "payment_event_id": 10_101,
                }},
            },
        })
    );
    assert_eq!(customer["name"], paid["customer_name"]);
    assert_eq!(customer["id"].as_str().unwrap().len(), 26);

    sandbox.advance(HOUR).await;
    assert_eq!(client.available().await, before + 9_850);
    let settled = show(&client, &code).await;
    assert_eq!(settled["status"], "paid");
    for flag in ["has_settle", "had_settled_to_merchant"] {
        assert_eq!(settled[flag], true);
    }
    assert_eq!(settled["settle_at"], settled["settled_to_merchant_at"]);
    let statements = client.get("/api/v1.0/statements/{account}").await.ok();
    for (row, side, value) in [(0, "debit", 150), (1, "credit", 10_000)] {
        assert_eq!(statements[row]["transaction_id"], code["reff_no"]);
        assert_eq!(statements[row][side]["value"], value);
    }
    assert!(sandbox.audit().violations.is_empty());
}

#[tokio::test]
async fn fields_are_checked() {
    let (_sandbox, client, _receiver) = start().await;
    for (body, field, message) in [
        (json!({}), "amount", "The amount field is required."),
        (
            json!({"amount": 999}),
            "amount",
            "The amount field must be at least 1000.",
        ),
        (
            json!({"amount": 10_000_001}),
            "amount",
            "The amount field must not be greater than 10000000.",
        ),
        (
            json!({"amount": 1_000, "expired_at": "2020-01-01 00:00:00"}),
            "expired_at",
            "The expired at field must be a date after now.",
        ),
        (
            json!({"amount": 1_000, "expired_at": "1774000000000"}),
            "expired_at",
            "The expired at field must be a valid date.",
        ),
        (
            json!({"amount": 1_000, "merchant_reff_no": "x".repeat(256)}),
            "merchant_reff_no",
            "The merchant reff no field must not be greater than 255 characters.",
        ),
    ] {
        let refused = client.post(GENERATE, body).await;
        assert_eq!(errors(&refused)[field][0], message);
    }
    assert_eq!(client.get(CODES).await.ok(), json!([]));
    for missing in ["show/101", "show/x"] {
        let answer = client.get(&format!("{CODES}/{missing}")).await;
        assert_eq!(
            (answer.status, &answer.body["error"]["message"]),
            (404, &json!("QRIS not found"))
        );
    }
}

#[tokio::test]
async fn a_refused_scan_leaves_it_open_and_time_ends_it() {
    let (sandbox, client, receiver) = start().await;
    let at = singapay_core::Clock::now(&client.clock).unix_seconds() + 3600 + 7 * 3600;
    let wib = chrono::DateTime::from_timestamp(at, 0).unwrap();
    let body = json!({"amount": 5_000, "expired_at": wib.format("%Y-%m-%d %H:%M:%S").to_string()});
    let code = client.post(GENERATE, body).await.ok();
    sandbox
        .pay_qris(reff_no(&code), PaymentOutcome::Failed)
        .unwrap();
    sandbox
        .pay_qris(reff_no(&code), PaymentOutcome::Expired)
        .unwrap();
    let shown = show(&client, &code).await;
    assert_eq!(
        (&shown["status"], &shown["events_count"]),
        (&json!("open"), &json!(1))
    );
    assert_eq!(shown["customer_name"], Value::Null);

    sandbox.advance(HOUR).await;
    let past = show(&client, &code).await;
    assert_eq!(
        (&past["status"], &past["status_computed"]),
        (&json!("open"), &json!("expired"))
    );
    assert_eq!(past["is_expired"], true);
    let refused = sandbox.pay_qris(reff_no(&code), PaymentOutcome::Paid);
    assert_eq!(
        refused,
        Err(CustomerError::CannotBePaid("expired".to_owned()))
    );
    assert!(receiver.arrivals().is_empty());

    sandbox.advance(Duration::from_secs(60)).await;
    assert_eq!(show(&client, &code).await["status"], "expired");
    let arrivals = receiver.arrivals();
    assert_eq!(arrivals.len(), 1);
    let data = arrivals[0].json()["data"].clone();
    assert_eq!(data["summary"]["qris_histories"], 1);
    assert_eq!(data["qris_histories"][0]["reff_no"], code["reff_no"]);
    assert_eq!(data["qris_histories"][0]["status"], "expired");
    assert_eq!(sandbox.balance_of(&client.account).unwrap().pending, 0);
    // Without an end a code waits.
    let patient = generate(&client, 5_000).await;
    sandbox.advance(Duration::from_secs(30 * 24 * 3600)).await;
    sandbox
        .pay_qris(reff_no(&patient), PaymentOutcome::Paid)
        .unwrap();
}

#[tokio::test]
async fn lists_are_filtered_sorted_and_paged() {
    let (sandbox, client, _receiver) = start().await;
    let first = generate(&client, 30_000).await;
    sandbox.advance(Duration::from_secs(60)).await;
    generate(&client, 50_000).await;
    let body = json!({"amount": 20_000, "expired_at": "2099-01-01"});
    client.post(GENERATE, body).await.ok();
    sandbox
        .pay_qris(reff_no(&first), PaymentOutcome::Paid)
        .unwrap();
    let now = first["created_at"].as_str().unwrap()[..19].to_owned();
    for (query, expected) in [
        (String::new(), 3),
        (format!("reff_no={}", &reff_no(&first)[5..]), 1),
        ("status=open".to_owned(), 2),
        ("status=paid".to_owned(), 1),
        ("type=mpm-dynamic".to_owned(), 3),
        ("type=mpm-static".to_owned(), 0),
        ("amount=50000".to_owned(), 1),
        ("amount_min=30000".to_owned(), 2),
        ("total_amount_max=30000".to_owned(), 2),
        ("has_settle=true".to_owned(), 0),
        (format!("created_at_to={}", now.replace('T', "%20")), 1),
        (format!("created_at_from={}", &now[..10]), 3),
        ("expired_at_from=2098-01-01%2000:00:00".to_owned(), 1),
        ("per_page=2&page=2".to_owned(), 1),
    ] {
        let listed = client.get(&format!("{CODES}?{query}")).await.ok();
        assert_eq!(listed.as_array().unwrap().len(), expected, "{query}");
    }
    for (query, amount) in [
        ("", 20_000),
        ("?sort_order=asc", 30_000),
        ("?sort_by=amount", 50_000),
    ] {
        let listed = client.get(&format!("{CODES}{query}")).await.ok();
        assert_eq!(listed[0]["amount"], amount, "{query}");
    }
}

#[tokio::test]
async fn only_an_open_one_can_be_deleted() {
    let (sandbox, client, receiver) = start().await;
    let path = |code: &Value| format!("/api/v1.0/qris-dynamic/{}/delete", code["id"]);
    let code = generate(&client, 5_000).await;
    let gone = client.call("DELETE", &path(&code), json!({})).await.ok();
    assert_eq!(gone["message"], "QRIS deleted successfully");
    let again = client.call("DELETE", &path(&code), json!({})).await;
    assert_eq!(again.status, 404);
    assert_eq!(client.get(CODES).await.ok(), json!([]));
    let scanned = sandbox.pay_qris(code["qr_data"].as_str().unwrap(), PaymentOutcome::Paid);
    assert!(matches!(scanned, Err(CustomerError::Unknown(_))));
    let paid = generate(&client, 5_000).await;
    assert_ne!(paid["id"], code["id"]);
    sandbox
        .pay_qris(reff_no(&paid), PaymentOutcome::Paid)
        .unwrap();
    let refused = client.call("DELETE", &path(&paid), json!({})).await;
    assert_eq!(
        (refused.status, &refused.body["error"]["message"]),
        (403, &json!("Only open QRIS can be deleted"))
    );
    drop(receiver);
}

#[tokio::test]
async fn another_credentials_codes_are_closed() {
    for without_code in [false, true] {
        let sandbox = Sandbox::builder()
            .account("Assigned", 1_000_000)
            .credential(CredentialSeed::new("Cabang", "Assigned"))
            .quirks(|q| q.access_denied_without_code = without_code)
            .start()
            .await
            .unwrap();
        let mut client = Client::of(&sandbox).await;
        let main = client.account.clone();
        let own = generate(&client, 5_000).await;
        client.account.clone_from(&sandbox.accounts()[1].id);
        client.credentials = sandbox.credentials_named("Cabang").unwrap();
        client.login().await;
        let show = format!("{CODES}/show/{}", own["id"]);
        assert_eq!(client.get(&show).await.status, 404, "of another account");
        client.account = main;
        let delete = format!("/api/v1.0/qris-dynamic/{}/delete", own["id"]);
        for refused in [
            client.post(GENERATE, json!({"amount": 5_000})).await,
            client.get(CODES).await,
            client.get(&show).await,
            client.call("DELETE", &delete, json!({})).await,
        ] {
            assert_eq!(refused.status, 403, "{}", refused.body);
            assert_eq!(refused.code() == "SP403", !without_code);
        }
    }
}

#[tokio::test]
async fn faults_before_and_after_the_commit() {
    let (sandbox, client, _receiver) = start().await;
    let body = json!({"amount": 5_000, "merchant_reff_no": "R-1"});
    for (point, made) in [(FaultPoint::BeforeCommit, 0), (FaultPoint::AfterCommit, 1)] {
        sandbox
            .add_fault(Fault::new(point, FaultAction::Html502).on("generate_qris"))
            .unwrap();
        assert_eq!(client.post(GENERATE, body.clone()).await.status, 502);
        let listed = client.get(CODES).await.ok();
        assert_eq!(listed.as_array().unwrap().len(), made);
    }
    client.post(GENERATE, body).await.ok();
    let listed = client.get(CODES).await.ok();
    assert_ne!(
        listed[0]["qr_data"], listed[1]["qr_data"],
        "no reference protects"
    );
}

#[tokio::test]
async fn customers_come_through_the_admin_route_too() {
    let (_sandbox, client, _receiver) = start().await;
    let code = generate(&client, 5_000).await;
    let pay = |code: String, order: Value| {
        let url = format!("{}/_sandbox/qris/{code}/pay", client.base);
        let request = client
            .http
            .post(url)
            .header("Content-Type", "application/json");
        common::send(request.body(order.to_string()))
    };
    let id = code["id"].to_string();
    assert_eq!(
        pay(id.clone(), json!({"outcome": "failed"})).await.status,
        200
    );
    assert_eq!(show(&client, &code).await["status"], "open");
    assert_eq!(pay(id.clone(), json!({})).await.status, 200);
    assert_eq!(show(&client, &code).await["status"], "paid");
    assert_eq!(pay(id, json!({})).await.status, 409);
    assert_eq!(pay("77".to_owned(), json!({})).await.status, 404);
}
