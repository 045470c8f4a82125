//! The kinds of webhooks, each with an address of its own.

use serde::{Deserialize, Serialize};

/// The notification address fields of the dashboard (seen live).
///
/// In the book: `docs/book/src/testing.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WebhookKind {
    /// Money in: virtual account, QRIS, payment link, e-wallet.
    Transaction,
    /// Money out: disbursement, e-wallet top-up, QRIS issuer.
    Disbursement,
    /// A customer picked a method on a payment link.
    PaymentLinkInquiry,
    /// Unpaid attempts that expired.
    TransactionExpiration,
    /// Payment links, virtual accounts and QR codes past their end.
    ProductExpiration,
    /// Collected money that became available, and what was taken back of it.
    Settlement,
    /// Direct debit: bindings and charges.
    DirectDebit,
    /// Subscriptions: charges, and plans that ended.
    SubscriptionCycle,
}

impl WebhookKind {
    /// All kinds that the sandbox sends.
    pub const ALL: &[Self] = &[
        Self::Transaction,
        Self::Disbursement,
        Self::PaymentLinkInquiry,
        Self::TransactionExpiration,
        Self::ProductExpiration,
        Self::Settlement,
        Self::DirectDebit,
        Self::SubscriptionCycle,
    ];

    /// Name of the field in the dashboard.
    pub fn field(self) -> &'static str {
        match self {
            Self::Transaction => "transaction_notif_url",
            Self::Disbursement => "disbursement_notif_url",
            Self::PaymentLinkInquiry => "payment_link_inquiry_notif_url",
            Self::TransactionExpiration => "transaction_expiration_notif_url",
            Self::ProductExpiration => "product_expiration_notif_url",
            Self::Settlement => "settlement_notif_url",
            Self::DirectDebit => "direct_debit_notif_url",
            Self::SubscriptionCycle => "subscription_cycle_notif_url",
        }
    }

    /// The kind with this dashboard field name, with or without `_notif_url`.
    pub fn from_field(field: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| {
            kind.field() == field || kind.field().strip_suffix("_notif_url") == Some(field)
        })
    }
}
