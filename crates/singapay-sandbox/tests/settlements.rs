//! Events when collected money becomes available, and when it is taken back.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Client, Receiver};
use serde_json::{Value, json};
use singapay_sandbox::{
    CredentialSeed, CustomerError, Payer, PaymentOutcome, Sandbox, WebhookKind,
};

const HOUR: Duration = Duration::from_secs(3600);

async fn start() -> (Sandbox, Client, Receiver) {
    let receiver = Receiver::start().await;
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::Settlement, receiver.url("/settled"))
        .start()
        .await
        .unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    (sandbox, client, receiver)
}

async fn paid_code(sandbox: &Sandbox, client: &Client, rupiah: i64) -> String {
    let path = "/api/v1.0/qris-dynamic/{account}/generate-qr";
    let code = client.post(path, json!({"amount": rupiah})).await.ok();
    let reff_no = code["reff_no"].as_str().unwrap().to_owned();
    sandbox.pay_qris(&reff_no, PaymentOutcome::Paid).unwrap();
    reff_no
}

async fn paid_link(sandbox: &Sandbox, client: &Client) -> String {
    let body = json!({"reff_no": "L-1", "payment_link_type": "total", "total_amount": 100_000});
    client
        .post("/api/v2.0/payment-link/{account}", body)
        .await
        .ok();
    let paid = sandbox.pay_payment_link("L-1", Payer::default()).unwrap();
    paid.reff_no
}

fn events(receiver: &Receiver) -> Vec<Value> {
    receiver.arrivals().iter().map(|a| a.json()).collect()
}

#[tokio::test]
async fn a_batch_is_told_in_the_documented_shape() {
    let (sandbox, client, receiver) = start().await;
    paid_code(&sandbox, &client, 1_000_000).await;
    sandbox.advance(HOUR / 2).await;
    assert!(events(&receiver).is_empty());
    sandbox.advance(HOUR / 2).await;
    assert!(receiver.arrivals()[0].is_signed_by(sandbox.credentials()));
    let event = events(&receiver).pop().unwrap();
    let settlement = &event["data"]["settlement"];
    let reference = settlement["reference_no"].as_str().unwrap();
    assert!(reference.starts_with("SETTLEMENT-1001-"), "{reference}");
    let (from, to) = (&settlement["start_date"], &event["timestamp"]);
    let day = from.as_str().unwrap().get(..11).unwrap();
    assert_eq!(
        event,
        json!({
            "status": 200, "success": true, "event": "settlement.completed", "timestamp": to,
            "data": {
                "settlement": {
                    "id": 1001, "reference_no": reference,
                    "title": format!("Settlement Main Account ({day} - {day})"),
                    "status": "completed", "settlement_type": "QRIS",
                    "settlement_method": "auto-balance", "is_auto_created": true,
                    "start_date": from, "end_date": from, "amount": 985_000,
                    "total_admin_fee": 15_000, "total_vendor_fee": 9_000,
                    "total_our_margin": 6_000, "settlement_fee": 0, "total_to_transfer": 985_000,
                    "total_refunded": 0, "currency": "IDR", "transfer_status": null,
                    "approved_by": "SYSTEM", "approved_at": to,
                    "recipient": {"bank_code": null, "account_number": null, "account_name": null},
                },
                "total_transactions": 1,
            },
        })
    );
}

#[tokio::test]
async fn what_was_collected_at_one_time_is_one_batch() {
    let (sandbox, client, receiver) = start().await;
    paid_code(&sandbox, &client, 100_000).await;
    paid_link(&sandbox, &client).await;
    sandbox.advance(Duration::from_secs(1)).await;
    paid_code(&sandbox, &client, 100_000).await;
    sandbox.advance(HOUR).await;
    let told: Vec<_> = events(&receiver)
        .iter()
        .map(|event| &event["data"])
        .map(|data| {
            let settlement = &data["settlement"];
            (
                data["total_transactions"].clone(),
                settlement["settlement_type"].clone(),
                settlement["amount"].clone(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (json!(2), json!("ALL"), json!(98_500 + 97_000)),
            (json!(1), json!("QRIS"), json!(98_500)),
        ]
    );
}

/// Money in of these four kinds alone is covered by the event.
#[tokio::test]
async fn cards_settle_in_silence_and_accounts_for_themselves() {
    let receiver = Receiver::start().await;
    let mut branch = CredentialSeed::default();
    branch.name = "branch".to_owned();
    branch.accounts = vec!["Branch".to_owned()];
    let branch = branch.webhook_url(WebhookKind::Settlement, receiver.url("/branch"));
    let sandbox = Sandbox::builder()
        .account("Branch", 0)
        .credential(branch)
        .webhook_url(WebhookKind::Settlement, receiver.url("/main"))
        .start()
        .await
        .unwrap();
    sandbox.freeze_clock();
    let main = Client::of(&sandbox).await;
    let card = json!({
        "amount": 150_000, "goods_name": "Sepatu", "customer_name": "Sari Dewi",
        "customer_email": "sari@example.com", "customer_phone": "081200000000",
        "customer_address": "Jl. Contoh 1", "customer_city": "Jakarta",
        "customer_state": "DKI Jakarta", "customer_postal_code": "10220", "customer_country": "ID",
        "card_number": "5555555555554444", "card_expiry": "9912", "card_cvv": "123",
        "card_holder_name": "SARI DEWI", "card_holder_email": "sari@example.com",
    });
    main.post("/api/v2.0/card/{account}/payment", card)
        .await
        .ok();
    let mut client = Client::of(&sandbox).await;
    client.account = sandbox.accounts()[1].id.clone();
    client.credentials = sandbox.credentials_named("branch").unwrap();
    client.login().await;
    paid_code(&sandbox, &client, 100_000).await;
    sandbox.advance(HOUR).await;
    assert_eq!(
        sandbox.balance_of(&main.account).unwrap().available,
        1_000_147_000
    );
    let arrivals = receiver.arrivals();
    assert_eq!(arrivals.len(), 1);
    assert_eq!(arrivals[0].path, "/branch");
    assert!(arrivals[0].is_signed_by(&client.credentials));
}

#[tokio::test]
async fn a_settled_payment_is_taken_back_and_that_is_undone() {
    let (sandbox, client, receiver) = start().await;
    let link = paid_link(&sandbox, &client).await;
    let code = paid_code(&sandbox, &client, 100_000).await;
    let too_early = sandbox.refund_settlement(&link);
    assert_eq!(too_early, Err(CustomerError::Unknown(link.clone())));
    sandbox.advance(HOUR).await;
    let before = client.available().await;
    sandbox.refund_settlement(&link).unwrap();
    assert_eq!(client.available().await, before - 97_000);
    let twice = sandbox.refund_settlement(&link);
    assert_eq!(
        twice,
        Err(CustomerError::AlreadyDecided("refunded".to_owned()))
    );
    sandbox.refund_settlement(&code).unwrap();
    sandbox.cancel_settlement_refund(&link).unwrap();
    assert_eq!(client.available().await, before - 98_500);
    assert!(sandbox.cancel_settlement_refund(&link).is_err());
    assert!(sandbox.audit().violations.is_empty());
    sandbox.webhooks_sent().await;
    let events = events(&receiver);
    let told: Vec<_> = events
        .iter()
        .map(|event| {
            let (batch, refund) = (&event["data"]["settlement"], &event["data"]["refund"]);
            (
                event["event"].as_str().unwrap(),
                refund["transaction_reff"].as_str().unwrap_or_default(),
                batch["total_refunded"].as_i64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("settlement.completed", "", 0),
            ("settlement.refunded", link.as_str(), 97_000),
            ("settlement.refunded", code.as_str(), 97_000 + 98_500),
            ("settlement.refund_cancelled", link.as_str(), 98_500),
        ]
    );
    let batches: Vec<_> = events
        .iter()
        .map(|e| &e["data"]["settlement"]["id"])
        .collect();
    assert_eq!(batches, [1001; 4]);
    let (first, second) = (&events[1]["data"]["refund"], &events[2]["data"]["refund"]);
    assert_ne!(
        first["settlement_detail_id"],
        second["settlement_detail_id"]
    );
    let (from, undone) = (&first["refunded_at"], &events[3]["data"]["refund"]);
    assert_eq!(
        *undone,
        json!({
            "settlement_detail_id": first["settlement_detail_id"],
            "transaction_type": "payment_link", "transaction_id": 85, "transaction_reff": link,
            "account_id": client.account, "net_amount": {"value": 97_000, "currency": "IDR"},
            "is_refunded": false, "is_refund_cancelled": true, "refunded_by": "Sandbox Finance",
            "refunded_at": from, "refund_cancelled_by": "Sandbox Finance",
            "refund_cancelled_at": from, "actor": "Sandbox Finance",
        })
    );
}

#[tokio::test]
async fn no_more_is_taken_back_than_is_there() {
    let sandbox = Sandbox::builder().balance(0).start().await.unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    let code = paid_code(&sandbox, &client, 100_000).await;
    sandbox.advance(HOUR).await;
    let topup = client.topup("T", 50_000);
    client
        .signed("/api/v2.0/ewallet/trigger-topup", topup)
        .await
        .ok();
    let refused = sandbox.refund_settlement(&code);
    let wanted = "at most Rp 47500, which is available".to_owned();
    assert_eq!(refused, Err(CustomerError::WrongAmount { wanted }));
    assert!(sandbox.audit().violations.is_empty());
}
