//! Fields of virtual accounts, and the changes that are allowed.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{errors, virtual_accounts::*};
use serde_json::{Value, json};
use singapay_sandbox::{CustomerError, PaymentOutcome};

#[tokio::test]
async fn creating_is_checked_field_by_field() {
    let (_sandbox, client) = start().await;
    let refused = client.post(ACCOUNTS, json!({})).await;
    assert_eq!(
        errors(&refused),
        &json!({
            "bank_code": ["The bank code field is required."],
            "kind": ["The kind field is required."],
            "amount": ["The amount field is required."],
        })
    );
    let with = |field: &str, value: Value| {
        let mut body = closed(&client);
        body[field] = value;
        body
    };
    let past = millis(&client, Duration::ZERO);
    for (body, field, message) in [
        (
            with("bank_code", json!("BTN")),
            "bank_code",
            "The selected bank code is invalid.",
        ),
        (
            with("bank_code", json!("VA_BRI")),
            "bank_code",
            "The selected bank code is invalid.",
        ),
        (
            with("kind", json!("eternal")),
            "kind",
            "The selected kind is invalid.",
        ),
        (
            with("amount_type", json!("free")),
            "amount_type",
            "The selected amount type is invalid.",
        ),
        (
            with("amount", json!(9_999)),
            "amount",
            "The amount field must be at least 10000.",
        ),
        (
            with("amount", json!(250_000_001)),
            "amount",
            "The amount field must not be greater than 250000000.",
        ),
        (
            with("amount", json!(10_000.5)),
            "amount",
            "The amount field must be an integer.",
        ),
        (
            with("max_usage", json!(256)),
            "max_usage",
            "The max usage field must not be greater than 255.",
        ),
        (
            with("max_usage", Value::Null),
            "max_usage",
            "The max usage field is required.",
        ),
        (
            with("expired_at", Value::Null),
            "expired_at",
            "The expired at field is required.",
        ),
        (
            with("expired_at", json!("2099-08-21 21:15:00")),
            "expired_at",
            "The expired at field format is invalid.",
        ),
        (
            with("expired_at", json!(past)),
            "expired_at",
            "The expired at field must be a date after now.",
        ),
        (
            with("merchant_reff_no", json!("x".repeat(256))),
            "merchant_reff_no",
            "The merchant reff no field must not be greater than 255 characters.",
        ),
        (
            with("amount_type", json!("open")),
            "min_amount",
            "The min amount field is required.",
        ),
    ] {
        let refused = client.post(ACCOUNTS, body).await;
        assert_eq!(errors(&refused)[field][0], message, "{field}");
    }
    let mut upside_down = open();
    upside_down["max_amount"] = json!(19_999);
    let refused = client.post(ACCOUNTS, upside_down).await;
    assert_eq!(
        errors(&refused)["max_amount"][0],
        "The max amount field must be at least 20000."
    );
    assert_eq!(
        client.get(ACCOUNTS).await.ok(),
        json!([]),
        "nothing was made"
    );
    // Every bank of the twelve, a number for the time, and fields that nobody knows.
    for bank in [
        "BCA", "BNI", "BRI", "MANDIRI", "PERMATA", "MAYBANK", "CIMB", "BSI", "MUAMALAT", "BNC",
        "OCBC", "DANAMON",
    ] {
        let mut body = with("bank_code", json!(bank));
        body["expired_at"] = json!(millis(&client, HOUR).parse::<i64>().unwrap());
        body["currency"] = json!("IDR");
        body["min_amount"] = json!("not looked at");
        let va = client.post(ACCOUNTS, body).await.ok();
        assert_eq!(va["code"], format!("VA_{bank}"));
    }
}

#[tokio::test]
async fn updating_replaces() {
    let (sandbox, client) = start().await;
    let va = client.post(ACCOUNTS, closed(&client)).await.ok();
    let refused = client.call("PUT", &at(&va), json!({})).await;
    assert_eq!(
        errors(&refused),
        &json!({
            "status": ["Status is required"], "amount": ["Amount is required"],
            "max_usage": ["Max usage is required"], "expired_at": ["Expired at is required"],
        })
    );
    let body = json!({
        "status": "active", "amount": 125_000, "max_usage": 2,
        "expired_at": millis(&client, 2 * HOUR), "bank_code": "BCA", "kind": "permanent",
        "merchant_reff_no": "other", "amount_type": "open",
    });
    let changed = client.call("PUT", &at(&va), body.clone()).await.ok();
    assert_eq!(changed["amount"]["value"], "125000.00");
    assert_eq!(changed["expired_at"].to_string(), millis(&client, 2 * HOUR));
    for kept in [
        "code",
        "kind",
        "merchant_reff_no",
        "amount_type",
        "number",
        "name",
    ] {
        assert_eq!(changed[kept], va[kept], "{kept}");
    }
    for _ in 0..2 {
        sandbox
            .pay_virtual_account(number(&va), None, PaymentOutcome::Paid)
            .unwrap();
    }
    let mut fewer = body.clone();
    fewer["max_usage"] = json!(1);
    let refused = client.call("PUT", &at(&va), fewer).await;
    assert_eq!(
        errors(&refused)["max_usage"][0],
        "The max usage field must be at least 2."
    );
    for (status, why) in [("inactive", "inactive"), ("expired", "expired")] {
        let mut body = body.clone();
        body["status"] = json!(status);
        body["max_usage"] = json!(9);
        body["name"] = json!("Bakso Baru");
        let changed = client.call("PUT", &at(&va), body).await.ok();
        assert_eq!(
            (&changed["status"], &changed["name"]),
            (&json!(status), &json!("Bakso Baru"))
        );
        let refused = sandbox.pay_virtual_account(number(&va), None, PaymentOutcome::Paid);
        assert_eq!(refused, Err(CustomerError::CannotBePaid(why.to_owned())));
    }
    let open = client.post(ACCOUNTS, open()).await.ok();
    let refused = client
        .call("PUT", &at(&open), json!({"status": "active"}))
        .await;
    assert_eq!(
        errors(&refused),
        &json!({
            "min_amount": ["Min amount is required"], "max_amount": ["Max amount is required"],
        })
    );
    let body = json!({"status": "active", "min_amount": 10_000, "max_amount": 60_000});
    let changed = client.call("PUT", &at(&open), body).await.ok();
    assert_eq!(changed["max_amount"]["value"], "60000.00");
    let wrong = json!({"status": "open", "min_amount": 10_000, "max_amount": 60_000});
    let refused = client.call("PUT", &at(&open), wrong).await;
    assert_eq!(
        errors(&refused)["status"][0],
        "The selected status is invalid."
    );
    let patch = client
        .call("PATCH", &at(&va), json!({"status": "active"}))
        .await;
    assert_eq!(patch.status, 405);
}
