//! What can go wrong behind the verification.

use std::{fmt, time::Duration};

use singapay_core::BoxError;

use super::record::text;

/// A ledger failed. What it was doing may have been done or not.
///
/// Of a [`Ledger`](crate::Ledger).
#[derive(Debug)]
pub struct LedgerError(BoxError);

impl LedgerError {
    /// For this reason, which holds nothing personal.
    pub fn new(source: impl Into<BoxError>) -> Self {
        Self(source.into())
    }
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the ledger of webhooks failed: {}", self.0)
    }
}

impl std::error::Error for LedgerError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}

/// Reason for which a genuine delivery was not dealt with.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum GateError {
    /// The handler failed.
    #[error("the handler failed")]
    Handler(#[source] BoxError),
    /// The handler panicked.
    #[error("the handler panicked")]
    Panicked,
    /// The attempt had not ended with its lease, and was given up; see [`Gate::with_timer`](crate::Gate::with_timer).
    #[error("the handler had not ended when its lease did")]
    TooSlow,
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl GateError {
    /// For the ledger, where people look why a delivery waits.
    pub(super) fn reason(&self) -> String {
        const MOST: usize = 500;
        match self {
            Self::Handler(error) => text(&error.to_string()).chars().take(MOST).collect(),
            other => text(&other.to_string()),
        }
    }
}

impl fmt::Debug for GateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A handler's error may hold what it was looking at.
        match self {
            Self::Handler(_) => f.write_str("Handler(..)"),
            Self::Panicked => f.write_str("Panicked"),
            Self::TooSlow => f.write_str("TooSlow"),
            Self::Ledger(error) => f.debug_tuple("Ledger").field(error).finish(),
        }
    }
}

/// Reason for which nothing was pruned.
///
/// [`Gate`](crate::Gate) shows where.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PruneError {
    /// A copy of what would be forgotten could still come, and would run again.
    #[error("deliveries are kept for at least {} seconds", .least.as_secs())]
    TooYoung {
        /// Shortest time that is kept: twice the window of the verifier, and 15 minutes.
        least: Duration,
    },
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}
