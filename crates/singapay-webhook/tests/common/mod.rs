//! Helpers that the suites share.

use serde_json::Value;
use singapay_webhook::Payload;

/// The typed payload as JSON again.
#[allow(dead_code, reason = "not every suite writes")]
pub(crate) fn encode(payload: &Payload) -> Value {
    match payload {
        Payload::VaTransaction(payload) => serde_json::to_value(payload),
        Payload::QrisAcquirerTransaction(payload) => serde_json::to_value(payload),
        Payload::PaymentLinkTransaction(payload) => serde_json::to_value(payload),
        Payload::EwalletNativeTransaction(payload) => serde_json::to_value(payload),
        Payload::SubscriptionCycle(payload) => serde_json::to_value(payload),
        Payload::Disbursement(payload) => serde_json::to_value(payload),
        Payload::EwalletTopup(payload) => serde_json::to_value(payload),
        Payload::QrisIssuer(payload) => serde_json::to_value(payload),
        Payload::Settlement(payload) => serde_json::to_value(payload),
        Payload::DirectDebit(payload) => serde_json::to_value(payload),
        Payload::PaymentLinkInquiry(payload) => serde_json::to_value(payload),
        Payload::ProductExpiration(payload) => serde_json::to_value(payload),
        Payload::TransactionExpiration(payload) => serde_json::to_value(payload),
        other => panic!("{other:?} has no typed payload"),
    }
    .unwrap()
}
