//! Every documented and captured payload, with invented names and numbers, decodes into its event.

#![allow(clippy::unwrap_used)]

mod common;

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};
use singapay_core::{Rupiah, Timestamp};
use singapay_webhook::{
    Event, EventKind,
    EventKind::*,
    Payload,
    events::{EwalletCode, SettlementEvent, SubscriptionEvent, TransactionStatusCode},
};

/// File, kind, name, merchant reference, whether paid, status of the payout.
type Row = (
    &'static str,
    EventKind,
    &'static str,
    Option<&'static str>,
    bool,
    Option<&'static str>,
);

#[rustfmt::skip]
const PAYLOADS: &[Row] = &[
    ("va-transaction", VaTransaction, "va-transaction", Some("INV-2026-001"), true, None),
    ("va-transaction-live-amount", VaTransaction, "va-transaction", Some("INV-2026-001"), true, None),
    ("va-transaction-minimal", VaTransaction, "va-transaction", Some("INV-1"), true, None),
    // In the shape of 2025 `reff_no` held the gateway's own id.
    ("va-transaction-2025", VaTransaction, "va-transaction", None, true, None),
    ("qris-acquirer-transaction", QrisAcquirerTransaction, "qris-acquirer-transaction", Some("INV-2026-001"), true, None),
    ("qris-acquirer-transaction-live-amount", QrisAcquirerTransaction, "qris-acquirer-transaction", Some("INV-2026-001"), true, None),
    ("qris-acquirer-transaction-2025", QrisAcquirerTransaction, "qris-acquirer-transaction", None, true, None),
    ("payment-link-transaction", PaymentLinkTransaction, "payment-link-transaction", Some("PL20251105160923690b1443a67e9"), true, None),
    ("payment-link-transaction-live-amount", PaymentLinkTransaction, "payment-link-transaction", Some("PL20251105160923690b1443a67e9"), true, None),
    ("payment-link-transaction-unnamed", PaymentLinkTransaction, "payment-link-transaction", Some("PL20251105160923690b1443a67e9"), true, None),
    ("ewallet-native-transaction", EwalletNativeTransaction, "ewallet-native-transaction", Some("INV-2026-001"), true, None),
    ("ewallet-native-transaction-live-amount", EwalletNativeTransaction, "ewallet-native-transaction", Some("INV-2026-001"), true, None),
    ("ewallet-native-transaction-one-reference", EwalletNativeTransaction, "ewallet-native-transaction", Some("INV-2026-001"), true, None),
    ("subscription-payment-success", SubscriptionCycle, "subscription.cycle.payment_success", Some("SUB-2026-0001"), false, None),
    ("subscription-payment-failed", SubscriptionCycle, "subscription.cycle.payment_failed", None, false, None),
    ("subscription-status-changed", SubscriptionCycle, "subscription.plan.status_changed", None, false, None),
    ("disbursement-success", Disbursement, "disbursement", Some("WH-OK-260821141116"), false, Some("00")),
    ("disbursement-minimal", Disbursement, "disbursement", Some("WH-OK-260821141116"), false, Some("00")),
    ("disbursement-failed", Disbursement, "disbursement", Some("333"), false, Some("06")),
    ("disbursement-failed-live", Disbursement, "disbursement", Some("WH-OK-260821141116"), false, Some("06")),
    ("disbursement-2025", Disbursement, "disbursement", Some("INV-2025-001"), false, Some("00")),
    ("disbursement-2025-failed", Disbursement, "disbursement", Some("INV-2025-001"), false, Some("06")),
    ("ewallet-topup", EwalletTopup, "ewallet-topup", Some("REF-001"), false, Some("00")),
    ("ewallet-topup-iso-times", EwalletTopup, "ewallet-topup", Some("REF-001"), false, Some("00")),
    ("qris-issuer", QrisIssuer, "qris-issuer", Some("INV-20231130-001"), false, Some("00")),
    ("qris-issuer-unnamed", QrisIssuer, "qris-issuer", Some("INV-20231130-001"), false, Some("06")),
    ("settlement-completed", Settlement, "settlement.completed", None, false, None),
    ("settlement-refunded", Settlement, "settlement.refunded", None, false, None),
    ("settlement-refund-cancelled", Settlement, "settlement.refund_cancelled", None, false, None),
    ("direct-debit-binding", DirectDebit, "direct-debit.binding.succeeded", None, false, None),
    ("direct-debit-binding-v2", DirectDebit, "direct-debit.binding.succeeded", Some("cust-9001"), false, None),
    ("direct-debit-charge-v1", DirectDebit, "direct-debit.charge.succeeded", Some("INV-2026-0001"), false, None),
    ("direct-debit-charge-v2", DirectDebit, "direct-debit.charge.succeeded", Some("INV-2026-0001"), false, None),
    ("payment-link-inquiry", PaymentLinkInquiry, "payment-link-inquiry", None, false, None),
    ("payment-link-inquiry-card", PaymentLinkInquiry, "payment-link-inquiry", None, false, None),
    ("payment-link-inquiry-documented-name", PaymentLinkInquiry, "payment_link.inquiry", None, false, None),
    ("product-expiration", ProductExpiration, "product-expiration", None, false, None),
    ("product-expiration-documented-name", ProductExpiration, "product_expiration", None, false, None),
    ("transaction-expiration", TransactionExpiration, "transaction-expiration", None, false, None),
    ("transaction-expiration-documented-name", TransactionExpiration, "transaction_expiration", None, false, None),
];

fn data() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

fn body(file: &str) -> Vec<u8> {
    fs::read(data().join(file).with_extension("json")).unwrap()
}

fn event(file: &str) -> Event {
    Event::read(&body(file)).unwrap()
}

/// The fields of a payload, where a test expects a certain variant.
macro_rules! payload {
    ($file:literal, $variant:ident) => {
        match event($file).into_payload() {
            Payload::$variant(payload) => payload,
            other => panic!("{} is {other:?}", $file),
        }
    };
}

#[test]
fn each_payload_is_the_event_that_it_is() {
    for &(file, kind, name, reference, paid, status) in PAYLOADS {
        let event = event(file);
        assert_eq!(event.kind(), kind, "{file}");
        assert_eq!(event.name(), name, "{file}");
        assert_eq!(event.merchant_reference().as_deref(), reference, "{file}");
        assert_eq!(event.is_paid(), paid, "{file}");
        let code = event.transaction_status();
        assert_eq!(code.as_ref().map(|code| code.as_str()), status, "{file}");
        assert_eq!(event.body(), &body(file), "{file}");
        let variant = format!("{:?}", event.payload());
        assert!(
            variant.starts_with(&format!("{kind:?}(")),
            "{file}: {variant}"
        );
    }
}

#[test]
fn each_kind_has_a_payload() {
    let payloads: BTreeSet<_> = PAYLOADS.iter().map(|row| row.1.as_str()).collect();
    for kind in EventKind::KNOWN {
        assert!(payloads.contains(kind.as_str()), "{kind} has none");
    }
}

#[test]
fn each_payload_that_is_kept_here_is_tested() {
    let files: BTreeSet<String> = fs::read_dir(data())
        .unwrap()
        .map(|file| {
            file.unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    let tested = PAYLOADS.iter().map(|row| row.0);
    let tested = tested.chain(["dashboard-test"]);
    assert_eq!(files, tested.map(str::to_owned).collect());
}

#[test]
fn no_field_is_lost_on_the_way_out() {
    for &(file, ..) in PAYLOADS {
        let event = event(file);
        let encoded = common::encode(event.payload());
        covers(event.json(), &encoded, file);
    }
}

#[test]
fn no_field_of_a_documented_sample_is_lost() {
    for kind in EventKind::KNOWN {
        let sample = kind.sample().unwrap();
        let event = Event::read(sample.as_bytes()).unwrap();
        assert_eq!(event.kind(), *kind);
        covers(
            event.json(),
            &common::encode(event.payload()),
            kind.as_str(),
        );
        assert_eq!(event.body(), sample.as_bytes(), "{kind}");
    }
}

#[test]
fn an_event_of_tomorrow_survives_byte_for_byte() {
    let body = "{\"event\" : \"kyb.approved\",\n \"data\": {\"n\":1.50,\"n\":1e2, \"deep\":{\"\\u00e9\":[]}}}\n";
    let event = Event::read(body.as_bytes()).unwrap();
    assert_eq!((event.kind(), event.name()), (Unknown, "kyb.approved"));
    assert!(matches!(event.payload(), Payload::Unknown));
    assert_eq!(event.body(), body.as_bytes());
    assert_eq!(event.json()["data"]["deep"], json!({"é": []}));
}

/// Asserts that everything that was said is said again; how money is spelt may change.
fn covers(original: &Value, encoded: &Value, at: &str) {
    match original {
        Value::Null => assert!(encoded.is_null(), "{at}"),
        Value::String(text) if text.is_empty() => {
            assert!(encoded.is_null() || encoded == original, "{at}");
        }
        Value::Object(members) => {
            for (name, value) in members {
                let at = format!("{at}.{name}");
                covers(
                    value,
                    encoded.get(name).unwrap_or_else(|| panic!("{at}")),
                    &at,
                );
            }
        }
        Value::Array(items) => {
            assert_eq!(Some(items.len()), encoded.as_array().map(Vec::len), "{at}");
            for (at_item, item) in items.iter().enumerate() {
                covers(item, &encoded[at_item], &format!("{at}[{at_item}]"));
            }
        }
        _ if original == encoded => {}
        scalar => assert_eq!(number(scalar), number(encoded), "{at}: {scalar} {encoded}"),
    }
}

fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.parse().unwrap(),
        other => other.as_f64().unwrap(),
    }
}

#[test]
fn payments_name_their_fields() {
    let va = payload!("va-transaction-live-amount", VaTransaction);
    assert_eq!(va.timestamp.unwrap().instant(), wib("2025-12-26T06:35:45Z"));
    let transaction = va.data.transaction;
    assert_eq!(
        transaction.transaction_id.as_deref(),
        Some("3211120250926133543246")
    );
    assert_eq!(transaction.amount.unwrap().value, Rupiah::new(125_000));
    let info = va.data.payment.unwrap().additional_info.unwrap();
    assert_eq!(info.va_number.as_deref(), Some("7872955146576837"));
    assert_eq!(info.bank.unwrap().number.as_deref(), Some("016"));
    assert_eq!(info.fees.unwrap().amount.unwrap(), Rupiah::new(1500));

    let old = payload!("va-transaction-2025", VaTransaction);
    let info = old.data.payment.unwrap().additional_info.unwrap();
    assert_eq!(info.fees.unwrap().amount.unwrap(), Rupiah::new(1500));
    assert_eq!(
        old.data.customer.unwrap().phone.unwrap().expose(),
        "081200000003"
    );

    let qris = payload!("qris-acquirer-transaction", QrisAcquirerTransaction);
    assert_eq!(qris.data.transaction.id, Some(42));
    assert_eq!(
        qris.data.transaction.total_amount.unwrap().value,
        Rupiah::new(1_000_123)
    );

    let link = payload!("payment-link-transaction", PaymentLinkTransaction);
    assert_eq!(link.data.transaction.reff_no, "18917720251110094037705");
    let link = link
        .data
        .payment
        .unwrap()
        .additional_info
        .unwrap()
        .payment_link
        .unwrap();
    assert_eq!((link.id, link.account_id), (Some(189), Some(35)));
    assert_eq!(link.total_amount, Some(Rupiah::new(10_000)));

    let ewallet = payload!("ewallet-native-transaction", EwalletNativeTransaction);
    assert_eq!(
        ewallet.data.transaction.amount.unwrap().value,
        Rupiah::new(95_000)
    );
    assert_eq!(
        ewallet.data.transaction.total_amount.unwrap().value,
        Rupiah::new(100_000)
    );
    assert_eq!(
        ewallet.data.transaction.ewallet_vendor.as_deref(),
        Some("GOPAY")
    );
}

fn wib(text: &str) -> Option<Timestamp> {
    serde_json::from_value::<singapay_core::Iso8601>(text.into())
        .unwrap()
        .instant()
}

#[test]
fn payouts_name_their_fields() {
    let failed = payload!("disbursement-failed-live", Disbursement);
    assert_eq!(failed.response_code.as_deref(), Some("SP001"));
    assert_eq!(failed.data.failed_code.as_deref(), Some("500"));
    assert!(failed.data.processed_timestamp.is_none());
    assert_eq!(failed.data.gross_amount.unwrap().value, Rupiah::new(11_000));
    assert_eq!(failed.data.bank.unwrap().code.as_deref(), Some("002"));
    assert_eq!(
        event("disbursement-failed-live").transaction_status(),
        Some(TransactionStatusCode::Failed)
    );

    let topup = payload!("ewallet-topup-iso-times", EwalletTopup);
    assert_eq!(topup.data.ewallet.unwrap().code, Some(EwalletCode::Dana));
    assert_eq!(
        topup.data.post_timestamp.unwrap().instant(),
        wib("2026-04-02T03:30:00Z")
    );

    let qris = payload!("qris-issuer-unnamed", QrisIssuer);
    assert_eq!(qris.data.qr_code, Some("0002010102".into()));
    assert_eq!(
        qris.data.post_timestamp.unwrap().instant(),
        wib("2023-11-30T12:34:56Z")
    );
}

#[test]
fn the_others_name_their_fields() {
    let settlement = payload!("settlement-completed", Settlement);
    assert_eq!(settlement.event, Some(SettlementEvent::SettlementCompleted));
    assert_eq!(settlement.data.settlement.id, 1234);
    assert_eq!(
        settlement.data.settlement.total_to_transfer,
        Some(Rupiah::new(1_000_000))
    );
    assert_eq!(settlement.data.total_transactions, Some(5));
    for (file, account) in [
        ("settlement-refunded", "01K946KF851RK7FX075GJHBVKF"),
        ("settlement-refund-cancelled", "35"),
    ] {
        let Payload::Settlement(settlement) = event(file).into_payload() else {
            panic!("{file}");
        };
        let refund = settlement.data.refund.unwrap();
        assert_eq!(refund.settlement_detail_id, Some(71), "{file}");
        assert_eq!(refund.account_id.as_deref(), Some(account), "{file}");
    }

    let failed = payload!("subscription-payment-failed", SubscriptionCycle);
    assert_eq!(
        failed.event,
        Some(SubscriptionEvent::SubscriptionCyclePaymentFailed)
    );
    assert_eq!(failed.success, Some(true), "it says so on failure too");
    assert_eq!(failed.data.bill.unwrap().bill_number.as_deref(), Some("B1"));
    let changed = payload!("subscription-status-changed", SubscriptionCycle);
    let reason = changed.data.plan.metadata.unwrap().cancellation_reason;
    assert_eq!(reason.as_deref(), Some("initial_linking_failed"));

    let binding = payload!("direct-debit-binding", DirectDebit).data.unwrap();
    assert_eq!(binding.status.as_deref(), Some("ACTIVE"));

    let swept = payload!("transaction-expiration", TransactionExpiration);
    assert_eq!(
        swept.timestamp.unwrap().instant(),
        wib("2026-08-20T21:35:02Z")
    );
    assert_eq!(swept.data.unwrap().qris_histories.unwrap().len(), 0);
    let expired = payload!("product-expiration", ProductExpiration);
    assert_eq!(expired.data.unwrap().payment_links.unwrap().len(), 0);
}

#[test]
fn the_channel_of_a_link_is_read_out_of_its_text() {
    let inquiry = event("payment-link-inquiry");
    assert_eq!(
        inquiry.payment_method_additional().unwrap()["retail_code"],
        "ALFAMART"
    );
    assert_eq!(
        event("payment-link-inquiry-card").payment_method_additional(),
        None
    );
    assert_eq!(event("va-transaction").payment_method_additional(), None);
}

#[test]
fn the_dashboards_test_button_is_no_payment() {
    let event = event("dashboard-test");
    assert_eq!(
        (event.kind(), event.name()),
        (DashboardTest, "dashboard-test")
    );
    assert!(!event.is_paid() && event.merchant_reference().is_none());
    let Payload::DashboardTest(text) = event.payload() else {
        panic!("{event:?}");
    };
    assert_eq!(text, "VA Payment Notification testing");
}

#[test]
fn a_payout_of_2025_has_its_status_where_it_stands_now() {
    for (file, code) in [
        ("disbursement-2025", TransactionStatusCode::Success),
        ("disbursement-2025-failed", TransactionStatusCode::Failed),
    ] {
        let event = event(file);
        assert_eq!(event.transaction_status(), Some(code.clone()));
        let Payload::Disbursement(payout) = event.payload() else {
            panic!("{event:?}");
        };
        assert_eq!(payout.data.transaction_status.code, code);
        assert_eq!(
            payout.data.net_amount.as_ref().unwrap().value,
            Rupiah::new(50_000)
        );
    }
}

#[test]
fn a_word_that_2025_did_not_have_says_nothing_about_a_payout() {
    let mut body: Value = serde_json::from_slice(&body("disbursement-2025")).unwrap();
    for (status, readable) in [
        (json!("pending"), true),
        (json!("SUCCESS"), false),
        (json!("paid"), false),
        (json!(1), false),
        (json!(null), false),
    ] {
        body["data"]["status"] = status;
        let event = Event::read(body.to_string().as_bytes()).unwrap();
        assert_eq!(event.transaction_status().is_some(), readable);
        match event.payload() {
            Payload::Disbursement(_) if readable => {}
            Payload::Unreadable(unreadable) if !readable => {
                assert_eq!(unreadable.members, ["data.transaction_status.code"]);
            }
            other => panic!("{other:?}"),
        }
    }
    // A code that is there speaks alone.
    body["data"]["status"] = json!("success");
    body["data"]["transaction_status"] = json!({"code": "06"});
    let event = Event::read(body.to_string().as_bytes()).unwrap();
    assert_eq!(
        event.transaction_status(),
        Some(TransactionStatusCode::Failed)
    );
    body["data"]["transaction_status"] = json!({"desc": "Failed"});
    let event = Event::read(body.to_string().as_bytes()).unwrap();
    assert_eq!(event.transaction_status(), None);
    assert!(matches!(event.payload(), Payload::Unreadable(_)));
}

#[test]
fn a_direct_debit_is_read_in_either_envelope() {
    let first = payload!("direct-debit-charge-v1", DirectDebit);
    assert_eq!(
        (first.status, first.success, first.response_code),
        (Some(200), Some(true), None)
    );
    assert!(first.timestamp.unwrap().instant().is_some());
    let second = payload!("direct-debit-charge-v2", DirectDebit);
    assert_eq!(
        (second.status, second.response_code.as_deref()),
        (None, Some("SP000"))
    );
    for data in [first.data.unwrap(), second.data.unwrap()] {
        assert_eq!(data.status.as_deref(), Some("SUCCESS"));
        assert_eq!(data.amount, Some(Rupiah::new(150_000)));
    }
}

#[test]
fn a_wallet_payment_without_reference_names_none() {
    let mut body: Value = serde_json::from_slice(&body("ewallet-native-transaction")).unwrap();
    for nothing in [json!(null), json!("")] {
        body["data"]["transaction"]["merchant_reff_no"] = nothing;
        let event = Event::read(body.to_string().as_bytes()).unwrap();
        assert_eq!(event.merchant_reference(), None);
    }
}

#[test]
fn a_body_that_would_take_far_more_than_its_length_is_no_event() {
    let objects = r#"{"":0},"#.repeat(15_000);
    let bomb = format!(r#"{{"event":"payment","data":[{objects}0]}}"#);
    let error = Event::read(bomb.as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "the body is not small enough to be read");
    assert_eq!(error.body(), bomb.as_bytes());
}
