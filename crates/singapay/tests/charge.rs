//! One shape in, one shape out, for every way to pay.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use http::{HeaderName, HeaderValue};
use proptest::prelude::*;
use serde_json::{Value, json};
use singapay::{
    ChargeDetails, ChargeMethod, ChargeProduct, CreateCharge, Customer, Delivery,
    PaymentInstructions, PaymentState, Rupiah, Timestamp, TransportErrorKind,
    types::{EwalletVendor, VirtualAccountBankCode},
};
use support::{
    ACCOUNT, Script, Step, answer,
    charges::{NOW, answers, charge, client, methods, problems},
    refused, v1, v2,
};

async fn body_of(request: CreateCharge, script: &Script) -> (String, Value) {
    let _ = request.send().await;
    let sent = script.sent().pop().unwrap();
    (format!("{} {}", sent.method, sent.target), sent.json())
}

#[tokio::test]
async fn each_product_is_asked_in_its_own_words() {
    let expected = [
        (
            format!("POST /api/v2.0/payment-link/{ACCOUNT}"),
            json!({"reff_no": "INV-1", "payment_link_type": "total", "total_amount": 150_000,
                "max_usage": 1, "expired_at": "2026-08-21T17:20:00+07:00", "description": "Kopi",
                "success_redirect_url": "https://shop.example/thanks",
                "whitelisted_payment_method": ["VA_BRI", "QRIS"], "customer_name": "Rina Wijaya",
                "customer_email": "rina@example.com", "customer_phone": "081200000009"}),
        ),
        (
            format!("POST /api/v1.0/virtual-accounts/{ACCOUNT}"),
            json!({"merchant_reff_no": "INV-1", "bank_code": "BRI", "kind": "temporary",
                "amount_type": "closed", "amount": 150_000, "max_usage": 1,
                "expired_at": "1787307600000", "name": "Rina Wijaya"}),
        ),
        (
            format!("POST /api/v1.0/qris-dynamic/{ACCOUNT}/generate-qr"),
            json!({"merchant_reff_no": "INV-1", "amount": 150_000,
                "expired_at": "2026-08-21T17:20:00+07:00"}),
        ),
        (
            "POST /api/v2.0/ewallet-native/create-order".to_owned(),
            json!({"account_id": ACCOUNT, "merchant_reff_no": "INV-1", "amount": 150_000,
                "ewallet_vendor": "EWALLET_OVO", "expired_at": "2026-08-21T17:20:00+07:00",
                "merchant_redirect_url": "https://shop.example/thanks",
                "customer_name": "Rina Wijaya", "customer_email": "rina@example.com",
                "customer_phone": "081200000001"}),
        ),
    ];
    for (method, expected) in methods().into_iter().zip(expected) {
        let script = Script::new([]);
        let request = charge(&client(&script), method);
        let hour = Duration::from_secs(3600);
        assert_eq!(body_of(request.expires_in(hour), &script).await, expected);
    }
}

#[tokio::test]
async fn without_an_expiry_each_product_has_a_sensible_one() {
    let expected = [
        json!(null),
        json!("1787390400000"),
        json!("2026-08-22T16:20:00+07:00"),
        json!(null),
    ];
    for (method, expected) in methods().into_iter().zip(expected) {
        let script = Script::new([]);
        let (_, body) = body_of(charge(&client(&script), method), &script).await;
        assert_eq!(body["expired_at"], expected);
    }
}

#[tokio::test]
async fn every_answer_becomes_the_same_shape() {
    let charges = methods().into_iter().zip(answers()).zip([
        (ChargeProduct::PaymentLink, "103", 86_400),
        (
            ChargeProduct::VirtualAccount,
            "01K946KF851RK7FX075GJHBVKF",
            86_400,
        ),
        (ChargeProduct::Qris, "42", 86_400),
        (ChargeProduct::Ewallet, "2001", 1800),
    ]);
    for ((method, step), (product, id, ends_in)) in charges {
        let script = Script::new([step]);
        let sent = charge(&client(&script), method.clone())
            .send()
            .await
            .unwrap();
        assert_eq!(
            (sent.product(), method.product(), sent.id()),
            (product, product, id)
        );
        assert_eq!(
            (sent.account_id(), sent.reference()),
            (ACCOUNT, Some("INV-1"))
        );
        assert_eq!(sent.amount(), Some(Rupiah::new(150_000)));
        let end = Timestamp::from_unix_seconds(NOW + ends_in);
        assert_eq!(sent.expires_at(), Some(end), "{product}");
        assert_eq!(sent.ending(Timestamp::from_unix_seconds(NOW)), None);
        assert!(!sent.raw().is_empty());
        match (product, sent.instructions(), sent.details()) {
            (
                ChargeProduct::PaymentLink,
                PaymentInstructions::Url { url, .. },
                ChargeDetails::PaymentLink(_),
            ) => {
                assert_eq!(url, "https://pay.example/b2b/INV-1");
            }
            (
                ChargeProduct::VirtualAccount,
                PaymentInstructions::VirtualAccount {
                    bank, number, name, ..
                },
                ChargeDetails::VirtualAccount(_),
            ) => {
                assert_eq!(
                    (bank.as_str(), number.as_str()),
                    ("BRI", "9090000000000001")
                );
                assert_eq!(name.as_deref(), Some("Rina Wijaya"));
            }
            (
                ChargeProduct::Qris,
                PaymentInstructions::Qr { content, .. },
                ChargeDetails::Qris(_),
            ) => {
                assert_eq!(content, "000201010212");
            }
            (ChargeProduct::Ewallet, PaymentInstructions::Push, ChargeDetails::Ewallet(_)) => {}
            other => panic!("{other:?}"),
        }
        let shown = format!("{sent:?} {:?} {:?}", sent.instructions(), sent.details());
        for secret in ["9090000000000001", "000201", "pay.example", "Rina"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

#[tokio::test]
async fn what_an_answer_leaves_out_is_what_was_asked_for() {
    let bare = [
        v1(json!({"id": 103, "payment_url": "u", "status": "open"})),
        v1(json!({"id": "V", "number": "9", "status": "active"})),
        v1(json!({"id": 42, "qr_data": "00", "status": "open"})),
        v2(json!({"reff_no": "485200", "checkout_url": null, "checkout_url_app": "ovo://x"})),
    ];
    for (method, step) in methods().into_iter().zip(bare) {
        let script = Script::new([step]);
        let end = Timestamp::from_unix_seconds(NOW + 60);
        let request = charge(&client(&script), method).expires_at(end);
        let sent = request.send().await.unwrap();
        assert_eq!(sent.reference(), Some("INV-1"));
        assert_eq!(sent.amount(), Some(Rupiah::new(150_000)));
        assert_eq!(sent.expires_at(), Some(end));
        match sent.instructions() {
            PaymentInstructions::VirtualAccount { bank, .. } => assert_eq!(bank, "BRI"),
            PaymentInstructions::Url { url, app_url, .. }
                if sent.product() == ChargeProduct::Ewallet =>
            {
                assert_eq!(
                    (url.as_str(), app_url.as_deref()),
                    ("ovo://x", Some("ovo://x"))
                );
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn options_reach_the_request_of_every_product() {
    // Only OVO asks for a phone number, so nobody needs to be named.
    let dana = ChargeMethod::ewallet(EwalletVendor::EwalletDana);
    for method in methods().into_iter().chain([dana]) {
        let script = Script::new([]);
        let request = charge(&client(&script), method).customer(Customer::new());
        let request = request.with_header(
            HeaderName::from_static("x-trace"),
            HeaderValue::from_static("7"),
        );
        request.amount(Rupiah::new(1)).send().await.unwrap_err();
        assert_eq!(script.sent()[0].header("x-trace"), Some("7"));
        assert_eq!(script.sent()[0].json()["amount"].as_i64().unwrap_or(1), 1);
    }
}

#[tokio::test]
async fn all_problems_are_reported_before_anything_is_sent() {
    let script = Script::new([]);
    let client = client(&script);
    let past = Timestamp::from_unix_seconds(NOW);
    let long = "x".repeat(300);

    let error = client.charges().create().send().await.unwrap_err();
    let required = ["reference", "amount", "method"].map(|field| format!("{field} is required"));
    assert_eq!(problems(&error), required);

    let none: [&str; 0] = [];
    let request = client
        .charges()
        .create()
        .account_id("no account")
        .reference("INV 1")
        .amount(Rupiah::new(0))
        .method(ChargeMethod::payment_link_of(none))
        .expires_at(past);
    let error = request.send().await.unwrap_err();
    assert_eq!(
        problems(&error),
        [
            "amount must be at least 1",
            "expires_at must be in the future",
            "method.only must name a code: none at all would offer every method",
            "account_id must be an account id: a ULID of 26 characters",
            "reference must hold no spaces and no /",
        ]
    );
    assert_eq!(error.operation(), Some("create_payment_link"));

    let request = client
        .charges()
        .create()
        .reference(&long)
        .amount(Rupiah::new(-5))
        .method(ChargeMethod::ewallet(EwalletVendor::EwalletOvo))
        .customer(Customer::new().name(&long).email(&long))
        .return_url("u".repeat(2049))
        .expires_in(Duration::ZERO);
    assert_eq!(
        problems(&request.send().await.unwrap_err()),
        [
            "amount must be at least 1",
            "expires_at must be in the future",
            "customer.email must have at most 255 characters, must be an e-mail address",
            "customer.name must have at most 255 characters",
            "return_url must have at most 2048 characters, must be an absolute URL",
            "reference must have at most 255 characters",
            "customer.phone is required where ewallet_vendor is EWALLET_OVO",
        ]
    );

    // A problem that both checks find is told once.
    for method in methods() {
        let request = client.charges().create().method(method);
        let found = problems(&request.send().await.unwrap_err());
        assert_eq!(found, ["reference is required", "amount is required"]);
    }

    // The product's own checks alone, under the charge's own names.
    for method in methods() {
        let request = charge(&client, method).reference(&long);
        let found = problems(&request.send().await.unwrap_err());
        assert!(
            found.len() == 1 && found[0].starts_with("reference must"),
            "{found:?}"
        );
    }
    let error = charge(&client, ChargeMethod::Qris)
        .reference(" ")
        .send()
        .await;
    assert_eq!(
        problems(&error.unwrap_err()),
        ["reference must not be blank"]
    );
    let found = client.charges().find(ChargeProduct::Qris, " ");
    assert_eq!(
        problems(&found.send().await.unwrap_err()),
        ["reference must not be blank"]
    );
    assert_eq!((script.count(), script.token_requests()), (0, 0));
}

#[tokio::test]
async fn a_link_offers_all_methods_only_when_asked_for_all() {
    let script = Script::new([]);
    let all = charge(&client(&script), ChargeMethod::payment_link());
    let (_, body) = body_of(all, &script).await;
    assert!(body.get("whitelisted_payment_method").is_none());
}

#[tokio::test]
async fn a_link_gets_a_whole_customer_or_none() {
    for (customer, name) in [
        (Customer::new().name("Rina"), json!(null)),
        (Customer::new().phone("0812"), json!(null)),
        (
            Customer::new().email("r@example.com").phone("0812"),
            json!(null),
        ),
        (
            Customer::new().name("Rina").email("r@example.com"),
            json!("Rina"),
        ),
    ] {
        let script = Script::new([]);
        let request = charge(&client(&script), ChargeMethod::payment_link()).customer(customer);
        let (_, body) = body_of(request, &script).await;
        assert_eq!(body["customer_name"], name);
        assert_eq!(body["customer_email"].is_null(), name.is_null());
        assert!(body["customer_phone"].is_null());
    }
}

#[tokio::test]
async fn a_charge_is_never_sent_twice_and_the_error_says_how_to_look() {
    for (step, ambiguous) in [
        (Step::Break(TransportErrorKind::Interrupted), true),
        (Step::Break(TransportErrorKind::Timeout), true),
        (answer(502, "<html>"), true),
        (answer(200, "<html>"), true),
        (answer(429, "{}"), true),
        (answer(307, ""), true),
        (answer(422, r#"{"success":true,"data":{}}"#), true),
        (answer(422, "{}"), false),
        (refused(400, "SP012"), false),
    ] {
        for method in methods() {
            let script = Script::new([step.clone(), v1(json!({}))]);
            let error = charge(&client(&script), method).send().await.unwrap_err();
            assert_eq!(script.count(), 1);
            assert_eq!(
                error.to_string().contains("look with `charges().find`"),
                ambiguous,
                "{error}"
            );
        }
    }
    // Proven not sent: there is nothing to look for.
    let script = Script::new([Step::Break(TransportErrorKind::ConnectTimeout)]);
    let builder = script
        .builder()
        .retry(singapay::RetryPolicy::never())
        .build();
    let error = charge(&builder.unwrap(), ChargeMethod::Qris).send().await;
    let error = error.unwrap_err();
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert!(!error.to_string().contains("find"), "{error}");
}

#[test]
fn methods_have_the_gateways_codes() {
    for code in [
        "PAYMENT_LINK",
        "QRIS",
        "VA_BRI",
        "VA_NEW_BANK",
        "EWALLET_DANA",
        "EWALLET_NEW",
    ] {
        assert_eq!(ChargeMethod::from_code(code).unwrap().code(), code);
    }
    for code in [
        "",
        "VA_",
        "EWALLET_",
        "VA_bri",
        "VA_B/I",
        "QRIS ",
        "CARD",
        "va_BRI",
        "EWALLET_\u{e9}",
    ] {
        assert_eq!(ChargeMethod::from_code(code), None, "{code}");
    }
    assert_eq!(
        ChargeMethod::from_code("VA_BRI"),
        Some(ChargeMethod::VirtualAccount(VirtualAccountBankCode::Bri))
    );
}

proptest! {
    #[test]
    fn a_code_that_is_read_is_the_code_that_is_written(code in "(QRIS|VA_|EWALLET_|PAYMENT_LINK|)\\PC{0,8}") {
        if let Some(method) = ChargeMethod::from_code(&code) {
            prop_assert_eq!(method.code(), code);
        }
    }
}
