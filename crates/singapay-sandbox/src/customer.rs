//! Deeds of customers, and reasons against them.

use serde::{Deserialize, Serialize};

/// The end of a payment that a customer begins.
///
/// For [`Sandbox::pay_qris`](crate::Sandbox::pay_qris).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PaymentOutcome {
    /// The customer pays.
    #[default]
    Paid,
    /// The customer's bank or wallet refuses.
    Failed,
    /// The customer leaves and lets it expire.
    Expired,
}

/// Reasons for which a customer cannot do as asked.
///
/// For [`Sandbox::pay_qris`](crate::Sandbox::pay_qris).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CustomerError {
    /// There is no such payment link, payment or attempt.
    #[error("the sandbox knows nothing under {0:?}")]
    Unknown(String),
    /// The link is closed, expired or used up.
    #[error("payment link is {0}")]
    NotOpen(String),
    /// The link does not offer this method.
    #[error("payment link does not offer {0:?}")]
    MethodNotOffered(String),
    /// It is inactive, expired or used up.
    #[error("it is {0} and cannot be paid")]
    CannotBePaid(String),
    /// The amount is not one that may be paid.
    #[error("the amount must be {wanted}")]
    WrongAmount {
        /// The amounts that are possible.
        wanted: String,
    },
    /// The payment was already decided.
    #[error("payment is already {0}")]
    AlreadyDecided(String),
}

/// The row of what a customer names, if there is one.
pub(crate) fn known(row: Option<u64>, name: &str) -> Result<u64, CustomerError> {
    row.ok_or_else(|| CustomerError::Unknown(name.to_owned()))
}
