//! Every kind of delivery can be made for a test, and says what was set.
#![cfg(feature = "testing")]
#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use singapay_core::{Amount, Rupiah, Timestamp};
use singapay_webhook::{
    Event, EventKind, Payload,
    events::TransactionStatusCode,
    testing::{self, EventBuilder, EventBuilderError},
};

fn kinds() -> impl Iterator<Item = EventKind> {
    let others = [EventKind::DashboardTest, EventKind::Unknown];
    EventKind::KNOWN.iter().copied().chain(others)
}

fn documented(kind: EventKind) -> Value {
    let document = include_str!("../../../spec/lowered/events.json");
    let document: Value = serde_json::from_str(document).unwrap();
    document["x-singapay-events"][kind.as_str()]["x-singapay"].clone()
}

/// Sets one thing, and holds it against what the documents say of the kind.
fn each(fact: &str, set: impl Fn(EventBuilder) -> EventBuilder, check: impl Fn(EventKind, &Event)) {
    for kind in kinds() {
        let has = documented(kind).pointer(fact).is_some_and(|place| {
            place.as_array().is_some_and(|places| !places.is_empty())
                || place.as_object().is_some_and(|members| !members.is_empty())
        });
        let made: Result<Event, EventBuilderError> = set(testing::event(kind)).event();
        match made {
            Ok(event) => {
                assert!(has, "{kind} has no {fact}");
                assert_eq!(event.kind(), kind);
                check(kind, &event);
            }
            Err(error) => {
                assert!(!has, "{kind}: {error}");
                assert!(error.to_string().starts_with(kind.as_str()), "{error}");
            }
        }
    }
}

#[test]
fn every_kind_is_made_as_documented_and_its_signature_is_proven() {
    use singapay_auth::webhook::{Verifier, WebhookKey};
    use singapay_core::Secret;

    let now = Timestamp::from_unix_seconds(1_787_280_000);
    let key = testing::Key::new("partner", "hook-secret", "/hooks?s=1").at(now);
    let verifier = Verifier::builder()
        .key(WebhookKey::new("test", &Secret::new("hook-secret")))
        .path("/hooks?s=1")
        .window(std::time::Duration::MAX)
        .build()
        .unwrap();
    assert!(!format!("{key:?}").contains("hook-secret"));
    for kind in kinds() {
        let event = testing::event(kind);
        assert!(!format!("{event:?}").contains("data"), "{event:?}");
        let delivery = event.clone().sign(&key).unwrap();
        let verified = verifier.verify(&delivery.headers, delivery.body).unwrap();
        let again = event.sign(&key).unwrap();
        let again = verifier.verify(&again.headers, again.body).unwrap();
        assert_eq!(verified.deduplication_key(), again.deduplication_key());
        let event = Event::from_bytes(verified.body).unwrap();
        assert_eq!(event.kind(), kind);
        match event.payload() {
            Payload::Unreadable(unreadable) => panic!("{kind}: {unreadable}"),
            Payload::Unknown => assert_eq!(kind, EventKind::Unknown),
            Payload::DashboardTest(_) => assert_eq!(kind, EventKind::DashboardTest),
            _ if kind == EventKind::Unknown => panic!("{kind} is known"),
            _ => {}
        }
        if let Some(sample) = kind.sample() {
            let sample: Value = serde_json::from_str(sample).unwrap();
            assert_eq!(event.json(), &sample, "{kind}");
        }
    }
}

#[test]
fn what_is_set_is_what_the_event_answers() {
    let amount = Amount::from(Rupiah::new(1_234));
    each(
        "/amounts/gross",
        |event| event.amount(1_234),
        |kind, event| {
            let amounts = event.amounts();
            assert_eq!(amounts.gross, Some(amount), "{kind}");
            if let (Some(fee), Some(net)) = (amounts.fee, amounts.net) {
                let sum = fee.rupiah().unwrap().checked_add(net.rupiah().unwrap());
                assert_eq!(sum, amount.rupiah(), "{kind}");
            }
        },
    );
    each(
        "/amounts/fee",
        |event| event.fee(1_234),
        |kind, event| assert_eq!(event.amounts().fee, Some(amount), "{kind}"),
    );
    each(
        "/amounts/net",
        |event| event.net(1_234),
        |kind, event| assert_eq!(event.amounts().net, Some(amount), "{kind}"),
    );
    each(
        "/merchant_reference",
        |event| event.merchant_reference("INV-7"),
        |kind, event| {
            let told = event.merchant_reference();
            assert_eq!(told.as_deref(), Some("INV-7"), "{kind}");
        },
    );
    each(
        "/transaction_id",
        |event| event.transaction_id("4711"),
        |kind, event| assert_eq!(event.transaction_id().as_deref(), Some("4711"), "{kind}"),
    );
    each(
        "/status",
        |event| event.status("06"),
        |kind, event| assert_eq!(event.status().as_deref(), Some("06"), "{kind}"),
    );
}

#[test]
fn success_and_failure_are_what_the_event_says() {
    use EventKind::*;
    each(
        "/states/paid",
        EventBuilder::paid,
        |kind, event| match kind {
            SubscriptionCycle => assert_eq!(event.name(), "subscription.cycle.payment_success"),
            DirectDebit => assert_eq!(event.status().as_deref(), Some("SUCCESS")),
            kind if kind.is_money_in() => assert!(event.is_paid()),
            _ => assert_eq!(
                event.transaction_status(),
                Some(TransactionStatusCode::Success)
            ),
        },
    );
    each(
        "/states/failed",
        EventBuilder::failed,
        |kind, event| match kind {
            SubscriptionCycle => assert_eq!(event.name(), "subscription.cycle.payment_failed"),
            kind if kind.is_money_out() => assert_eq!(
                event.transaction_status(),
                Some(TransactionStatusCode::Failed)
            ),
            _ => assert!(!event.is_paid() && event.amount_paid().is_none()),
        },
    );
    let paid = testing::event(DirectDebit).paid().amount(150_000);
    let paid = paid.event().unwrap();
    assert_eq!(paid.amount_paid(), Some(Rupiah::new(150_000)));
}

#[test]
fn all_setters_of_a_kind_together_answer_all() {
    let event = testing::event(EventKind::Disbursement)
        .amount(11_500)
        .fee(1_500)
        .merchant_reference("PAY-1")
        .transaction_id("1401541222026082121111766336934")
        .failed()
        .field("data.failed_code", "500")
        .field("data.bank.code", "014")
        .event()
        .unwrap();
    let amounts = event.amounts();
    assert_eq!(amounts.net, Some(Rupiah::new(10_000).into()));
    assert_eq!(event.merchant_reference().as_deref(), Some("PAY-1"));
    let Payload::Disbursement(payout) = event.payload() else {
        panic!("{event:?}")
    };
    assert_eq!(payout.data.failed_code.as_deref(), Some("500"));
    assert_eq!(
        payout.data.bank.as_ref().unwrap().code.as_deref(),
        Some("014")
    );
}

#[test]
fn anything_has_a_place_but_below_what_is_no_object() {
    let event = testing::event(EventKind::Unknown)
        .field("event", "kyb.rejected")
        .field("data.account.id", 7)
        .event()
        .unwrap();
    assert_eq!(event.name(), "kyb.rejected");
    assert_eq!(event.json()["data"], json!({"account": {"id": 7}}));
    let error = testing::event(EventKind::VaTransaction)
        .field("data.transaction.status.code", "00")
        .sign(&testing::Key::new("p", "s", "/hooks"))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "va-transaction: there is no place \"data.transaction.status.code\""
    );
    for event in [
        testing::event(EventKind::Disbursement)
            .amount(1_000)
            .fee(2_000),
        testing::event(EventKind::VaTransaction).amount(-1),
    ] {
        assert!(event.body().is_err());
    }
}

/// What an event says agrees with itself; each fact that differs is named.
#[test]
fn an_event_is_held_against_the_read_that_confirms_it() {
    use singapay_webhook::Fact;
    let event = testing::event(EventKind::VaTransaction)
        .amount(150_000)
        .merchant_reference("INV-1")
        .event()
        .unwrap();
    let read = json!({
        "amount": {"value": "150000.00", "currency": "IDR"}, "fees": {"amount": "1500.00"},
        "status": "paid", "merchant_reff_no": "INV-1",
    });
    let all = [Fact::Amount, Fact::Status, Fact::Reference];
    let agreed = event.compare(&read);
    assert_eq!((&agreed.same[..], agreed.different.len()), (&all[..], 0));
    let differs = |change: &dyn Fn(&mut Value)| {
        let mut read = read.clone();
        change(&mut read);
        event.compare(&read).different
    };
    for (place, value, fact) in [
        ("/amount/value", json!("150000.01"), Some(Fact::Amount)),
        ("/amount/currency", json!("USD"), Some(Fact::Amount)),
        ("/fees/amount", json!(1_501), Some(Fact::Amount)),
        // The fee alone says nothing of the amount.
        ("/amount", json!(null), Some(Fact::Amount)),
        ("/fees", json!(null), None),
        ("/status", json!("settled"), None),
        ("/status", json!("unpaid"), Some(Fact::Status)),
        ("/status", json!(null), Some(Fact::Status)),
        ("/merchant_reff_no", json!("INV-2"), Some(Fact::Reference)),
        ("/merchant_reff_no", json!(null), None),
    ] {
        let different = differs(&|read| *read.pointer_mut(place).unwrap() = value.clone());
        assert_eq!(different, Vec::from_iter(fact), "{place} {value}");
    }
    let free = testing::event(EventKind::VaTransaction)
        .amount(150_000)
        .fee(0);
    let free = free.event().unwrap();
    let fee_alone = free.compare(&json!({"fees": {"amount": "0.00"}, "status": "paid"}));
    assert_eq!(fee_alone.same, [Fact::Status]);
    assert_eq!(fee_alone.different, [Fact::Amount]);
    let nothing = event.compare(&json!({}));
    assert_eq!(nothing.different, [Fact::Amount, Fact::Status]);
    // No operation reads a settlement.
    let settlement = testing::event(EventKind::Settlement).event().unwrap();
    assert_eq!(settlement.compare(&read), Default::default());
}
