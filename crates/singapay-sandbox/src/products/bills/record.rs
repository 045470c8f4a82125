//! Bill payments, and the inquiries that wait for one.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{table::Record, wire_time::At};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum BillStatus {
    Pending,
    Success,
    Refunded,
    /// Refused by the vendor at once; the deposit was left alone.
    Failed,
}

impl BillStatus {
    pub(crate) const WORDS: [&str; 4] = ["pending", "success", "refunded", "failed"];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Success => "success",
            Self::Refunded => "refunded",
            Self::Failed => "failed",
        }
    }

    /// True when the deposit has paid for it.
    pub(crate) fn is_charged(self) -> bool {
        matches!(self, Self::Pending | Self::Success)
    }
}

/// One payment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Bill {
    pub(crate) transaction_id: String,
    pub(crate) reference_number: String,
    pub(crate) product_code: String,
    pub(crate) customer_id: String,
    /// Unknown for direct payments.
    pub(crate) customer_name: Option<String>,
    pub(crate) amount: i64,
    pub(crate) late_fee: i64,
    pub(crate) price: i64,
    pub(crate) period: Option<[String; 2]>,
    pub(crate) status: BillStatus,
    /// Goods that the vendor delivered: token, voucher.
    pub(crate) other_info: Map<String, Value>,
    pub(crate) inquired_at: Option<At>,
    pub(crate) created_at: At,
    /// Time at which a pending payment ends by itself.
    pub(crate) due_at: Option<At>,
    /// The customer id no longer counts as used today.
    pub(crate) freed: bool,
}

impl Bill {
    /// The outcome that the last digits of the customer id choose; the sandbox's own convention.
    pub(super) fn ends(&self) -> Ending {
        let digits = self.customer_id.len().saturating_sub(4);
        match self.customer_id.get(digits..) {
            Some("0002") => Ending::Refused,
            Some("0003") => Ending::Refunded,
            Some("0004") => Ending::Open,
            _ => Ending::Delivered,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Delivered,
    Refused,
    Refunded,
    /// Stays pending until it is decided by hand.
    Open,
}

impl Record for Bill {
    const TABLE: &'static str = "bill";

    fn keys(&self) -> Vec<String> {
        vec![self.transaction_id.clone()]
    }
}

/// An answered inquiry; one payment can be made of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct BillInquiry {
    pub(crate) reference_number: String,
    pub(crate) command: String,
    pub(crate) product_code: String,
    pub(crate) customer_id: String,
    pub(crate) customer_name: String,
    pub(crate) amount: i64,
    pub(crate) late_fee: i64,
    /// Price that the payment takes from the deposit.
    pub(crate) price: i64,
    pub(crate) period: Option<[String; 2]>,
    pub(crate) used: bool,
    pub(crate) at: At,
}

impl Record for BillInquiry {
    const TABLE: &'static str = "bill_inquiry";

    fn keys(&self) -> Vec<String> {
        vec![self.reference_number.clone()]
    }
}
