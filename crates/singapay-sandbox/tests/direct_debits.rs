//! Direct debit: binding, one-time codes, charges, unbinding.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::direct_debits::{BIND, CHARGE, OTP, binding, bound, charge, text, transaction};
use common::{Client, Receiver};
use serde_json::json;
use singapay_sandbox::{CredentialSeed, Fault, FaultAction, FaultPoint, Sandbox, WebhookKind};

#[tokio::test]
async fn a_charge_without_code_succeeds_by_itself() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let id = bound(&sandbox, &client, "WITHOUT_OTP").await;
    let before = sandbox.balance_of(&client.account).unwrap();
    let answer = client
        .signed(CHARGE, charge(&client, &id, "INV-1", 150_000))
        .await;
    assert_eq!(answer.status, 200);
    let made = answer.ok();
    assert_eq!(made["status"], "PENDING");
    assert_eq!(made["requires_otp"], false);
    assert_eq!(made["amount"], 150_000);
    assert_eq!(made["account_id"], json!(client.account));
    assert!(made.get("fees").is_none());
    sandbox.advance(Duration::from_secs(2)).await;
    let done = transaction(&client, &made).await;
    assert_eq!(done["status"], "SUCCESS");
    assert!(done["paid_at"].is_string() && done["failure_code"].is_null());
    assert_eq!(done["fees"]["amount"], 2_500);
    let after = sandbox.balance_of(&client.account).unwrap();
    assert_eq!(after.pending - before.pending, 147_500);
    // On the statement too, as a credit and a fee.
    let rows = client.get("/api/v1.0/statements/{account}").await.ok();
    let own = rows.as_array().unwrap().iter();
    let own = own.filter(|row| row["transaction_id"] == made["transaction_id"]);
    assert_eq!(own.count(), 2);
    sandbox.advance(Duration::from_secs(3600)).await;
    let settled = sandbox.balance_of(&client.account).unwrap();
    assert_eq!(settled.available - before.available, 147_500);
    assert!(sandbox.audit().violations.is_empty());
}

#[tokio::test]
async fn a_code_confirms_a_charge() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let id = bound(&sandbox, &client, "WITH_OTP").await;
    let before = sandbox.balance_of(&client.account).unwrap();
    let answer = client
        .signed(CHARGE, charge(&client, &id, "INV-1", 150_000))
        .await;
    assert_eq!(answer.status, 202);
    let made = answer.body["data"].clone();
    assert_eq!(made["status"], "PENDING_OTP");
    assert_eq!(made["requires_otp"], true);
    let enter = |code: &str| json!({"otp": code, "transaction_id": made["transaction_id"]});
    let wrong = client.post(OTP, enter("654321")).await;
    assert_eq!((wrong.status, wrong.code()), (422, "SP018"));
    assert!(wrong.data()["errors"]["otp"][0].is_string());
    let right = client.post(OTP, enter("123456")).await;
    assert_eq!(
        right.body["response_message"],
        "OTP accepted; awaiting settlement callback"
    );
    let right = right.ok();
    assert_eq!(right["status"], "PENDING");
    assert_eq!(right["requires_otp"], true);
    assert_eq!(client.post(OTP, enter("123456")).await.status, 422);
    assert_eq!(sandbox.balance_of(&client.account).unwrap(), before);
    sandbox.advance(Duration::from_secs(2)).await;
    assert_eq!(transaction(&client, &made).await["status"], "SUCCESS");
    // The moment at which the code would have expired passes without effect.
    sandbox.advance(Duration::from_secs(300)).await;
    assert_eq!(transaction(&client, &made).await["status"], "SUCCESS");
}

/// The plan to let the code expire does not hurry the bank.
#[tokio::test]
async fn a_code_in_the_last_second_counts_and_the_bank_takes_its_time() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    let id = bound(&sandbox, &client, "WITH_OTP").await;
    let made = client
        .signed(CHARGE, charge(&client, &id, "INV-1", 150_000))
        .await;
    let made = made.data().clone();
    sandbox.advance(Duration::from_secs(299)).await;
    let code = json!({"otp": "123456", "transaction_id": made["transaction_id"]});
    client.post(OTP, code).await.ok();
    for (seconds, status) in [(1, "PENDING"), (1, "SUCCESS")] {
        sandbox.advance(Duration::from_secs(seconds)).await;
        assert_eq!(transaction(&client, &made).await["status"], status);
    }
}

#[tokio::test]
async fn charges_fail_expire_and_are_decided() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let with = bound(&sandbox, &client, "WITH_OTP").await;
    let without = bound(&sandbox, &client, "WITHOUT_OTP").await;
    let before = sandbox.balance_of(&client.account).unwrap();
    let send = async |binding: &str, reference: &str, amount| {
        let answer = client
            .signed(CHARGE, charge(&client, binding, reference, amount))
            .await;
        assert_eq!(answer.code(), "SP000", "{}", answer.body);
        answer.body["data"].clone()
    };
    let guessed = send(&with, "R-1", 10_000).await;
    for _ in 0..3 {
        let body = json!({"otp": "0000", "transaction_id": guessed["transaction_id"]});
        assert_eq!(client.post(OTP, body).await.status, 422);
    }
    let body = json!({"otp": "123456", "transaction_id": guessed["transaction_id"]});
    assert_eq!(client.post(OTP, body).await.status, 422);
    let late = send(&with, "R-2", 10_000).await;
    let poor = send(&without, "R-3", 50_000_001).await;
    let declined = send(&without, "R-4", 10_000).await;
    let id = text(&declined, "transaction_id");
    sandbox.decide_direct_debit(id, false).unwrap();
    assert!(sandbox.decide_direct_debit(id, true).is_err());
    assert!(sandbox.decide_direct_debit("nobody", true).is_err());
    sandbox.advance(Duration::from_secs(300)).await;
    for (made, status, code) in [
        (&guessed, "FAILED", "OTP_INVALID"),
        (&late, "EXPIRED", "OTP_EXPIRED"),
        (&poor, "FAILED", "INSUFFICIENT_FUNDS"),
        (&declined, "FAILED", "BANK_DECLINED"),
    ] {
        let shown = transaction(&client, made).await;
        assert_eq!(
            (text(&shown, "status"), text(&shown, "failure_code")),
            (status, code)
        );
        assert!(shown["failure_reason"].is_string() && shown.get("fees").is_none());
    }
    assert_eq!(sandbox.balance_of(&client.account).unwrap(), before);
}

#[tokio::test]
async fn a_reference_is_charged_once() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let id = bound(&sandbox, &client, "WITHOUT_OTP").await;
    let body = charge(&client, &id, "INV-1", 150_000);
    let made = client.signed(CHARGE, body.clone()).await.ok();
    let again = client.signed(CHARGE, body).await;
    assert_eq!(again.status, 409);
    assert_eq!(again.code(), "SP_DD_DUPLICATE_REFERENCE");
    assert_eq!(again.data()["transaction_id"], made["transaction_id"]);
    // An answer that was lost does not change that.
    let reset = Fault::new(FaultPoint::AfterCommit, FaultAction::Reset);
    sandbox
        .add_fault(reset.on("charge_direct_debit").with_reference("INV-2"))
        .unwrap();
    let body = charge(&client, &id, "INV-2", 20_000);
    let now = singapay_core::Clock::now(&client.clock)
        .unix_seconds()
        .to_string();
    assert!(
        client
            .signed_request(CHARGE, &body, &now)
            .send()
            .await
            .is_err()
    );
    assert_eq!(client.signed(CHARGE, body).await.status, 409);
    let before = sandbox.balance_of(&client.account).unwrap().pending;
    sandbox.advance(Duration::from_secs(2)).await;
    let after = sandbox.balance_of(&client.account).unwrap().pending;
    assert_eq!(after - before, 147_500 + 17_500);
}

#[tokio::test]
async fn a_charge_must_be_signed() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    let id = bound(&sandbox, &client, "WITHOUT_OTP").await;
    let body = charge(&client, &id, "INV-1", 150_000);
    let unsigned = client.post(CHARGE, body.clone()).await;
    assert_eq!((unsigned.status, unsigned.code()), (400, "4019900"));
    let now = singapay_core::Clock::now(&client.clock).unix_seconds();
    for (at, sent) in [(now - 301, now - 301), (now, now - 1)] {
        let request = client.signed_request(CHARGE, &body, &at.to_string());
        let (http, request) = request.build_split();
        let mut request = request.unwrap();
        let sent = sent.to_string().parse().unwrap();
        request.headers_mut().insert("x-timestamp", sent);
        let answer = http.execute(request).await.unwrap();
        assert_eq!(answer.status(), 401);
        assert!(answer.text().await.unwrap().contains("4019900"));
    }
    assert_eq!(client.signed(CHARGE, body).await.status, 200);
}

#[tokio::test]
async fn fields_are_checked() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::of(&sandbox).await;
    for (field, value) in [
        ("customer_ref", json!("abc")),
        ("customer_ref", json!(null)),
        ("phone_no", json!("0812-000")),
        ("phone_no", json!(81_200)),
        ("bank_code", json!("999")),
        ("payment_otp_mode", json!("MAYBE")),
        ("success_redirect_url", json!("nowhere")),
        (
            "failure_redirect_url",
            json!(format!("https://{}", "x".repeat(600))),
        ),
    ] {
        let mut body = binding("WITH_OTP");
        body[field] = value.clone();
        let answer = client.post(BIND, body).await;
        assert_eq!(
            (answer.status, answer.code()),
            (422, "SP018"),
            "{field} {value}"
        );
        assert!(
            answer.data()["errors"][field][0].is_string(),
            "{field} {value}"
        );
    }
    let mut body = binding("WITH_OTP");
    body["customer_ref"] = json!("a-reference-of-20-ch");
    let long = client.post(BIND, body.clone()).await;
    assert_eq!((long.status, long.code()), (422, "SP018"));
    assert_eq!(*long.data(), json!({}), "names no field");
    body = binding("WITH_OTP");
    body["phone_no"] = json!("+6281200000001");
    assert_eq!(client.post(BIND, body).await.code(), "SP002");

    let id = bound(&sandbox, &client, "WITHOUT_OTP").await;
    for (field, value) in [
        ("amount", json!(0)),
        ("amount", json!(10.5)),
        ("merchant_reference", json!("x".repeat(101))),
        ("currency", json!("USD")),
        ("description", json!("x".repeat(513))),
        ("binding_id", json!(null)),
    ] {
        let mut body = charge(&client, &id, "R-1", 10_000);
        body[field] = value.clone();
        let answer = client.signed(CHARGE, body).await;
        // A fraction cannot be signed in a way that PHP agrees with; the field is refused anyway.
        assert_eq!(
            (answer.status, answer.code()),
            (422, "SP018"),
            "{field} {value}"
        );
    }
    let mut body = charge(&client, &id, "R-1", 10_000);
    body["account_id"] = json!("01K946KF851RK7FX075GJHBVKF");
    assert_eq!(client.signed(CHARGE, body).await.code(), "SP020");

    for body in [
        json!({"otp": "123456"}),
        json!({"otp": "123456", "transaction_id": "x", "binding_id": id, "unbind_context": {"a": 1}}),
        json!({"otp": "123456", "binding_id": id}),
        json!({"otp": "123456", "binding_id": id, "unbind_context": true}),
        json!({"otp": "123", "transaction_id": id}),
        json!({"transaction_id": id}),
    ] {
        let answer = client.post(OTP, body.clone()).await;
        assert_eq!((answer.status, answer.code()), (422, "SP018"), "{body}");
    }
}

#[tokio::test]
async fn events_go_to_the_merchants_address_and_charges_belong_to_an_account() {
    let (default, own) = (Receiver::start().await, Receiver::start().await);
    let sandbox = Sandbox::builder()
        .account("Assigned", 0)
        .credential(
            CredentialSeed::new("Cabang", "Assigned")
                .webhook_url(WebhookKind::DirectDebit, own.url("/own")),
        )
        .webhook_url(WebhookKind::DirectDebit, default.url("/dd"))
        .start()
        .await
        .unwrap();
    let mut branch = Client::of(&sandbox).await;
    branch.credentials = sandbox.credentials_named("Cabang").unwrap();
    branch.account = sandbox.accounts()[1].id.clone();
    branch.login().await;
    let id = bound(&sandbox, &branch, "WITHOUT_OTP").await;
    let made = branch
        .signed(CHARGE, charge(&branch, &id, "R-1", 20_000))
        .await
        .ok();
    sandbox.advance(Duration::from_secs(2)).await;
    branch
        .post(&format!("{BIND}/{id}/unbind"), json!({}))
        .await
        .ok();
    sandbox.advance(Duration::from_secs(2)).await;

    let arrivals = default.arrivals();
    assert!(own.arrivals().is_empty());
    let events: Vec<_> = arrivals.iter().map(|a| a.json()["event"].clone()).collect();
    assert_eq!(
        events,
        [
            "direct-debit.binding.succeeded",
            "direct-debit.charge.succeeded",
            "direct-debit.unbinding.succeeded",
        ]
    );
    assert!(
        arrivals
            .iter()
            .all(|a| a.is_signed_by(sandbox.credentials()))
    );
    assert_eq!(arrivals[0].json()["data"]["status"], "ACTIVE");
    let told = arrivals[1].json()["data"].clone();
    assert_eq!(told, transaction(&branch, &made).await);

    // The Default credential may not use the account, nor see what was charged for it.
    let stranger = Client::of(&sandbox).await;
    let path = format!(
        "/api/v2.0/direct-debit/transaction/{}",
        text(&made, "transaction_id")
    );
    assert_eq!(stranger.get(&path).await.code(), "SP403");
    let refused = stranger
        .signed(CHARGE, charge(&branch, &id, "R-2", 20_000))
        .await;
    assert_eq!(refused.code(), "SP403");
}
