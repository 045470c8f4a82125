//! Products beyond payouts and links, across a restart.

#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used)]

mod common;

use std::{path::Path, time::Duration};

use common::{Client, Receiver};
use serde_json::json;
use singapay_sandbox::{PaymentOutcome, Sandbox, WebhookKind};

async fn start(file: &Path) -> Sandbox {
    Sandbox::builder().state_file(file).start().await.unwrap()
}

/// The same client of the same merchant, at its new address.
async fn again(sandbox: Sandbox, client: &mut Client, file: &Path) -> Sandbox {
    sandbox.stop().await;
    let sandbox = start(file).await;
    client.base = sandbox.base_url().to_owned();
    client.clock = sandbox.clock();
    sandbox
}

#[tokio::test]
async fn direct_debits_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let sandbox = start(&file).await;
    let mut client = Client::of(&sandbox).await;
    let bind = "/api/v2.0/direct-debit/binding";
    let body = json!({"customer_ref": "cust-9001", "phone_no": "081200000001"});
    let bound = client.post(bind, body.clone()).await.ok();
    let bound = bound["binding_id"].as_str().unwrap().to_owned();
    sandbox.answer_binding(&bound, true).unwrap();
    let late = client.post(bind, body).await.ok();
    let charge = json!({
        "account_id": client.account, "binding_id": bound, "merchant_reference": "INV-1",
        "amount": 150_000,
    });
    let path = "/api/v2.0/direct-debit/charge";
    let made = client.signed(path, charge.clone()).await.body["data"].clone();

    let sandbox = again(sandbox, &mut client, &file).await;
    assert_eq!(client.signed(path, charge).await.status, 409);
    let before = sandbox.balance_of(&client.account).unwrap().pending;
    let code = json!({"otp": "123456", "transaction_id": made["transaction_id"]});
    client
        .post("/api/v2.0/direct-debit/verify-otp", code)
        .await
        .ok();

    let sandbox = again(sandbox, &mut client, &file).await;
    sandbox.advance(Duration::from_secs(15 * 60)).await;
    let after = sandbox.balance_of(&client.account).unwrap().pending;
    assert_eq!(after - before, 147_500);
    let late = format!("{bind}/{}", late["binding_id"].as_str().unwrap());
    assert_eq!(client.get(&late).await.ok()["status"], "EXPIRED");
}

#[tokio::test]
async fn virtual_accounts_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let sandbox = start(&file).await;
    let mut client = Client::of(&sandbox).await;
    let vas = common::virtual_accounts::ACCOUNTS;
    let open = common::virtual_accounts::open();
    let va = client.post(vas, open).await.ok();
    let number = va["number"].as_str().unwrap();
    let pay = |sandbox: &Sandbox, outcome| {
        let begun = sandbox.pay_virtual_account(number, Some(20_000), outcome);
        begun.unwrap().transaction_id
    };
    let paid = pay(&sandbox, PaymentOutcome::Paid);
    let left = pay(&sandbox, PaymentOutcome::Expired);

    let sandbox = again(sandbox, &mut client, &file).await;
    let shown = client.get(vas).await.ok();
    assert_eq!(shown[0]["number"], va["number"]);
    assert_eq!(shown[0]["current_usage"], 1);
    // What was planned still happens: settlement, the end of what was left.
    sandbox.advance(Duration::from_secs(25 * 3600)).await;
    let path = "/api/v1.0/va-transactions/{account}";
    let settled = client.get(&format!("{path}/{paid}")).await.ok();
    assert_eq!(settled["has_settle"], true);
    let ended = client.get(&format!("{path}/{left}")).await.ok();
    assert_eq!(ended["status"], "expired");
    // Another payment gets an id of its own.
    assert_ne!(pay(&sandbox, PaymentOutcome::Paid), paid);
    let audit = sandbox.audit();
    assert!(audit.violations.is_empty(), "{:?}", audit.violations);
}

#[tokio::test]
async fn qr_codes_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let sandbox = start(&file).await;
    let mut client = Client::of(&sandbox).await;
    let generate = "/api/v1.0/qris-dynamic/{account}/generate-qr";
    let mut codes = Vec::new();
    for expired_at in [json!(null), json!("2099-01-01")] {
        let body = json!({"amount": 10_000, "expired_at": expired_at});
        codes.push(client.post(generate, body).await.ok());
    }
    let reff_no = |at: usize| codes[at]["reff_no"].as_str().unwrap();
    sandbox.pay_qris(reff_no(0), PaymentOutcome::Paid).unwrap();

    let sandbox = again(sandbox, &mut client, &file).await;
    let paid = sandbox.pay_qris(reff_no(0), PaymentOutcome::Paid);
    assert!(paid.is_err(), "it is paid already");
    sandbox.advance(Duration::from_secs(3600)).await;
    let list = "/api/v1.0/qris-dynamic/{account}?sort_order=asc";
    let listed = client.get(list).await.ok();
    assert_eq!(listed[0]["has_settle"], true);
    assert_eq!(listed[1], codes[1]);
    // The sweep that was planned still comes.
    sandbox
        .advance(Duration::from_secs(80 * 366 * 24 * 3600))
        .await;
    client.login().await;
    let path = format!("/api/v1.0/qris-dynamic/{{account}}/show/{}", codes[1]["id"]);
    assert_eq!(client.get(&path).await.ok()["status"], "expired");
    assert!(sandbox.audit().violations.is_empty());
}

#[tokio::test]
async fn bills_and_checks_are_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let sandbox = start(&file).await;
    let password = sandbox.biller_credentials().password.expose().to_owned();
    let mut biller = Client::of_biller(&sandbox).await;
    let mut identity = Client::of_identity(&sandbox).await;
    let asked = json!({"customer_id": "000770163", "product_code": "SPPAMJYA"});
    let told = biller
        .post(
            "/api/v1/postpaid/inquiry",
            json!({"command": "pdam", "data": asked}),
        )
        .await;
    let pay = |command: &str, data: &serde_json::Value| {
        let mut data = data.clone();
        data["password"] = json!(password);
        json!({"command": command, "data": data})
    };
    let direct = json!({"customer_id": "081200000003", "product_code": "SPTLKMAS10"});
    let pending = biller
        .post("/api/v1/prepaid/payment", pay("pulsa", &direct))
        .await;
    assert_eq!(pending.body["response_code"], "01");
    let check = json!({
        "request_id": "R-1", "account_number": "1000000000", "bank_code": "014", "name": "Adi",
    });
    let verify = "/api/v1/kyc/bank/verify";
    let checked = identity.post(verify, check.clone()).await;

    let sandbox = again(sandbox, &mut biller, &file).await;
    identity.base = biller.base.clone();
    // The credential and its token, the inquiry, the pending payment's end, the answered check.
    assert_eq!(sandbox.biller_credentials().password.expose(), password);
    let mut due = asked.clone();
    due["reference_number"] = told.data()["reference_number"].clone();
    let path = "/api/v1/postpaid/payment";
    assert_eq!(
        biller.post(path, pay("pdam", &due)).await.body["response_code"],
        "00"
    );
    sandbox.advance(Duration::from_secs(10)).await;
    let listed = json!({"command": "list-bill-transaction"});
    let listed = biller.post("/api/v1/list-bill-transaction", listed).await;
    let rows = listed.data()["bill_transactions"]
        .as_array()
        .unwrap()
        .clone();
    let states: Vec<_> = rows.iter().map(|row| row["status"].clone()).collect();
    assert_eq!(states, ["success", "refunded"]);
    assert_eq!(identity.post(verify, check).await.body, checked.body);
    let audit = sandbox.audit();
    assert!(audit.violations.is_empty(), "{:?}", audit.violations);
    assert_eq!(audit.checked, 1_000);
}

#[tokio::test]
async fn wallet_payments_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let sandbox = start(&file).await;
    let mut client = Client::of(&sandbox).await;
    let mut open = Vec::new();
    for outcome in [PaymentOutcome::Paid, PaymentOutcome::Failed] {
        let body = common::ewallets::order(&client, "EWALLET_DANA");
        let made = client.post(common::ewallets::ORDER, body).await.ok();
        let reff_no = made["reff_no"].as_str().unwrap();
        sandbox.pay_ewallet(reff_no, outcome).unwrap();
        open.push(made);
    }

    let sandbox = again(sandbox, &mut client, &file).await;
    let shown = common::ewallets::show(&client, &open[1]).await;
    assert_eq!(shown["status"], "open");
    // The wallet has not forgotten.
    let failed = common::ewallets::inquire(&client, &open[1]).await;
    assert_eq!(failed["status"], "failed");
    sandbox.advance(Duration::from_secs(3600)).await;
    let paid = common::ewallets::show(&client, &open[0]).await;
    assert_eq!(
        (&paid["status"], &paid["has_settle"]),
        (&json!("success"), &json!(true))
    );
    assert!(sandbox.audit().violations.is_empty());
}

#[tokio::test]
async fn plans_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let sandbox = start(&file).await;
    let mut client = Client::of(&sandbox).await;
    let plan = json!({
        "name": "Pro", "customer_name": "Sari Dewi", "customer_email": "sari@example.com",
        "customer_phone": "081200000001", "account_id": client.account, "amount": 150_000,
        "charge_immediately": true,
        "schedule": {"interval": 1, "interval_unit": "week", "start_time": "2026-01-01"},
    });
    let made = client.post("/api/v2.0/recurring/plans", plan).await;
    let id = made.data()["id"].as_str().unwrap().to_owned();
    sandbox.link_card(&id, "4111111111111111").unwrap();

    let sandbox = again(sandbox, &mut client, &file).await;
    let total = |sandbox: &Sandbox| {
        let balance = sandbox.balance_of(&client.account).unwrap();
        balance.available + balance.pending
    };
    let before = total(&sandbox);
    sandbox.advance(Duration::from_secs(14 * 86_400)).await;
    assert_eq!(total(&sandbox) - before, 2 * 147_000);
}

#[tokio::test]
async fn cards_products_and_settlements_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let receiver = Receiver::start().await;
    let url = receiver.url("/hook");
    let builder = Sandbox::builder().state_file(&file);
    let sandbox = builder
        .webhook_url(WebhookKind::Settlement, &url)
        .webhook_url(WebhookKind::ProductExpiration, &url)
        .start()
        .await
        .unwrap();
    let mut client = Client::of(&sandbox).await;
    let card = json!({
        "amount": 150_000, "goods_name": "Sepatu", "customer_name": "Sari Dewi",
        "customer_email": "sari@example.com", "customer_phone": "081200000000",
        "customer_address": "Jl. Contoh 1", "customer_city": "Jakarta",
        "customer_state": "DKI Jakarta", "customer_postal_code": "10220", "customer_country": "ID",
        "card_number": "4111111111111111", "card_expiry": "9912", "card_cvv": "123",
        "card_holder_name": "SARI DEWI", "card_holder_email": "sari@example.com",
    });
    let path = "/api/v2.0/card/{account}/payment";
    let card = client.post(path, card).await.ok();
    let end = (singapay_core::Clock::now(&client.clock).unix_millis() + 600_000).to_string();
    let va = json!({
        "bank_code": "BRI", "kind": "temporary", "amount": 100_000, "expired_at": end,
        "max_usage": 2,
    });
    let path = "/api/v1.0/virtual-accounts/{account}";
    let va = client.post(path, va).await.ok();
    let number = va["number"].as_str().unwrap();
    let paid = sandbox
        .pay_virtual_account(number, None, PaymentOutcome::Paid)
        .unwrap();

    let sandbox = again(sandbox, &mut client, &file).await;
    sandbox.advance(Duration::from_secs(3700)).await;
    let id = card["transaction_id"].as_str().unwrap();
    let path = format!("/api/v2.0/card/{{account}}/inquiry-status/{id}");
    assert_eq!(client.get(&path).await.ok()["status"], "success");
    sandbox.refund_settlement(&paid.transaction_id).unwrap();
    sandbox.webhooks_sent().await;

    let sandbox = again(sandbox, &mut client, &file).await;
    sandbox
        .cancel_settlement_refund(&paid.transaction_id)
        .unwrap();
    sandbox.advance(Duration::from_secs(60)).await;
    let arrivals = receiver.arrivals();
    let events: Vec<_> = arrivals.iter().map(|a| a.json()["event"].clone()).collect();
    assert_eq!(
        events,
        [
            "product-expiration",
            "settlement.completed",
            "settlement.refunded",
            "settlement.refund_cancelled",
        ]
    );
    assert!(sandbox.audit().violations.is_empty());
}
