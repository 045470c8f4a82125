//! Outcome of a money-out call. The unknown is the default: only proof makes it anything else.

use std::fmt;

use singapay_core::Operation;

use crate::{error::Error, resolve::Asked, response::Response};

/// Outcome of a money-out call.
///
/// `Err` of the call means that nothing was sent. Everything else is one of these; what is not
/// proven is [`Outcome::Unknown`]. Never send again on `Unknown` or `Duplicate`: ask first, with
/// [`Unresolved::resolve`].
#[derive(Debug)]
#[must_use = "a payout whose outcome nobody reads may be paid twice"]
pub enum Outcome<T> {
    /// The gateway accepted the request (SP000). This is not "paid": read the transaction's own
    /// status, which may be a failure.
    Accepted(Response<T>),
    /// Proven: the gateway refused the request and moved no money.
    Refused(Error),
    /// The reference was used before. The original may have succeeded.
    Duplicate(Unresolved),
    /// Nobody knows whether money moves: timeout, broken connection, 5xx, an ambiguous or unknown
    /// code, or an answer that could not be read.
    Unknown(Unresolved),
}

impl<T> Outcome<T> {
    /// The accepted answer, if that is what it is.
    pub fn accepted(self) -> Option<Response<T>> {
        match self {
            Self::Accepted(response) => Some(response),
            _ => None,
        }
    }

    /// True if money may be on its way or has moved: everything but a proven refusal.
    pub fn may_have_moved(&self) -> bool {
        !matches!(self, Self::Refused(_))
    }
}

/// A payout whose outcome is left to find out, and the way to ask for it.
#[derive(Debug)]
pub struct Unresolved {
    operation: &'static Operation,
    reference: Option<String>,
    account_id: Option<String>,
    error: Error,
    pub(crate) asked: Asked,
}

impl Unresolved {
    pub(crate) fn new(
        operation: &'static Operation,
        reference: Option<String>,
        account_id: Option<String>,
        error: Error,
        asked: Asked,
    ) -> Self {
        Self {
            operation,
            reference,
            account_id,
            error,
            asked,
        }
    }

    /// The operation that was called.
    pub fn operation(&self) -> &'static str {
        self.operation.id
    }

    /// The operation that answers what happened, such as `get_ewallet_topup_status`.
    pub fn inquiry(&self) -> Option<&'static str> {
        self.operation.inquiry
    }

    /// The reference to ask with.
    pub fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    /// The account to ask for.
    pub fn account_id(&self) -> Option<&str> {
        self.account_id.as_deref()
    }

    /// The error that left it open. The body of an answer is kept in [`Error::raw_body`].
    pub fn error(&self) -> &Error {
        &self.error
    }
}

impl fmt::Display for Unresolved {
    /// One line for a person: what was sent, what was seen, and whom to ask.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error.to_string())?;
        match (&self.reference, self.inquiry()) {
            (Some(reference), Some(inquiry)) => {
                write!(f, "; ask {inquiry} for the reference {reference}")
            }
            (Some(reference), None) => write!(f, "; its reference is {reference}"),
            (None, _) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use singapay_api::operations::TOPUP_EWALLET;

    use super::*;
    use crate::error::ErrorKind;

    fn asked() -> Asked {
        let client = crate::Singapay::builder()
            .base_url("http://127.0.0.1:9")
            .credential("p", "c", "s")
            .build()
            .unwrap();
        Asked {
            client,
            operation: &TOPUP_EWALLET,
            account: None,
            credential: None,
            request: bytes::Bytes::new(),
            deadline: singapay_core::Timestamp::from_unix_seconds(0),
        }
    }

    #[test]
    fn only_a_proven_refusal_moved_nothing() {
        let error = || Error::local(ErrorKind::Refused, "x");
        let unresolved = || Unresolved::new(&TOPUP_EWALLET, None, None, error(), asked());
        assert!(!Outcome::<()>::Refused(error()).may_have_moved());
        assert!(Outcome::<()>::Duplicate(unresolved()).may_have_moved());
        assert!(Outcome::<()>::Unknown(unresolved()).may_have_moved());
    }

    #[test]
    fn an_ambiguous_payout_says_what_was_seen_and_whom_to_ask() {
        let error = Error::local(ErrorKind::Timeout, "no answer");
        let unresolved = Unresolved::new(&TOPUP_EWALLET, Some("R-1".into()), None, error, asked());
        assert_eq!(
            unresolved.to_string(),
            "time was up: no answer; ask get_ewallet_topup_status for the reference R-1"
        );
    }
}
