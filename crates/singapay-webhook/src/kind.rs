use std::fmt;

use crate::recognize;

/// Which event it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// A virtual account was paid. One virtual account can be paid many times.
    VaTransaction,
    /// A generated QR code was paid.
    QrisAcquirerTransaction,
    /// A payment through a payment link completed: hosted-page cards and retail outlets included.
    PaymentLinkTransaction,
    /// An e-wallet checkout was paid; a failed or abandoned one sends nothing.
    EwalletNativeTransaction,
    /// A bill of a subscription was paid or failed, or the plan changed; only the name tells which.
    SubscriptionCycle,
    /// A bank disbursement succeeded or failed.
    Disbursement,
    /// An e-wallet top-up succeeded or failed.
    EwalletTopup,
    /// A QRIS payment credit succeeded or failed.
    QrisIssuer,
    /// A settlement batch is final, or a settled transaction was taken back, or that was undone;
    /// only the name tells which.
    Settlement,
    /// A direct-debit binding or charge changed. A hint to read it again: its payload is not
    /// published.
    DirectDebit,
    /// A customer picked a method on a payment link, or an attempt expired.
    PaymentLinkInquiry,
    /// Products are past their expiry. Never seen live.
    ProductExpiration,
    /// Unpaid attempts expired; the products stay usable.
    TransactionExpiration,
    /// The "Test" button of the dashboard. It is not signed, so no verifier lets it through.
    DashboardTest,
    /// An event that this version does not know.
    Unknown,
}

impl EventKind {
    /// The thirteen events that are known.
    pub const KNOWN: &'static [Self] = &[
        Self::VaTransaction,
        Self::QrisAcquirerTransaction,
        Self::PaymentLinkTransaction,
        Self::EwalletNativeTransaction,
        Self::SubscriptionCycle,
        Self::Disbursement,
        Self::EwalletTopup,
        Self::QrisIssuer,
        Self::Settlement,
        Self::DirectDebit,
        Self::PaymentLinkInquiry,
        Self::ProductExpiration,
        Self::TransactionExpiration,
    ];

    /// The kind of an event by its `event` text, in any of the spellings that are documented or
    /// were seen; [`EventKind::Unknown`] for others.
    pub fn from_name(name: &str) -> Self {
        recognize::by_name(name)
    }

    /// The canonical name, such as `va-transaction`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VaTransaction => "va-transaction",
            Self::QrisAcquirerTransaction => "qris-acquirer-transaction",
            Self::PaymentLinkTransaction => "payment-link-transaction",
            Self::EwalletNativeTransaction => "ewallet-native-transaction",
            Self::SubscriptionCycle => "subscription-cycle",
            Self::Disbursement => "disbursement",
            Self::EwalletTopup => "ewallet-topup",
            Self::QrisIssuer => "qris-issuer",
            Self::Settlement => "settlement",
            Self::DirectDebit => "direct-debit",
            Self::PaymentLinkInquiry => "payment-link-inquiry",
            Self::ProductExpiration => "product-expiration",
            Self::TransactionExpiration => "transaction-expiration",
            Self::DashboardTest => "dashboard-test",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it reports a payment to the merchant.
    pub const fn is_money_in(self) -> bool {
        matches!(
            self,
            Self::VaTransaction
                | Self::QrisAcquirerTransaction
                | Self::PaymentLinkTransaction
                | Self::EwalletNativeTransaction
        )
    }

    /// Whether it reports a payout.
    pub const fn is_money_out(self) -> bool {
        matches!(
            self,
            Self::Disbursement | Self::EwalletTopup | Self::QrisIssuer
        )
    }

    /// Where the body holds what makes the event useful, as JSON paths.
    pub(crate) const fn essential(self) -> &'static [&'static str] {
        match self {
            Self::VaTransaction => &["data.transaction.status"],
            Self::QrisAcquirerTransaction
            | Self::PaymentLinkTransaction
            | Self::EwalletNativeTransaction => {
                &["data.transaction.reff_no", "data.transaction.status"]
            }
            Self::SubscriptionCycle => &["data.plan.id"],
            Self::Disbursement | Self::EwalletTopup | Self::QrisIssuer => {
                &["data.transaction_id", "data.transaction_status.code"]
            }
            Self::Settlement => &["data.settlement.id"],
            Self::PaymentLinkInquiry => &["data.payment_link_history.reff_no"],
            Self::DirectDebit
            | Self::ProductExpiration
            | Self::TransactionExpiration
            | Self::DashboardTest
            | Self::Unknown => &[],
        }
    }

    /// Where the body holds the reference that the merchant gave, as JSON paths; the first that is
    /// there counts.
    pub(crate) const fn merchant_reference(self) -> &'static [&'static str] {
        match self {
            Self::VaTransaction => &["data.transaction.reff_no"],
            Self::QrisAcquirerTransaction => &["data.transaction.merchant_reff_no"],
            Self::EwalletNativeTransaction => &[
                "data.transaction.merchant_reff_no",
                "data.transaction.reff_no",
            ],
            Self::PaymentLinkTransaction => &["data.payment.additional_info.payment_link.reff_no"],
            // Older documents promise `merchant_reff_no`; the API drops it.
            Self::SubscriptionCycle => &["data.plan.subscription_id", "data.plan.merchant_reff_no"],
            Self::Disbursement | Self::EwalletTopup | Self::QrisIssuer => {
                &["data.reference_number"]
            }
            // A charge has its own; a binding has that of the customer.
            Self::DirectDebit => &["data.merchant_reference", "data.customer_ref"],
            _ => &[],
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
