//! Which event a body is: one URL may receive all of them.

use serde_json::Value;

use crate::{kind::EventKind, payload::at};

/// Families whose names go on after a prefix.
const PREFIXES: &[(&str, EventKind)] = &[
    ("subscription.", EventKind::SubscriptionCycle),
    ("settlement.", EventKind::Settlement),
    ("payment_link.inquiry", EventKind::PaymentLinkInquiry),
    ("payment-link-inquiry", EventKind::PaymentLinkInquiry),
    ("direct-debit", EventKind::DirectDebit),
    ("direct_debit", EventKind::DirectDebit),
];

/// `transaction.type` and `payment.method` of payments. The documented sample of a payment link has
/// no `event`; those of 2025 have none at all.
const METHODS: &[(&str, EventKind)] = &[
    ("pl", EventKind::PaymentLinkTransaction),
    ("payment_link", EventKind::PaymentLinkTransaction),
    ("va", EventKind::VaTransaction),
    ("qris", EventKind::QrisAcquirerTransaction),
    ("ewallet", EventKind::EwalletNativeTransaction),
];

/// Members that only one event has.
const MEMBERS: &[(&str, EventKind)] = &[
    ("data.bank", EventKind::Disbursement),
    ("data.ewallet", EventKind::EwalletTopup),
    ("data.qr_code", EventKind::QrisIssuer),
    ("data.qr_data", EventKind::QrisIssuer),
    ("data.settlement", EventKind::Settlement),
];

/// The kind of a body: by its name, and without one by its members.
pub(crate) fn kind_of(json: &Value) -> EventKind {
    match received_name(json) {
        Some(name) => by_name(name),
        None => by_members(json),
    }
}

/// The text of `event`, if there is any.
pub(crate) fn received_name(json: &Value) -> Option<&str> {
    at(json, "event")
        .and_then(Value::as_str)
        .filter(|name| !name.is_empty())
}

/// The batch events are documented with underscores and sent with hyphens.
pub(crate) fn by_name(name: &str) -> EventKind {
    let hyphens = name.replace('_', "-");
    let known = EventKind::KNOWN.iter().copied();
    let family = || PREFIXES.iter().find(|(prefix, _)| name.starts_with(prefix));
    known
        .into_iter()
        .find(|kind| kind.as_str() == hyphens)
        .or_else(|| family().map(|(_, kind)| *kind))
        .unwrap_or(EventKind::Unknown)
}

fn by_members(json: &Value) -> EventKind {
    if at(json, "data").is_some_and(Value::is_string) {
        return EventKind::DashboardTest;
    }
    let method = |path| {
        let text = at(json, path)?.as_str()?;
        METHODS.iter().find(|(method, _)| *method == text)
    };
    let by_type = method("data.transaction.type");
    let by_method = method("data.payment.method");
    // Either mark of a payment link is enough, whatever the other says.
    let link = [by_type, by_method]
        .into_iter()
        .flatten()
        .find(|(_, kind)| *kind == EventKind::PaymentLinkTransaction);
    link.or(by_method)
        .or(by_type)
        .or_else(|| MEMBERS.iter().find(|(path, _)| at(json, path).is_some()))
        .map_or(EventKind::Unknown, |(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use EventKind::*;

    #[test]
    fn names_in_every_spelling() {
        for (name, kind) in [
            ("va-transaction", VaTransaction),
            ("qris-acquirer-transaction", QrisAcquirerTransaction),
            ("payment-link-transaction", PaymentLinkTransaction),
            ("ewallet-native-transaction", EwalletNativeTransaction),
            ("subscription-cycle", SubscriptionCycle),
            ("subscription.cycle.payment_success", SubscriptionCycle),
            ("subscription.cycle.payment_failed", SubscriptionCycle),
            ("subscription.plan.status_changed", SubscriptionCycle),
            ("disbursement", Disbursement),
            ("ewallet-topup", EwalletTopup),
            ("ewallet_topup", EwalletTopup),
            ("qris-issuer", QrisIssuer),
            ("settlement", Settlement),
            ("settlement.completed", Settlement),
            ("settlement.refunded", Settlement),
            ("settlement.refund_cancelled", Settlement),
            ("direct-debit", DirectDebit),
            ("direct-debit.binding.succeeded", DirectDebit),
            ("direct_debit.unbinding.succeeded", DirectDebit),
            ("payment-link-inquiry", PaymentLinkInquiry),
            ("payment_link.inquiry", PaymentLinkInquiry),
            ("payment_link.inquiry.expired", PaymentLinkInquiry),
            ("payment-link-inquiry-expired", PaymentLinkInquiry),
            ("product_expiration", ProductExpiration),
            ("product-expiration", ProductExpiration),
            ("transaction_expiration", TransactionExpiration),
            ("transaction-expiration", TransactionExpiration),
        ] {
            assert_eq!(EventKind::from_name(name), kind, "{name}");
        }
    }

    #[test]
    fn other_names_are_unknown_and_never_guessed() {
        for name in [
            "",
            " va-transaction",
            "VA-TRANSACTION",
            "va-transaction.paid",
            "subscription",
            "settlements",
            "disbursement.completed",
            "dashboard-test",
            "unknown",
            "kyb",
        ] {
            assert_eq!(EventKind::from_name(name), Unknown, "{name}");
        }
        let body = json!({"event": "kyb.approved", "data": {"bank": {"code": "002"}}});
        assert_eq!(kind_of(&body), Unknown, "a name leaves nothing to guess");
    }

    #[test]
    fn members_tell_where_the_name_is_missing() {
        for (data, kind) in [
            (
                json!({"transaction": {"type": "pl"}}),
                PaymentLinkTransaction,
            ),
            (
                json!({"payment": {"method": "payment_link"}}),
                PaymentLinkTransaction,
            ),
            (
                json!({"transaction": {"type": "pl"}, "payment": {"method": "qris"}}),
                PaymentLinkTransaction,
            ),
            (
                json!({"transaction": {"type": "va"}, "payment": {"method": "payment_link"}}),
                PaymentLinkTransaction,
            ),
            (json!({"payment": {"method": "va"}}), VaTransaction),
            (json!({"transaction": {"type": "va"}}), VaTransaction),
            (
                json!({"payment": {"method": "qris"}}),
                QrisAcquirerTransaction,
            ),
            (
                json!({"payment": {"method": "ewallet"}}),
                EwalletNativeTransaction,
            ),
            (json!({"bank": {"code": "BRI"}}), Disbursement),
            (json!({"bank": []}), Disbursement),
            (json!({"ewallet": {"code": "DANA"}}), EwalletTopup),
            (json!({"qr_code": "0002"}), QrisIssuer),
            (json!({"qr_data": "0002"}), QrisIssuer),
            (json!({"settlement": {"id": 1}}), Settlement),
            (json!("VA Payment Notification testing"), DashboardTest),
            (json!({"bank": null}), Unknown),
            (json!({"payment": {"method": 7}}), Unknown),
            (json!({}), Unknown),
            (json!([]), Unknown),
            (json!(null), Unknown),
        ] {
            for body in [
                json!({"data": data}),
                json!({"data": data, "event": null}),
                json!({"data": data, "event": ""}),
                json!({"data": data, "event": 7}),
            ] {
                assert_eq!(kind_of(&body), kind, "{body}");
            }
        }
        assert_eq!(kind_of(&json!({})), Unknown);
    }
}
