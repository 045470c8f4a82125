//! The table of endings, row by row.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use Ending::{Canceled, Expired, Failed, Paid, Refunded};
use proptest::prelude::*;
use serde_json::{Value, json};
use singapay::{
    Ending, PaymentState, Timestamp,
    time::UnixMillis,
    types::{
        CardPaymentStatus, DirectDebitTransaction, EwalletTransaction, PaymentLink,
        QrisTransaction, VirtualAccount,
    },
};

fn of<T: serde::de::DeserializeOwned + PaymentState>(data: Value) -> Option<Ending> {
    let now = Timestamp::from_unix_seconds(1_787_304_000);
    serde_json::from_value::<T>(data).unwrap().ending(now)
}

/// A minute and a second before the time of reading.
const PAST: &str = "2026-08-21T16:18:59+07:00";

#[test]
fn of_payment_links() {
    let link = |more: Value| {
        let mut link = json!({"id": 1, "payment_url": "u", "status": "open"});
        link.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        of::<PaymentLink>(link)
    };
    for (more, ending) in [
        (json!({}), None),
        (json!({"payment_date": PAST}), Some(Paid)),
        (
            json!({"payment_date": PAST, "status_computed": "expired"}),
            Some(Paid),
        ),
        (
            json!({"payment_date": PAST, "status": "closed", "current_usage": 1}),
            Some(Paid),
        ),
        (json!({"payment_date": ""}), None),
        (json!({"payment_date": "0000-00-00 00:00:00"}), None),
        (
            json!({"payment_date": "-0001-11-30 00:00:00", "is_expired": true}),
            Some(Expired),
        ),
        // Paid at a time that nobody can read, or not at all.
        (json!({"payment_date": "kemarin", "is_expired": true}), None),
        (json!({"status_computed": "expired"}), Some(Expired)),
        (json!({"status": "expired"}), Some(Expired)),
        (
            json!({"status_computed": "open", "is_expired": true}),
            Some(Expired),
        ),
        (
            json!({"status": "closed", "current_usage": 0}),
            Some(Canceled),
        ),
        (json!({"status": "closed"}), None),
        (json!({"status": "closed", "current_usage": 1}), None),
        (json!({"expired_at": PAST}), Some(Expired)),
        (json!({"expired_at": "2026-08-21T16:19:01+07:00"}), None),
        (json!({"expired_at": null}), None),
        (json!({"status": "held", "expired_at": PAST}), None),
        (
            json!({"status": "held", "status_computed": "expired"}),
            None,
        ),
        (json!({"status_computed": "held", "expired_at": PAST}), None),
        // Used, so perhaps paid.
        (
            json!({"status_computed": "expired", "current_usage": 1}),
            None,
        ),
        (json!({"is_expired": true, "current_usage": 1}), None),
        (json!({"expired_at": PAST, "current_usage": 1}), None),
    ] {
        assert_eq!(link(more.clone()), ending, "{more}");
    }
}

/// Seen in answers of the same backend: dates that stand for none.
#[test]
fn an_expiry_that_is_none_ends_nothing() {
    for none in [
        json!("-0001-11-30 00:00:00"),
        json!("0000-00-00 00:00:00"),
        json!("1970-01-01 07:00:00"),
        json!("1970-01-01T00:00:00Z"),
        json!("01 Jan 1970 07:00:00"),
        json!("0"),
        json!(0),
    ] {
        let open = json!({"id": 1, "payment_url": "u", "qr_data": "00", "reff_no": "R",
            "status": "open", "status_computed": "open", "is_expired": false, "expired_at": none});
        assert_eq!(of::<PaymentLink>(open.clone()), None, "{none}");
        assert_eq!(of::<QrisTransaction>(open.clone()), None, "{none}");
        assert_eq!(of::<EwalletTransaction>(open), None, "{none}");
        let account = json!({"id": "V", "number": "9", "status": "active", "kind": "temporary",
            "current_usage": 0, "expired_at": none});
        assert_eq!(of::<VirtualAccount>(account), None, "{none}");
    }
}

#[test]
fn an_expiry_that_was_over_before_it_began_ends_nothing() {
    for (created, ending) in [
        ("2026-08-21T16:18:58+07:00", Some(Expired)),
        (PAST, None),
        ("2026-08-21 16:20:00", None),
        ("0000-00-00 00:00:00", Some(Expired)),
    ] {
        let open = json!({"id": 1, "payment_url": "u", "qr_data": "00", "reff_no": "R",
            "status": "open", "expired_at": PAST, "created_at": created});
        assert_eq!(of::<PaymentLink>(open.clone()), ending, "{created}");
        assert_eq!(of::<QrisTransaction>(open.clone()), ending, "{created}");
        assert_eq!(of::<EwalletTransaction>(open), ending, "{created}");
    }
}

#[test]
fn of_virtual_accounts() {
    let va = |more: Value| {
        let mut account = json!({
            "id": "01K946KF851RK7FX075GJHBVKF", "number": "9090000000000001", "status": "active",
            "kind": "temporary", "current_usage": 0, "expired_at": 1_787_304_900_000_i64,
        });
        account
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        of::<VirtualAccount>(account)
    };
    let millis = UnixMillis::from(Timestamp::from_unix_seconds(1_787_303_000)).raw();
    for (more, ending) in [
        (json!({}), None),
        (json!({"current_usage": 1}), Some(Paid)),
        (
            json!({"current_usage": 1, "status": "inactive"}),
            Some(Paid),
        ),
        (json!({"current_usage": null}), None),
        (json!({"status": "inactive"}), Some(Canceled)),
        (json!({"status": "expired"}), Some(Expired)),
        (json!({"expired_at": millis}), Some(Expired)),
        (json!({"expired_at": millis, "kind": "permanent"}), None),
        (json!({"expired_at": 0, "kind": "permanent"}), None),
        // Without the counter nobody knows that it was not paid.
        (json!({"status": "inactive", "current_usage": null}), None),
        (json!({"status": "expired", "current_usage": null}), None),
        (json!({"expired_at": millis, "current_usage": null}), None),
    ] {
        assert_eq!(va(more.clone()), ending, "{more}");
    }
}

#[test]
fn of_qris() {
    let qris = |stored: &str, computed: &str, expired: bool| {
        of::<QrisTransaction>(json!({"id": 1, "qr_data": "00", "status": stored,
            "status_computed": computed, "is_expired": expired}))
    };
    assert_eq!(qris("open", "open", false), None);
    assert_eq!(qris("open", "open", true), Some(Expired));
    assert_eq!(qris("open", "expired", true), Some(Expired));
    assert_eq!(qris("paid", "paid", true), Some(Paid));
    assert_eq!(qris("paid", "expired", true), Some(Paid));
    assert_eq!(qris("settled", "settled", false), Some(Paid));
    assert_eq!(qris("held", "expired", true), None);
}

#[test]
fn of_ewallets() {
    let wallet = |more: Value| {
        let mut order = json!({"reff_no": "E1"});
        order
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        of::<EwalletTransaction>(order)
    };
    for (more, ending) in [
        (json!({}), None),
        (json!({"expired_at": PAST}), None),
        (json!({"status": "open", "expired_at": PAST}), Some(Expired)),
        (
            json!({"status": "open", "status_computed": "expired"}),
            Some(Expired),
        ),
        (
            json!({"status": "success", "status_computed": "expired"}),
            Some(Paid),
        ),
        (json!({"status": "failed"}), Some(Failed)),
        (json!({"status": "canceled"}), Some(Canceled)),
        (
            json!({"status": "held", "status_computed": "expired"}),
            None,
        ),
    ] {
        assert_eq!(wallet(more.clone()), ending, "{more}");
    }
}

#[test]
fn of_cards_and_direct_debits() {
    let card = |status| of::<CardPaymentStatus>(json!({"transaction_id": "1", "status": status}));
    for (status, ending) in [
        ("pending", None),
        ("processing", None),
        ("registered", None),
        ("success", Some(Paid)),
        ("failed", Some(Failed)),
        ("cancelled", Some(Canceled)),
        ("refunded", Some(Refunded)),
    ] {
        assert_eq!(card(status), ending, "{status}");
    }
    let debit =
        |status| of::<DirectDebitTransaction>(json!({"transaction_id": "1", "status": status}));
    for (status, ending) in [
        ("PENDING", None),
        ("PENDING_OTP", None),
        ("success", None),
        ("SUCCESS", Some(Paid)),
        ("FAILED", Some(Failed)),
        ("EXPIRED", Some(Expired)),
    ] {
        assert_eq!(debit(status), ending, "{status}");
    }
}

proptest! {
    #[test]
    fn a_status_that_is_not_known_ends_nothing(status in "[a-zA-Z_]{1,12}") {
        const KNOWN: [&str; 19] = [
            "open", "closed", "expired", "active", "inactive", "paid", "settled", "success", "failed",
            "canceled", "cancelled", "refunded", "pending", "processing", "PENDING", "PENDING_OTP",
            "SUCCESS", "FAILED", "EXPIRED",
        ];
        prop_assume!(!KNOWN.contains(&status.as_str()));
        let one = json!({
            "id": 1, "transaction_id": "1", "payment_url": "u", "qr_data": "00", "reff_no": "E1",
            "number": "9", "status": status, "expired_at": PAST,
        });
        let mut account = one.clone();
        account["id"] = json!("V");
        prop_assert_eq!(of::<PaymentLink>(one.clone()), None);
        prop_assert_eq!(of::<VirtualAccount>(account), None);
        prop_assert_eq!(of::<QrisTransaction>(one.clone()), None);
        prop_assert_eq!(of::<EwalletTransaction>(one.clone()), None);
        prop_assert_eq!(of::<CardPaymentStatus>(one.clone()), None);
        prop_assert_eq!(of::<DirectDebitTransaction>(one), None);
    }
}
