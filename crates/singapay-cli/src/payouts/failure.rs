//! Reasons for which nothing was sent.

use std::fmt;

use serde_json::{Value, json};
use singapay::{PayoutError, StoreError};

use super::file::Problem;
use crate::{exit, terminal::printable};

/// Reason for which a command did nothing.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Everything that is wrong with a file.
    Problems(Vec<Problem>),
    /// Not allowed.
    Refused(String),
    /// Not wanted.
    Declined,
    /// Arguments, settings, file or store cannot be used.
    Unusable(String),
}

impl Failure {
    pub(crate) fn status(&self) -> u8 {
        match self {
            Self::Problems(_) | Self::Refused(_) => exit::REFUSED,
            Self::Unusable(_) => exit::UNUSABLE,
            Self::Declined => exit::DECLINED,
        }
    }

    pub(crate) fn json(&self) -> Value {
        match self {
            Self::Problems(problems) => {
                json!({"error": "the file has problems", "problems": problems})
            }
            Self::Refused(_) | Self::Unusable(_) | Self::Declined => {
                json!({"error": self.to_string()})
            }
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problems(problems) => {
                f.write_str("the file has problems, and nothing was stored or sent")?;
                problems
                    .iter()
                    .try_for_each(|problem| write!(f, "\n  {}", printable(&problem.to_string())))
            }
            Self::Refused(text) | Self::Unusable(text) => f.write_str(text),
            Self::Declined => f.write_str("not confirmed: nothing was sent"),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Unusable(error.to_string())
    }
}

impl From<PayoutError> for Failure {
    fn from(error: PayoutError) -> Self {
        match error {
            PayoutError::Store(_) => Self::Unusable(error.to_string()),
            _ => Self::Refused(error.to_string()),
        }
    }
}

impl From<crate::failure::Failure> for Failure {
    fn from(failure: crate::failure::Failure) -> Self {
        Self::Unusable(failure.to_string())
    }
}
