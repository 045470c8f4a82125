//! Card payments. Card number and CVV are checked and forgotten; only the masked number is kept.

use serde::{Deserialize, Serialize};

use crate::{table::Record, wire_time::At};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CardStatus {
    /// Waiting for the 3-D Secure page.
    Pending,
    /// Approved without a page, not captured yet.
    Processing,
    Success,
    Failed,
    Cancelled,
}

impl CardStatus {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// True while it can be voided.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Processing)
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CardPayment {
    pub(crate) account: u64,
    pub(crate) transaction_id: String,
    pub(crate) provider_transaction_id: String,
    pub(crate) reference_no: String,
    pub(crate) amount: i64,
    pub(crate) status: CardStatus,
    pub(crate) card_masked: String,
    pub(crate) installment_month: Option<u8>,
    pub(crate) auth_no: Option<String>,
    pub(crate) created_at: At,
    pub(crate) decided_at: Option<At>,
}

impl Record for CardPayment {
    const TABLE: &'static str = "card_payment";

    fn keys(&self) -> Vec<String> {
        vec![
            self.transaction_id.clone(),
            format!("provider:{}", self.provider_transaction_id),
        ]
    }
}
