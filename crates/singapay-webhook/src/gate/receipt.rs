//! What became of a request, and what to answer.

use http::StatusCode;
use singapay_auth::webhook::VerifyError;

use super::GateError;
use crate::EventError;

/// What became of a request. 200 is answered only to what is committed.
///
/// [`Gate`](crate::Gate) shows where.
#[derive(Debug)]
#[must_use = "answer with its status"]
#[non_exhaustive]
pub enum Receipt {
    /// The handler ran, and what it wrote is committed.
    Accepted {
        /// The deduplication key.
        key: String,
    },
    /// A copy of what was dealt with before.
    Duplicate {
        /// The deduplication key.
        key: String,
    },
    /// A copy of what is in work just now, here or in another process.
    InProgress {
        /// The deduplication key.
        key: String,
    },
    /// The handler ran, but outlived its lease: what it wrote is undone, and somebody else has the delivery.
    LeaseLost {
        /// The deduplication key.
        key: String,
    },
    /// The handler said [`Handled::Later`](crate::Handled::Later); what it wrote is undone.
    Later {
        /// The deduplication key.
        key: String,
    },
    /// The handler or the ledger failed; what was written is undone.
    Failed {
        /// The deduplication key.
        key: String,
        /// What failed.
        error: GateError,
    },
    /// It is genuine, and its body is no event. It is kept.
    NotAnEvent {
        /// The deduplication key.
        key: String,
        /// The complaint about the body.
        error: EventError,
    },
    /// It is not proven to be the gateway's; nothing in it can be believed, and nothing of it is kept.
    Refused(VerifyError),
}

impl Receipt {
    /// The status to answer with.
    ///
    /// | Receipt | Status | The gateway |
    /// |---|---|---|
    /// | accepted, duplicate, no event | 200 | is done |
    /// | in progress, lease lost | 409 | sends it again: five times documented, nine seen of a 401 |
    /// | later | 425 | as for 409 |
    /// | failed | 503 | sends it four times more (documented) |
    /// | refused | 400, 401, 413 | sends a 400 twice more, others as for 409 |
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Accepted { .. } | Self::Duplicate { .. } | Self::NotAnEvent { .. } => {
                StatusCode::OK
            }
            Self::InProgress { .. } | Self::LeaseLost { .. } => StatusCode::CONFLICT,
            Self::Later { .. } => StatusCode::TOO_EARLY,
            Self::Failed { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Refused(error) => error.status(),
        }
    }

    /// The deduplication key; none of what was refused.
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::Accepted { key }
            | Self::Duplicate { key }
            | Self::InProgress { key }
            | Self::LeaseLost { key }
            | Self::Later { key }
            | Self::Failed { key, .. }
            | Self::NotAnEvent { key, .. } => Some(key),
            Self::Refused(_) => None,
        }
    }

    /// What went wrong, if anything did.
    pub fn error(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Failed { error, .. } => Some(error),
            Self::NotAnEvent { error, .. } => Some(error),
            Self::Refused(error) => Some(error),
            _ => None,
        }
    }
}
