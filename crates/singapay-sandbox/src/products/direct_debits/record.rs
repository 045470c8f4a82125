//! Bound cards, and what is charged to them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{table::Record, wire_time::At};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum BindingStatus {
    PendingAuth,
    Active,
    Unbound,
    Failed,
    Expired,
}

impl BindingStatus {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::PendingAuth => "PENDING_AUTH",
            Self::Active => "ACTIVE",
            Self::Unbound => "UNBOUND",
            Self::Failed => "FAILED",
            Self::Expired => "EXPIRED",
        }
    }
}

/// A card on its way to be bound, bound, or no longer bound.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Binding {
    pub(crate) binding_id: String,
    pub(crate) customer_ref: String,
    /// Unknown until the customer picks a bank.
    pub(crate) bank_code: Option<String>,
    pub(crate) masked_card: Option<String>,
    pub(crate) status: BindingStatus,
    /// `WITH_OTP` or `WITHOUT_OTP`.
    pub(crate) payment_otp_mode: String,
    /// Last part of the page's address.
    pub(crate) page: String,
    pub(crate) expires_at: At,
    pub(crate) failure_reason: Option<String>,
    /// Addresses to which the page leads when the card is bound, and when it is not.
    pub(crate) leads_to: [Option<String>; 2],
    /// The object that has to come back with the code that confirms an unbinding.
    pub(crate) handoff: Option<Value>,
    /// Time at which a confirmed unbinding takes effect.
    pub(crate) unbound_at: Option<At>,
    pub(crate) created_at: At,
    pub(crate) updated_at: At,
}

impl Binding {
    pub(crate) fn asks_for_codes(&self) -> bool {
        self.payment_otp_mode == "WITH_OTP"
    }

    pub(crate) fn key(binding_id: &str) -> String {
        format!("id:{binding_id}")
    }

    pub(crate) fn page_key(page: &str) -> String {
        format!("page:{page}")
    }
}

impl Record for Binding {
    const TABLE: &'static str = "binding";

    fn keys(&self) -> Vec<String> {
        vec![Self::key(&self.binding_id), Self::page_key(&self.page)]
    }
}

/// A binding as the merchant asks for it.
pub(crate) struct NewBinding {
    pub(crate) customer_ref: String,
    pub(crate) bank_code: Option<String>,
    pub(crate) payment_otp_mode: Option<String>,
    pub(crate) leads_to: [Option<String>; 2],
}

/// Banks whose cards can be bound.
pub(super) const BANKS: [&str; 7] = ["002", "008", "009", "011", "014", "022", "490"];

/// The one-time code that the sandbox's banks send.
pub(crate) const OTP: &str = "123456";
/// Wrong codes after which a charge has failed.
pub(super) const TRIES: u32 = 3;
/// Above this the bound card has no funds; the sandbox's own convention.
pub(super) const FUNDS: i64 = 50_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum DebitStatus {
    Pending,
    PendingOtp,
    Success,
    Failed,
    Expired,
}

impl DebitStatus {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::PendingOtp => "PENDING_OTP",
            Self::Success => "SUCCESS",
            Self::Failed => "FAILED",
            Self::Expired => "EXPIRED",
        }
    }

    pub(super) fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::PendingOtp)
    }
}

/// One charge.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Debit {
    pub(crate) account: u64,
    pub(crate) binding: u64,
    pub(crate) transaction_id: String,
    pub(crate) merchant_reference: String,
    pub(crate) amount: i64,
    pub(crate) fee: i64,
    pub(crate) description: Option<String>,
    pub(crate) status: DebitStatus,
    pub(crate) requires_otp: bool,
    pub(super) wrong_codes: u32,
    /// Time at which an open charge changes by itself.
    pub(crate) due_at: Option<At>,
    pub(crate) paid_at: Option<At>,
    /// Code and text.
    pub(crate) failure: Option<(String, String)>,
    pub(crate) created_at: At,
    pub(crate) updated_at: At,
}

impl Debit {
    pub(crate) fn key(transaction_id: &str) -> String {
        format!("id:{transaction_id}")
    }

    pub(crate) fn reference_key(merchant_reference: &str) -> String {
        format!("ref:{merchant_reference}")
    }
}

impl Record for Debit {
    const TABLE: &'static str = "direct_debit";

    fn keys(&self) -> Vec<String> {
        vec![
            Self::key(&self.transaction_id),
            Self::reference_key(&self.merchant_reference),
        ]
    }
}

/// A charge to be taken; every check has been made.
pub(crate) struct NewDebit {
    pub(crate) account: u64,
    pub(crate) binding: u64,
    pub(crate) merchant_reference: String,
    pub(crate) amount: i64,
    pub(crate) description: Option<String>,
}
