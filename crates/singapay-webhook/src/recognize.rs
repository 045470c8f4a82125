//! Recognition of the event that a body is: one URL may receive all of them.

use serde_json::Value;

use crate::{generated::kinds::MARKS, kind::EventKind, payload::at};

/// A member that only one event has. The documented sample of a payment link has no `event`; those of 2025
/// have none at all.
pub(crate) struct Mark {
    pub(crate) at: &'static str,
    /// Its texts; any value if there are none.
    pub(crate) is: &'static [&'static str],
    pub(crate) kind: EventKind,
}

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
    let find = |is_it: &dyn Fn(&EventKind) -> bool| {
        let mut known = EventKind::KNOWN.iter().copied();
        known.find(|kind| is_it(kind))
    };
    find(&|kind| kind.as_str() == hyphens || kind.description().spellings.contains(&name))
        .or_else(|| {
            find(&|kind| {
                kind.description()
                    .families
                    .iter()
                    .any(|start| name.starts_with(start))
            })
        })
        .unwrap_or(EventKind::Unknown)
}

fn by_members(json: &Value) -> EventKind {
    let data = at(json, "data");
    if data.is_some_and(Value::is_string) {
        return EventKind::DashboardTest;
    }
    let is_there = |mark: &&Mark| {
        at(json, mark.at).is_some_and(|value| {
            let is = |text| mark.is.contains(&text);
            mark.is.is_empty() || value.as_str().is_some_and(is)
        })
    };
    MARKS
        .iter()
        .find(is_there)
        .map_or(EventKind::Unknown, |mark| mark.kind)
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
