//! Charges that are looked for, read again and waited for.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use http::{HeaderName, HeaderValue};
use serde_json::{Value, json};
use singapay::{
    Charge, ChargeMethod, ChargeProduct, Credential, Delivery, Ending, ErrorKind, Reason,
    RetryPolicy, TransportErrorKind,
};
use support::{
    ACCOUNT, Script, Step, answer,
    charges::{answers, charge, client, methods, problems},
    time::PausedTime,
    v1, v2,
};

/// A list with somebody else's charge first.
fn list(row: &Value) -> Step {
    let mut other = row.clone();
    other["merchant_reff_no"] = json!("INV-10");
    other["reff_no"] = json!("INV-10");
    answer(
        200,
        json!({"status": 200, "success": true, "data": [other, row],
            "pagination": {"total": 2, "per_page": 25, "current_page": 1, "total_pages": 1}}),
    )
}

fn row_of(step: &Step) -> Value {
    let Step::Answer(_, body, _) = step else {
        panic!("an answer")
    };
    serde_json::from_str::<Value>(body).unwrap()["data"].clone()
}

#[tokio::test]
async fn after_a_broken_connection_the_charge_is_found() {
    for (index, (method, made)) in methods().into_iter().zip(answers()).enumerate() {
        let row = row_of(&made);
        // The reference is known without the answer.
        let mut bare = row.clone();
        bare.as_object_mut().unwrap().remove("merchant_reff_no");
        if index == 0 {
            bare.as_object_mut().unwrap().remove("reff_no");
        }
        let read = v1(bare);
        let lost = Step::Break(TransportErrorKind::Interrupted);
        let script = Script::new([lost, list(&row), read]);
        let client = client(&script);
        let product = method.product();
        let error = charge(&client, method).send().await.unwrap_err();
        assert_eq!(error.delivery(), Delivery::MaybeSent);
        let found = client.charges().find(product, "INV-1").send().await;
        let found = found.unwrap().unwrap();
        assert_eq!(found.reference(), Some("INV-1"));
        assert_eq!(found.id(), row["id"].to_string().trim_matches('"'));
        let targets: Vec<_> = script.sent().into_iter().map(|sent| sent.target).collect();
        let read = [
            "/api/v2.0/payment-link/103".to_owned(),
            format!("/api/v1.0/virtual-accounts/{ACCOUNT}/01K946KF851RK7FX075GJHBVKF"),
            format!("/api/v1.0/qris-dynamic/{ACCOUNT}/show/42"),
            format!("/api/v1.0/ewallet-native/{ACCOUNT}/inquiry-status/2001"),
        ];
        assert_eq!(targets[2], read[index]);
        assert_eq!(
            script
                .sent()
                .iter()
                .filter(|sent| sent.method == "POST")
                .count(),
            1
        );
    }
}

#[tokio::test]
async fn absence_is_proven_or_it_is_an_error() {
    for method in methods() {
        let page = json!({"total": 0, "per_page": 25, "current_page": 1, "total_pages": 0});
        let empty = json!({"status": 200, "success": true, "data": [], "pagination": page});
        let script = Script::new([answer(200, empty)]);
        let found = client(&script).charges().find(method.product(), "INV-1");
        assert!(found.send().await.unwrap().is_none());

        let page = json!({"total": 3, "per_page": 25, "current_page": 2, "total_pages": 1});
        let odd = json!({"status": 200, "success": true, "data": [], "pagination": page});
        let script = Script::new([answer(200, odd)]);
        let found = client(&script).charges().find(method.product(), "INV-1");
        assert_eq!(found.send().await.unwrap_err().kind(), ErrorKind::Paging);
    }
}

#[tokio::test]
async fn a_charge_is_read_again_by_what_was_kept_of_it() {
    for (method, made) in methods().into_iter().zip(answers()) {
        let row = row_of(&made);
        let script = Script::new([made, v1(row.clone()), v1(row)]);
        let client = client(&script);
        let sent = charge(&client, method).send().await.unwrap().into_data();
        let again = sent.read_again(&client).send().await.unwrap();
        let kept = (sent.product().as_str(), sent.id().to_owned());
        let product = kept.0.parse().unwrap();
        let read = client.charges().get(product, kept.1);
        let read = read.send().await.unwrap();
        for other in [again.data(), read.data()] {
            assert_eq!(other.instructions(), sent.instructions());
            assert_eq!(
                (other.id(), other.amount(), other.expires_at()),
                (sent.id(), sent.amount(), sent.expires_at())
            );
        }
    }
    let script = Script::new([]);
    for product in ChargeProduct::ALL {
        if *product != ChargeProduct::VirtualAccount {
            let read = client(&script).charges().get(*product, "no number");
            let error = read.send().await.unwrap_err();
            assert_eq!(
                problems(&error),
                ["id must be the id of a charge of this product"]
            );
            // The operation that a good id would have called.
            let called = client(&script).charges().get(*product, "7");
            let called = called.send().await.unwrap_err();
            assert_eq!(error.operation(), called.operation(), "{product}");
            let wrong = client(&script).charges().get(*product, "no number");
            let wrong = wrong.account_id("x");
            let wrong = problems(&wrong.send().await.unwrap_err()).len();
            assert_eq!(wrong, 2, "{product}");
        }
    }
    assert_eq!(script.count(), 3);
    assert!("gold".parse::<ChargeProduct>().is_err());
}

/// The answer to a new order is not proven to hold the number by which it is read.
#[tokio::test]
async fn a_wallet_order_without_a_number_is_looked_up() {
    let bare = || v2(json!({"reff_no": "485200", "checkout_url": null}));
    let order =
        json!({"id": 7, "reff_no": "485200", "merchant_reff_no": "INV-1", "status": "success"});
    let page = answer(
        200,
        json!({"status": 200, "success": true,
            "data": [{"id": 485_200, "reff_no": "4852001"}, order],
            "meta": {"pagination": {"total": 2, "per_page": 25, "current_page": 1, "total_pages": 1}}}),
    );
    let script = Script::new([bare(), page, v1(order)]);
    let client = client(&script);
    let request = charge(&client, ChargeMethod::ovo("081200000001"));
    let sent = request.send().await.unwrap();
    let kept = sent.id().to_owned();
    let read = client.charges().get(ChargeProduct::Ewallet, kept);
    let paid = read.wait().await.unwrap();
    assert_eq!(paid.ending(), Ending::Paid);
    assert_eq!(paid.response().id(), "7");
    assert!(script.sent()[2].target.ends_with("/inquiry-status/7"));

    let empty = answer(200, json!({"status": 200, "success": true, "data": []}));
    let script = Script::new([bare(), empty]);
    let client = script.client();
    let request = charge(&client, ChargeMethod::ovo("081200000001"));
    let sent = request.send().await.unwrap();
    let error = sent.read_again(&client).send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.reason()),
        (ErrorKind::Refused, Some(Reason::NotFound))
    );
}

#[tokio::test(start_paused = true)]
async fn a_charge_is_waited_for() {
    let order = |status: &str| {
        json!({"id": 7, "reff_no": "485200", "status": status, "amount": 150_000,
            "expired_at": "2026-08-21T16:50:00+07:00"})
    };
    let steps = [
        v2(order("open")),
        v1(order("open")),
        answer(503, ""),
        v1(order("failed")),
    ];
    let (script, time) = (Script::new(steps), PausedTime::new());
    let builder = script.builder().clock(time.clone()).timer(time.clone());
    let client = builder.retry(RetryPolicy::never()).build().unwrap();
    let request = charge(&client, ChargeMethod::ovo("081200000001"));
    let sent: Charge = request.send().await.unwrap().into_data();
    let ended = sent.wait(&client).await.unwrap();
    assert_eq!(ended.ending(), Ending::Failed);
    assert_eq!(ended.into_response().reference(), Some("INV-1"));
    assert_eq!(time.slept().len(), 2);
}

/// Reading a link names no account, and still needs the credential of its account.
#[tokio::test]
async fn a_charge_is_read_with_the_credential_of_its_account_and_the_options_given() {
    for (method, made) in methods().into_iter().zip(answers()) {
        let script = Script::new([made.clone(), v1(row_of(&made))]);
        let shop = Credential::new("shop", "partner-s", "client-s", "secret-s").accounts([ACCOUNT]);
        let client = script.builder().specific_credential(shop).build().unwrap();
        let sent = charge(&client, method).send().await.unwrap();
        let name = HeaderName::from_static("x-trace");
        let read = sent.read_again(&client);
        let read = read.with_header(name, HeaderValue::from_static("7"));
        read.send().await.unwrap();
        for sent in script.sent() {
            assert_eq!(sent.header("x-partner-id"), Some("partner-s"));
        }
        assert_eq!(script.sent()[1].header("x-trace"), Some("7"));
    }
}
