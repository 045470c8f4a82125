//! Virtual accounts: made, changed, deleted, paid.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Client, Receiver, virtual_accounts::*};
use serde_json::{Value, json};
use singapay_sandbox::{CustomerError, Fault, FaultAction, FaultPoint, PaymentOutcome};

#[tokio::test]
async fn a_closed_one_is_made_paid_and_settled() {
    let receiver = Receiver::start().await;
    let sandbox = receiver.sandbox().await;
    sandbox.freeze_clock();
    let client = Client::of(&sandbox).await;
    let va = client.post(ACCOUNTS, closed(&client)).await.ok();
    let expired_at: i64 = millis(&client, HOUR).parse().unwrap();
    assert_eq!(
        va,
        json!({
            "id": va["id"], "number": va["number"], "code": "VA_BRI",
            "bank": {"short_name": "BRI", "number": "002", "swift_code": "BRINIDJA"},
            "amount": {"value": "100000.00", "currency": "IDR"}, "amount_type": "closed",
            "min_amount": null, "max_amount": null, "status": "active", "kind": "temporary",
            "current_usage": 0, "expired_at": expired_at, "name": "Bakso Enak",
            "merchant_reff_no": "INV-2026-001",
        })
    );
    assert_eq!(
        (va["id"].as_str().unwrap().len(), number(&va).len()),
        (26, 16)
    );
    assert_eq!(client.get(&at(&va)).await.ok(), va);
    // Nobody has paid yet.
    assert_eq!(client.get(TRANSACTIONS).await.ok(), json!([]));
    assert_eq!(sandbox.balance_of(&client.account).unwrap().pending, 0);

    let before = client.available().await;
    let paid = sandbox
        .pay_virtual_account(number(&va), None, PaymentOutcome::Paid)
        .unwrap();
    assert_eq!(paid.amount, 100_000);
    let now = millis(&client, Duration::ZERO);
    let shown = client
        .get(&format!("{TRANSACTIONS}/{}", paid.transaction_id))
        .await
        .ok();
    assert_eq!(
        shown,
        json!({
            "transaction_id": paid.transaction_id, "merchant_reff_no": "INV-2026-001",
            "va_number": va["number"],
            "account": {"id": client.account, "name": "Main Account", "email": null, "phone": null},
            "bank": {
                "short_name": "BRI", "number": "002", "swift_code": "BRINIDJA", "bank_code": "BRI",
            },
            "notes": null, "status": "paid",
            "fees": {"name": "VA BRI", "amount": 2_500, "currency": "IDR"},
            "amount": {"value": "100000.00", "currency": "IDR"},
            "post_timestamp": now, "processed_timestamp": now,
            "has_settle": false, "settle_at": null,
        })
    );
    assert_eq!(client.get(&at(&va)).await.ok()["current_usage"], 1);
    let used_up = sandbox.pay_virtual_account(number(&va), None, PaymentOutcome::Paid);
    assert_eq!(
        used_up.unwrap_err().to_string(),
        "it is used up and cannot be paid"
    );
    assert_eq!(sandbox.balance_of(&client.account).unwrap().pending, 97_500);
    let statements = client.get("/api/v1.0/statements/{account}").await.ok();
    for (row, kind, value) in [(0, "debit", 2_500), (1, "credit", 100_000)] {
        assert_eq!(statements[row]["transaction_id"], paid.transaction_id);
        assert_eq!(statements[row][kind]["value"], value);
        assert_eq!(statements[row]["kind"], "virtual-account");
    }

    sandbox.webhooks_sent().await;
    let arrival = receiver.arrivals().remove(0);
    assert!(arrival.is_signed_by(sandbox.credentials()));
    let event = arrival.json();
    let time = event["timestamp"].clone();
    assert_eq!(
        event,
        json!({
            "status": 200, "success": true, "event": "va-transaction", "timestamp": time,
            "data": {
                "transaction": {
                    "reff_no": "INV-2026-001", "transaction_id": paid.transaction_id,
                    "type": "va", "status": "paid",
                    "amount": {"value": "100000.00", "currency": "IDR"},
                    "amount_type": "closed", "tip": null,
                    "post_timestamp": time, "processed_timestamp": time,
                },
                "payment": {"method": "va", "additional_info": {
                    "va_number": va["number"], "va_name": "Bakso Enak",
                    "bank": {
                        "short_name": "BRI", "number": "002", "swift_code": "BRINIDJA",
                        "bank_code": "BRI",
                    },
                    "fees": {"name": "VA BRI", "amount": 2_500, "currency": "IDR"},
                }},
            },
        })
    );

    sandbox.advance(HOUR).await;
    assert_eq!(client.available().await, before + 97_500);
    let settled = client
        .get(&format!("{TRANSACTIONS}/{}", paid.transaction_id))
        .await
        .ok();
    assert_eq!(settled["has_settle"], true);
    assert_eq!(
        settled["settle_at"],
        json!(now.parse::<i64>().unwrap() + 3_600_000)
    );
    assert!(sandbox.audit().violations.is_empty());
}

#[tokio::test]
async fn an_open_one_takes_what_lies_between() {
    let (sandbox, client) = start().await;
    let va = client.post(ACCOUNTS, open()).await.ok();
    for (member, value) in [
        ("amount", json!({"value": "0.00", "currency": "IDR"})),
        (
            "min_amount",
            json!({"value": "20000.00", "currency": "IDR"}),
        ),
        (
            "max_amount",
            json!({"value": "50000.00", "currency": "IDR"}),
        ),
        ("expired_at", Value::Null),
        ("merchant_reff_no", Value::Null),
    ] {
        assert_eq!(va[member], value, "{member}");
    }
    for wrong in [None, Some(19_999), Some(50_001)] {
        let refused = sandbox.pay_virtual_account(number(&va), wrong, PaymentOutcome::Paid);
        assert!(matches!(refused, Err(CustomerError::WrongAmount { .. })));
    }
    for (count, rupiah) in [(1, 20_000), (2, 50_000), (3, 33_333)] {
        sandbox
            .pay_virtual_account(
                va["id"].as_str().unwrap(),
                Some(rupiah),
                PaymentOutcome::Paid,
            )
            .unwrap();
        assert_eq!(client.get(&at(&va)).await.ok()["current_usage"], count);
    }
    let closed = client.post(ACCOUNTS, closed(&client)).await.ok();
    let refused = sandbox.pay_virtual_account(number(&closed), Some(1), PaymentOutcome::Paid);
    assert_eq!(
        refused.unwrap_err().to_string(),
        "the amount must be Rp 100000"
    );
    let refused = sandbox.pay_virtual_account("9", None, PaymentOutcome::Paid);
    assert!(matches!(refused, Err(CustomerError::Unknown(_))));
}

#[tokio::test]
async fn deleting_is_for_good_and_only_without_transactions() {
    let (sandbox, client) = start().await;
    let va = client.post(ACCOUNTS, closed(&client)).await.ok();
    let gone = client.call("DELETE", &at(&va), json!({})).await.ok();
    assert_eq!(gone["message"], "Virtual Account delete successfully");
    let missing = client.get(&at(&va)).await;
    assert_eq!(
        (missing.status, &missing.body["error"]["message"]),
        (404, &json!("Virtual Account not found"))
    );
    let refused = sandbox.pay_virtual_account(number(&va), None, PaymentOutcome::Paid);
    assert!(matches!(refused, Err(CustomerError::Unknown(_))));

    let va = client.post(ACCOUNTS, closed(&client)).await.ok();
    sandbox
        .pay_virtual_account(number(&va), None, PaymentOutcome::Failed)
        .unwrap();
    let refused = client.call("DELETE", &at(&va), json!({})).await;
    assert_eq!(
        (refused.status, refused.body),
        (
            403,
            json!({"status": 403, "success": false, "error": {
                "code": 403, "message": "This Virtual Account has have transactions",
            }})
        )
    );
    client.get(&at(&va)).await.ok();
    // The number is no id.
    let by_number = client
        .get(&format!("{ACCOUNTS}/number:{}", number(&va)))
        .await;
    assert_eq!(by_number.status, 404);
}

#[tokio::test]
async fn accounts_are_listed_in_pages_and_by_reference() {
    let (_sandbox, client) = start().await;
    for at in 0..27 {
        let mut body = open();
        body["merchant_reff_no"] = json!(format!("INV-2026-{at:03}"));
        client.post(ACCOUNTS, body).await.ok();
    }
    let first = client.get(&format!("{ACCOUNTS}?per_page=100")).await;
    assert_eq!(first.body["pagination"]["perPage"], 25, "25 at most");
    let first = first.ok();
    assert_eq!(first[0]["merchant_reff_no"], "INV-2026-026");
    let shown = client.get(&at(&first[0])).await.ok();
    assert_eq!(shown, first[0], "the same members as in the list");
    let second = client.get(&format!("{ACCOUNTS}?page=2")).await.ok();
    assert_eq!(second.as_array().unwrap().len(), 2);
    let found = client
        .get(&format!("{ACCOUNTS}?merchant_reff_no=2026-01"))
        .await;
    assert_eq!(found.ok().as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn an_inactive_account_takes_no_new_one() {
    let (_sandbox, client) = start().await;
    let update = json!({"status": "inactive"});
    client
        .call("PATCH", "/api/v1.0/accounts/update/{account}", update)
        .await
        .ok();
    let refused = client.post(ACCOUNTS, open()).await;
    assert_eq!(refused.status, 403);
    client.get(ACCOUNTS).await.ok();
}

#[tokio::test]
async fn faults_before_and_after_the_commit() {
    let (sandbox, client) = start().await;
    for (point, made) in [(FaultPoint::BeforeCommit, 0), (FaultPoint::AfterCommit, 1)] {
        let fault = Fault::new(point, FaultAction::Status(500));
        sandbox
            .add_fault(
                fault
                    .on("create_virtual_account")
                    .with_reference("INV-2026-001"),
            )
            .unwrap();
        assert_eq!(client.post(ACCOUNTS, closed(&client)).await.status, 500);
        let listed = client.get(ACCOUNTS).await.ok();
        assert_eq!(listed.as_array().unwrap().len(), made);
    }
    // No reference protects against a second one.
    client.post(ACCOUNTS, closed(&client)).await.ok();
    let listed = client.get(ACCOUNTS).await.ok();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert_ne!(listed[0]["number"], listed[1]["number"]);
}

#[tokio::test]
async fn an_account_with_virtual_accounts_stays() {
    let (_sandbox, mut client) = start().await;
    let made = client
        .post("/api/v1.0/accounts", json!({"name": "Toko"}))
        .await;
    client.account = made.ok()["id"].as_str().unwrap().to_owned();
    let va = client.post(ACCOUNTS, open()).await.ok();
    let delete = "/api/v1.0/accounts/{account}";
    assert_eq!(client.call("DELETE", delete, json!({})).await.status, 400);
    client.call("DELETE", &at(&va), json!({})).await.ok();
    client.call("DELETE", delete, json!({})).await.ok();
}
