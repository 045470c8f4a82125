//! Cardless withdrawals, card cancel, wallet and QRIS inquiries, the identity token.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Client, send};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use singapay_core::Clock;
use singapay_sandbox::Sandbox;

const CREATE: &str = "/api/v1.0/cardless-withdrawals/create";
const CANCEL: &str = "/api/v1.0/cardless-withdrawals/cancel";
const SHOW: &str = "/api/v1.0/cardless-withdrawals/transaction/{account}";

fn order(client: &Client, reference: &str) -> Value {
    json!({
        "account_id": client.account, "reference_number": reference,
        "customer_name": "Budi Santoso", "customer_id": "CUST-00123", "amount": 500_000,
        "vendor_code": "CLWD_BRI",
    })
}

fn cancel(client: &Client, reference: &str) -> Value {
    json!({"account_id": client.account, "reference_number": reference, "reason": "changed mind"})
}

#[tokio::test]
async fn money_is_locked_then_fetched_cancelled_or_released() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let before = sandbox.balance_of(&client.account).unwrap();
    let made = client.signed(CREATE, order(&client, "C-1")).await.ok();
    assert_eq!(
        made["transaction_status"],
        json!({"code": "01", "desc": "Initiated"})
    );
    assert_eq!(
        (
            made["otp_number"].as_str().unwrap().len(),
            made["balance_after"].clone()
        ),
        (6, json!("0"))
    );
    assert_eq!(made["gross_amount"]["value"], "508000.00");
    let locked = sandbox.balance_of(&client.account).unwrap();
    assert_eq!(
        (locked.available, locked.held),
        (before.available - 508_000, 508_000)
    );
    let open = client.get(&format!("{SHOW}/C-1")).await.ok();
    assert_eq!(
        (
            open["status"].clone(),
            open["total_paid"].clone(),
            open["fee"].clone()
        ),
        (json!("open"), json!(508_000), json!(1_500))
    );
    assert!(open["location"].is_null() && open["processed_at"].is_null());

    sandbox
        .complete_cardless_withdrawal(made["transaction_id"].as_str().unwrap())
        .unwrap();
    let done = client.get(&format!("{SHOW}/C-1")).await.ok();
    assert_eq!(done["status"], "success");
    assert!(done["processed_at"].is_string());
    let late = client.post(CANCEL, cancel(&client, "C-1")).await;
    assert_eq!((late.status, late.code()), (400, "SP012"));
    let paid = sandbox.balance_of(&client.account).unwrap();
    assert_eq!((paid.available, paid.held), (before.available - 508_000, 0));

    client.signed(CREATE, order(&client, "C-2")).await.ok();
    client.post(CANCEL, cancel(&client, "C-2")).await.ok();
    assert_eq!(
        client.get(&format!("{SHOW}/C-2")).await.ok()["status"],
        "canceled"
    );
    client.signed(CREATE, order(&client, "C-3")).await.ok();
    sandbox.advance(Duration::from_secs(30 * 60)).await;
    assert_eq!(
        client.get(&format!("{SHOW}/C-3")).await.ok()["status"],
        "expired"
    );
    assert_eq!(sandbox.balance_of(&client.account).unwrap(), paid);
    let words: Vec<Value> = client
        .get(SHOW)
        .await
        .ok()
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["status"].clone())
        .collect();
    assert_eq!(words, ["expired", "canceled", "success"]);
    let audit = sandbox.audit();
    assert!(audit.violations.is_empty(), "{:?}", audit.violations);
}

#[tokio::test]
async fn withdrawals_are_checked() {
    let sandbox = Sandbox::builder().balance(600_000).start().await.unwrap();
    let client = Client::of(&sandbox).await;
    for (field, value) in [
        ("amount", json!(75_000)),
        ("amount", json!(0)),
        ("amount", json!(1_050_000)),
        ("amount", json!({"value": "50000.00", "currency": "IDR"})),
        ("vendor_code", Value::Null),
        ("customer_id", Value::Null),
    ] {
        let mut body = order(&client, "C");
        body[field] = value.clone();
        let answer = client.signed(CREATE, body).await;
        assert_eq!(
            (answer.status, answer.code()),
            (422, "SP018"),
            "{field} = {value}"
        );
        assert!(answer.data()["errors"][field][0].is_string());
    }
    // No code is invalid; one whose vendor is not active has the documented answer.
    for vendor in ["CLWD_NOBODY", "BRI", "DEFINITELY_NOT_A_VENDOR"] {
        let mut body = order(&client, "C");
        body["vendor_code"] = json!(vendor);
        let refused = client.signed(CREATE, body).await;
        assert_eq!((refused.status, refused.code()), (400, "SP011"), "{vendor}");
    }
    let unsigned = client.post(CREATE, order(&client, "C")).await;
    assert_eq!((unsigned.status, unsigned.code()), (422, "SP018"));
    client.signed(CREATE, order(&client, "C")).await.ok();
    assert_eq!(
        client.signed(CREATE, order(&client, "C")).await.code(),
        "SP004"
    );
    assert_eq!(
        client.signed(CREATE, order(&client, "D")).await.code(),
        "SP003"
    );
    assert_eq!(client.get(&format!("{SHOW}/NOPE")).await.status, 404);
    let missing = client.post(CANCEL, cancel(&client, "NOPE")).await;
    assert_eq!((missing.status, missing.code()), (404, "SP009"));
    // The dead route of an older contract.
    let dead = client
        .post("/api/v1.0/cardless-withdrawals/{account}", json!({}))
        .await;
    assert_eq!(dead.status, 404);
}

#[tokio::test]
async fn the_bare_500_of_the_real_sandbox_can_be_switched_on() {
    let sandbox = Sandbox::builder()
        .quirks(|q| q.cardless_create_fails = true)
        .start()
        .await
        .unwrap();
    let client = Client::of(&sandbox).await;
    for vendor in ["CLWD_BRI", "DEFINITELY_NOT_A_VENDOR"] {
        let mut body = order(&client, "C");
        body["vendor_code"] = json!(vendor);
        let answer = client.signed(CREATE, body).await;
        assert_eq!((answer.status, answer.body.clone()), (500, json!("")));
    }
    assert_eq!(client.get(SHOW).await.ok(), json!([]));
}

#[tokio::test]
async fn a_card_payment_is_voided_until_it_is_decided() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let body = json!({
        "amount": 150_000, "goods_name": "Sepatu", "customer_name": "Sari Dewi",
        "customer_email": "sari@example.com", "customer_phone": "081200000000",
        "customer_address": "Jl. Contoh 1", "customer_city": "Jakarta",
        "customer_state": "DKI Jakarta", "customer_postal_code": "10220", "customer_country": "ID",
        "card_number": "4000000000000002", "card_expiry": "9912", "card_cvv": "123",
        "card_holder_name": "SARI DEWI", "card_holder_email": "sari@example.com",
    });
    let pay = "/api/v2.0/card/{account}/payment";
    let made = client.post(pay, body.clone()).await.ok();
    let id = made["transaction_id"].as_str().unwrap();
    let path = format!("/api/v2.0/card/{{account}}/cancel/{id}");
    let voided = client.call("PATCH", &path, json!({})).await.ok();
    assert_eq!(
        (voided["status"].clone(), voided["cancel_type"].clone()),
        (json!("success"), json!("void"))
    );
    let status = client
        .get(&format!("/api/v2.0/card/{{account}}/inquiry-status/{id}"))
        .await
        .ok();
    assert_eq!(status["status"], "cancelled");
    assert!(sandbox.complete_3d_secure(id, true).is_err());

    let made = client.post(pay, body).await.ok();
    let id = made["transaction_id"].as_str().unwrap();
    sandbox.complete_3d_secure(id, true).unwrap();
    let late = client
        .call(
            "PATCH",
            &format!("/api/v2.0/card/{{account}}/cancel/{id}"),
            json!({}),
        )
        .await;
    assert_eq!((late.status, late.code()), (400, "SP012"));
    assert_eq!(
        late.body["response_message"],
        "Cannot cancel: transaction status is success"
    );
}

#[tokio::test]
async fn a_wallet_can_be_asked_first() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let ask = "/api/v2.0/ewallet/account-inquiry";
    let body = client.topup("ignored", 10_000);
    let answer = client.post(ask, body.clone()).await.ok();
    assert_eq!(
        (
            answer["amount"]["value"].clone(),
            answer["gross_amount"]["value"].clone()
        ),
        (json!("10000.00"), json!("11000.00"))
    );
    assert_eq!(answer["fee_amount"]["value"], "1000.00");
    let topup = client
        .signed("/api/v2.0/ewallet/trigger-topup", body.clone())
        .await
        .ok();
    assert_eq!(topup["ewallet"]["customer_name"], answer["customer_name"]);
    let mut nobody = body;
    nobody["customer_number"] = json!("089900000001");
    nobody["reference_number"] = json!("other");
    let answer = client.post(ask, nobody.clone()).await;
    assert_eq!((answer.status, answer.code()), (404, "SP010"));
    let answer = client
        .signed("/api/v2.0/ewallet/trigger-topup", nobody)
        .await;
    assert_eq!(answer.code(), "SP010");
}

#[tokio::test]
async fn a_qr_code_is_taken_apart() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let ask = "/api/v2.0/qris/issuer/mpm/inquiry-merchant";
    let merchant = "0015ID.SINGAPAY.WWW01161234567890123456020512345".to_owned() + "0303UMI";
    let qr = format!(
        "00020101021226{:02}{merchant}52045812530336054061000005802ID5908Toko ABC6007Jakarta\
         61051234562100506REF12363044535",
        merchant.len(),
    );
    let answer = client.post(ask, json!({"qr_data": qr})).await.ok();
    assert_eq!(answer["point_of_initiation_method"], "DYNAMIC");
    assert_eq!(answer["transaction_amount"], "100000.00");
    assert_eq!(answer["transaction_currency"], "RUPIAH");
    assert_eq!(
        answer["merchant_information_26"]["merchant_pan"],
        "1234567890123456"
    );
    assert_eq!(
        answer["merchant_information_26"]["merchant_criteria"],
        "UMI"
    );
    assert_eq!(answer["additional_data"]["reference_label"], "REF123");
    assert!(answer.get("merchant_information_51").is_none());
    for bad in ["00020101021", "not a code", ""] {
        let answer = client.post(ask, json!({"qr_data": bad})).await;
        assert_eq!((answer.status, answer.code()), (422, "SP018"), "{bad}");
    }
}

#[tokio::test]
async fn the_identity_token_has_its_own_scheme_and_no_envelope() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let credentials = &client.credentials;
    let ask = |id: &str, seconds: i64| {
        let at = chrono::DateTime::from_timestamp(client.clock.now().unix_seconds() + seconds, 0);
        let timestamp = at.unwrap().format("%Y-%m-%dT%H:%M:%SZ").to_string();
        let secret = credentials.identity_client_secret.expose();
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("{id}:{timestamp}").as_bytes());
        let signature = hex::encode(mac.finalize().into_bytes());
        let body = json!({"client_id": id, "timestamp": timestamp, "signature": signature});
        send(
            client
                .http
                .post(format!("{}/api/v1/kyc/auth/get-auth-token", client.base))
                .header("Content-Type", "application/json")
                .body(body.to_string()),
        )
    };
    let good = ask(&credentials.identity_client_id, 0).await;
    assert_eq!(good.status, 200);
    assert_eq!(
        (
            good.body["expires_in"].clone(),
            good.body["audience"].clone()
        ),
        (json!(3600), json!("kyc-api"))
    );
    for (id, seconds) in [
        ("nobody", 0),
        (credentials.identity_client_id.as_str(), 301),
    ] {
        let bad = ask(id, seconds).await;
        assert_eq!(bad.status, 401);
        assert_eq!(bad.body["message"], "invalid credential or signature");
    }
}
