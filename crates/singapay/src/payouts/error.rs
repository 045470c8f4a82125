//! Errors of a step of a payout that was not made.

use std::fmt;

use singapay_core::envelope::FieldError;

use super::{PayoutState, Share, StoreError};
use crate::error::Error;

/// Reason for which a step of a payout was not made. Nothing was sent, unless the store failed after
/// sending: then the next step asks what became of it.
///
/// In the book: `docs/book/src/payouts.md#the-states`.
#[derive(Debug)]
#[non_exhaustive]
pub enum PayoutError {
    /// The request is not complete, or the policy of its handle refuses it. Nothing was stored.
    Request(Error),
    /// The limits of the flow refuse it, whatever was paid before. Nothing was stored.
    Limits(Vec<FieldError>),
    /// A daily limit has no room for it today. Nothing was stored.
    OverLimit(Share),
    /// The reference stands for a payout with other facts; these are their names.
    OtherFacts(Vec<&'static str>),
    /// Nothing is stored under the reference.
    NotFound,
    /// This client is not the one that the payout was submitted with: another host, or another credential.
    OtherClient(&'static str),
    /// The payout is not in a state for this.
    State(PayoutState),
    /// The approval is refused: nobody is named, or it is the person who submitted it.
    NotAnApprover(&'static str),
    /// The store failed.
    Store(StoreError),
}

impl fmt::Display for PayoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(error) => error.fmt(f),
            Self::Limits(problems) => {
                f.write_str("the limits refuse it:")?;
                for problem in problems {
                    write!(f, " {} {};", problem.field, problem.messages.join(", "))?;
                }
                Ok(())
            }
            Self::OverLimit(share) => {
                let whose = match share.scope == "all" {
                    true => "all payouts",
                    false => "this beneficiary",
                };
                write!(
                    f,
                    "the limit of {} for {whose} has no room for it",
                    share.day
                )
            }
            Self::OtherFacts(names) => write!(
                f,
                "the reference stands for a payout with other facts: {}",
                names.join(", ")
            ),
            Self::NotFound => f.write_str("no payout is stored under this reference"),
            Self::OtherClient(what) => write!(f, "it was submitted with another {what}"),
            Self::State(state) => write!(f, "it is {state}: {}", state.advice()),
            Self::NotAnApprover(why) => write!(f, "it cannot be approved: {why}"),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PayoutError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Request(error) => Some(error),
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<StoreError> for PayoutError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Error> for PayoutError {
    fn from(error: Error) -> Self {
        Self::Request(error)
    }
}
