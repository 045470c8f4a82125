//! Cardless withdrawals: money locked until somebody fetches it at a machine.

use serde::{Deserialize, Serialize};

use crate::{table::Record, wire_time::At};

/// Life of a withdrawal; `open` is also called pending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CardlessStatus {
    Open,
    Success,
    Expired,
    Canceled,
}

impl CardlessStatus {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Success => "success",
            Self::Expired => "expired",
            Self::Canceled => "canceled",
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CardlessWithdrawal {
    pub(crate) account: u64,
    pub(crate) transaction_id: String,
    pub(crate) reference: String,
    pub(crate) customer_name: String,
    pub(crate) customer_id: String,
    pub(crate) vendor_code: String,
    pub(crate) amount: i64,
    pub(crate) vendor_fee: i64,
    pub(crate) margin: i64,
    pub(crate) status: CardlessStatus,
    pub(crate) otp: String,
    pub(crate) expires_at: At,
    pub(crate) processed_at: Option<At>,
    pub(crate) created_at: At,
    pub(crate) updated_at: At,
}

impl CardlessWithdrawal {
    pub(crate) fn is_open(&self) -> bool {
        self.status == CardlessStatus::Open
    }

    pub(crate) fn total(&self) -> i64 {
        self.amount + self.vendor_fee + self.margin
    }

    pub(crate) fn key(account: u64, reference: &str) -> String {
        format!("{account}:{reference}")
    }
}

impl Record for CardlessWithdrawal {
    const TABLE: &'static str = "cardless_withdrawal";

    fn keys(&self) -> Vec<String> {
        vec![
            Self::key(self.account, &self.reference),
            format!("id:{}", self.transaction_id),
        ]
    }
}
