//! Answers of every kind of event: amount, reference, resource, and the items of batches.

#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

use proptest::prelude::*;
use serde_json::{Value, json};
use singapay_core::{Amount, Rupiah};
use singapay_webhook::{Event, EventKind, Expired};

fn event(file: &str) -> Event {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    Event::read(&fs::read(path.join(file).with_extension("json")).unwrap()).unwrap()
}

fn read(body: &Value) -> Event {
    Event::read(body.to_string().as_bytes()).unwrap()
}

/// File, amount paid, fee and net, operation and id.
type Row = (
    &'static str,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<(&'static str, &'static str)>,
);

#[rustfmt::skip]
const ANSWERS: &[Row] = &[
    ("va-transaction", Some(100_000), Some(1500), None, Some(("get_va_transaction", "3211120250926133543246"))),
    ("va-transaction-live-amount", Some(125_000), Some(1500), None, Some(("get_va_transaction", "3211120250926133543246"))),
    ("va-transaction-2025", Some(100_000), Some(1500), None, None),
    ("qris-acquirer-transaction", Some(1_000_123), None, None, Some(("get_qris", "42"))),
    ("qris-acquirer-transaction-2025", Some(1_000_123), None, None, None),
    ("payment-link-transaction", Some(10_000), None, None, Some(("list_payment_link_histories", "18917720251110094037705"))),
    ("ewallet-native-transaction", Some(100_000), None, Some(95_000), Some(("get_ewallet_status", "42"))),
    ("subscription-payment-success", None, None, None, Some(("get_plan", "01JAB3CD4E5F6G7H8J9K0M1N2P"))),
    ("disbursement-success", Some(11_000), Some(1000), Some(10_000), Some(("get_disbursement_status", "WH-OK-260821141116"))),
    ("disbursement-failed", None, Some(2500), Some(10_001), Some(("get_disbursement_status", "333"))),
    ("disbursement-2025", Some(51_000), Some(1000), Some(50_000), Some(("get_disbursement_status", "INV-2025-001"))),
    ("disbursement-2025-failed", None, Some(1000), Some(50_000), Some(("get_disbursement_status", "INV-2025-001"))),
    ("ewallet-topup", Some(10_000), Some(10_000), Some(10_000), Some(("get_ewallet_topup_status", "REF-001"))),
    ("qris-issuer", Some(100_000), Some(5000), Some(95_000), Some(("get_qris_status", "INV-20231130-001"))),
    ("settlement-completed", None, Some(5000), Some(1_000_000), None),
    ("direct-debit-binding", None, None, None, Some(("get_binding", "9a1c5b3e-2d4f-4d8c-93cf-9a1c5b3e2d4f"))),
    ("direct-debit-charge-v1", Some(150_000), None, None, Some(("get_direct_debit_transaction", "7c2e1a4b-9d6f-4e3a-8b1c-2d4f9a1c5b3e"))),
    ("payment-link-inquiry", None, None, None, Some(("list_payment_link_histories", "23035417720260821223309470BHfLKZaH"))),
    ("product-expiration", None, None, None, None),
    ("transaction-expiration", None, None, None, None),
];

#[test]
fn amounts_have_one_meaning_and_each_kind_names_the_read_that_confirms_it() {
    let rupiah = |value: Option<Amount>| value.map(|value| value.rupiah().unwrap().value());
    for &(file, paid, fee, net, resource) in ANSWERS {
        let event = event(file);
        assert_eq!(event.amount_paid().map(Rupiah::value), paid, "{file}");
        let amounts = event.amounts();
        assert_eq!(
            (rupiah(amounts.fee), rupiah(amounts.net)),
            (fee, net),
            "{file}"
        );
        let found = event.resource();
        let found = found.as_ref().map(|found| (found.operation, &*found.id));
        assert_eq!(found, resource, "{file}");
    }
}

#[test]
fn what_is_not_proven_to_be_paid_in_whole_is_no_amount() {
    let qris = |transaction: Value| {
        read(&json!({"event": "qris-acquirer-transaction", "data": {"transaction": transaction}}))
    };
    let tipped = |tip: Value| qris(json!({"status": "paid", "amount": 50_000, "tip": tip}));
    assert_eq!(
        tipped(json!({"value": "0"})).amount_paid(),
        Some(Rupiah::new(50_000))
    );
    assert_eq!(tipped(json!(null)).amount_paid(), Some(Rupiah::new(50_000)));
    assert_eq!(tipped(json!({"value": 2000})).amount_paid(), None);
    assert_eq!(tipped(json!("much")).amount_paid(), None);
    let whole =
        qris(json!({"status": "paid", "amount": 50_000, "tip": 2000, "total_amount": 52_000}));
    assert_eq!(whole.amount_paid(), Some(Rupiah::new(52_000)));

    let va = |amount: Value| {
        read(
            &json!({"event": "va-transaction", "data": {"transaction": {"status": "paid", "amount": amount}}}),
        )
    };
    for amount in [
        json!({"value": "10.50"}),
        json!({"value": 10, "currency": "USD"}),
        json!(-10),
        json!({"value": "1e3"}),
        json!([]),
    ] {
        assert_eq!(va(amount.clone()).amount_paid(), None, "{amount}");
    }
    let net = json!({"event": "ewallet-native-transaction", "data": {"transaction": {"status": "paid", "reff_no": "A", "amount": 95_000}}});
    assert_eq!(read(&net).amount_paid(), None);
    assert_eq!(read(&net).amounts().net, Some(Rupiah::new(95_000).into()));
}

#[test]
fn an_inquiry_is_joined_with_the_payment_that_follows() {
    let inquiry = event("payment-link-inquiry");
    let paid = event("payment-link-transaction-live-amount");
    assert_eq!(inquiry.payment_link_attempt(), paid.payment_link_attempt());
    assert!(inquiry.payment_link_attempt().is_some());
    assert_eq!(event("va-transaction").payment_link_attempt(), None);
}

#[test]
fn batches_are_split_into_items_however_long() {
    for (name, section, what) in [
        ("product-expiration", "payment_links", Expired::PaymentLink),
        (
            "product_expiration",
            "virtual_accounts",
            Expired::VirtualAccount,
        ),
        ("product-expiration", "qris_transactions", Expired::Qris),
        (
            "transaction-expiration",
            "payment_link_histories",
            Expired::PaymentLinkAttempt,
        ),
        (
            "transaction-expiration",
            "virtual_account_transactions",
            Expired::VirtualAccountAttempt,
        ),
        (
            "transaction_expiration",
            "qris_histories",
            Expired::QrisAttempt,
        ),
    ] {
        let items: Vec<_> = (0..12)
            .map(|id| json!({"id": id, "reff_no": format!("R{id}")}))
            .collect();
        let keyed: serde_json::Map<_, _> = (0..12)
            .map(|at| (at.to_string(), items[at].clone()))
            .collect();
        for batch in [json!(items), json!(keyed)] {
            let event = read(&json!({"event": name, "data": {section: batch}}));
            let found: Vec<_> = event.expired().collect();
            assert_eq!(found.len(), 12, "{section}");
            for item in found {
                assert_eq!(item.what(), what);
                assert_eq!(item.reff_no().unwrap(), format!("R{}", item.id().unwrap()));
            }
        }
    }
    assert_eq!(event("va-transaction").expired().count(), 0);
    let odd = read(
        &json!({"event": "product-expiration", "data": {"payment_links": ["x", null, 7], "qris_transactions": "y"}}),
    );
    assert_eq!(odd.expired().filter(|item| item.id().is_none()).count(), 3);
}

#[test]
fn each_kind_has_a_sample_and_that_sample_is_of_its_kind() {
    for &kind in EventKind::KNOWN {
        let event = Event::read(kind.sample().unwrap().as_bytes()).unwrap();
        assert_eq!(event.kind(), kind);
        if kind.is_money_in() || kind.is_money_out() {
            assert!(event.amount_paid().is_some(), "{kind}");
            assert!(event.merchant_reference().is_some(), "{kind}");
            assert!(event.resource().is_some(), "{kind}");
        }
    }
}

proptest! {
    #[test]
    fn money_that_did_not_move_is_no_amount_paid(
        kind in prop::sample::select(EventKind::KNOWN),
        status in "[a-zA-Z]{0,8}|0[1-9]",
    ) {
        prop_assume!(!["paid", "success", "SUCCESS"].contains(&status.as_str()));
        let mut body: Value = serde_json::from_str(kind.sample().unwrap()).unwrap();
        for path in ["/data/transaction/status", "/data/transaction_status/code", "/data/status"] {
            if let Some(place) = body.pointer_mut(path) {
                *place = json!(status);
            }
        }
        prop_assert_eq!(read(&body).amount_paid(), None);
    }
}
