//! Money out: bank transfers, e-wallet top-ups, QRIS credits, cardless withdrawals.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{table::Record, wire_time::At};

/// Destination of the money.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Target {
    Bank {
        code: String,
        short_name: String,
        account_name: String,
        account_number: String,
    },
    Wallet {
        code: String,
        customer_number: String,
        customer_name: String,
    },
    Qris {
        qr_data: String,
        kind: String,
    },
}

impl Target {
    /// Scope of the merchant's reference, and the statement's word for the product.
    pub(crate) fn product(&self) -> &'static str {
        match self {
            Self::Bank { .. } => "disbursement",
            Self::Wallet { .. } => "ewallet",
            Self::Qris { .. } => "qris",
        }
    }

    pub(super) fn id_prefix(&self) -> &'static str {
        match self {
            Self::Bank { .. } => "140154122",
            Self::Wallet { .. } => "150154122",
            Self::Qris { .. } => "112154122",
        }
    }
}

/// State of a payout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PayoutStatus {
    Success,
    Pending,
    Failed,
}

impl PayoutStatus {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Success => "00",
            Self::Pending => "03",
            Self::Failed => "06",
        }
    }

    pub(crate) fn desc(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::Pending => "Pending",
            Self::Failed => "Failed",
        }
    }
}

/// The end of a payout.
///
/// In the book: `docs/book/src/testing.md`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum PayoutOutcome {
    /// The money arrives.
    Success,
    /// The money comes back to the account.
    Failed {
        /// Text of `failed_reason`.
        reason: String,
    },
    /// Stays pending until it is decided by hand.
    Never,
}

/// One payout.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Payout {
    pub(crate) account: u64,
    pub(crate) transaction_id: String,
    pub(crate) reference: String,
    /// Amount that the beneficiary gets.
    pub(crate) net: i64,
    pub(crate) fee: i64,
    pub(crate) status: PayoutStatus,
    pub(crate) outcome: PayoutOutcome,
    pub(crate) posted_at: At,
    pub(crate) settle_at: Option<At>,
    pub(crate) processed_at: Option<At>,
    pub(crate) balance_after: i64,
    pub(crate) notes: Option<String>,
    pub(crate) target: Target,
}

impl Payout {
    pub(crate) fn is_pending(&self) -> bool {
        self.status == PayoutStatus::Pending
    }

    pub(crate) fn gross(&self) -> i64 {
        self.net + self.fee
    }

    pub(crate) fn failed_reason(&self) -> Option<&str> {
        match (&self.outcome, self.status) {
            (PayoutOutcome::Failed { reason }, PayoutStatus::Failed) => Some(reason),
            _ => None,
        }
    }

    pub(crate) fn reference_key(product: &str, account: u64, reference: &str) -> String {
        format!("{product}:{account}:{reference}")
    }
}

impl Record for Payout {
    const TABLE: &'static str = "payout";

    fn keys(&self) -> Vec<String> {
        let product = self.target.product();
        vec![
            format!("id:{}", self.transaction_id),
            Self::reference_key(product, self.account, &self.reference),
        ]
    }
}

/// A payout to be accepted; every check has been made.
pub(crate) struct NewPayout {
    pub(crate) account: u64,
    pub(crate) reference: String,
    pub(crate) net: i64,
    pub(crate) fee: i64,
    pub(crate) notes: Option<String>,
    pub(crate) target: Target,
    pub(crate) outcome: PayoutOutcome,
    /// Until the outcome shows.
    pub(crate) delay: Duration,
}
