//! States of a payout, and what each asks of a person.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// State of a payout.
///
/// | State | Means | What a person should do |
/// |---|---|---|
/// | `needs_approval` | Stored. Its amount asks for a second person. | Approve it ([`Payouts::approve`](crate::Payouts::approve)), or abandon it. |
/// | `stored` | Stored; nothing was sent, or what was tried is proven not sent. | Nothing: it is sent by the next `advance`. |
/// | `sending` | A worker sends it, until the deadline that is stored. | Nothing: after the deadline it is asked about. |
/// | `accepted` | The gateway has it and has not ended it. | Nothing: webhook or inquiry tell the end. |
/// | `unknown` | It may have arrived. It is asked about. | Nothing, and never pay it by other means. |
/// | `refusing` | Refused by a code of which an older table of the gateway says to ask. One inquiry decides. | Nothing. |
/// | `absent` | Proven never to have arrived. | Nothing: it is sent again where that is safe, else it needs a person. |
/// | `needs_person` | The rules end here; the reason says why. | Look it up in the dashboard. If it was never paid, [`abandon`](crate::Payouts::abandon) it and submit another one. |
/// | `paid` | The money has moved. Final. | Nothing. |
/// | `failed` | The gateway took it and ended it without paying, or the money came back. Final. | Correct what the reason names; another payout is another reference. |
/// | `refused` | Proven: the gateway did not take it. Final. | Correct what the reason names; another payout is another reference. |
/// | `abandoned` | A person decided that it will not be sent. Final. | Nothing. |
///
/// In the book: `docs/book/src/payouts.md#the-states`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum PayoutState {
    /// Waits for a second person.
    NeedsApproval,
    /// Stored, and not sent.
    Stored,
    /// Being sent by one worker.
    Sending,
    /// The gateway has it.
    Accepted,
    /// It may have arrived.
    Unknown,
    /// Refused, and to be asked about once.
    Refusing,
    /// Proven never to have arrived.
    Absent,
    /// A person decides.
    NeedsPerson,
    /// The money has moved.
    Paid,
    /// Ended without paying.
    Failed,
    /// Not taken.
    Refused,
    /// Given up by a person.
    Abandoned,
}

impl PayoutState {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::NeedsApproval,
        Self::Stored,
        Self::Sending,
        Self::Accepted,
        Self::Unknown,
        Self::Refusing,
        Self::Absent,
        Self::NeedsPerson,
        Self::Paid,
        Self::Failed,
        Self::Refused,
        Self::Abandoned,
    ];

    /// Its name, as stores keep it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NeedsApproval => "needs_approval",
            Self::Stored => "stored",
            Self::Sending => "sending",
            Self::Accepted => "accepted",
            Self::Unknown => "unknown",
            Self::Refusing => "refusing",
            Self::Absent => "absent",
            Self::NeedsPerson => "needs_person",
            Self::Paid => "paid",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Abandoned => "abandoned",
        }
    }

    /// True if nothing more is to happen.
    pub fn is_final(self) -> bool {
        matches!(
            self,
            Self::Paid | Self::Failed | Self::Refused | Self::Abandoned
        )
    }

    /// True if the next step is a person's.
    pub fn waits_for_a_person(self) -> bool {
        matches!(self, Self::NeedsApproval | Self::NeedsPerson)
    }

    /// Advice to a person, in a sentence.
    pub fn advice(self) -> &'static str {
        match self {
            Self::NeedsApproval => "Let a second person approve it, or abandon it.",
            Self::Stored => "Nothing: the next step sends it.",
            Self::Sending => "Nothing: after its deadline it is asked about.",
            Self::Accepted => "Nothing: a webhook or an inquiry will tell its end.",
            Self::Unknown => "Nothing yet, and do not pay it by other means: it is asked about.",
            Self::Refusing => "Nothing: one inquiry decides.",
            Self::Absent => "Nothing: the next step sends it again where that is safe.",
            Self::NeedsPerson => {
                "Look it up in the dashboard; if it was never paid, abandon it and submit another."
            }
            Self::Paid => "Nothing: the money has moved.",
            Self::Failed | Self::Refused => {
                "Correct what the reason names; another try is a payout with another reference."
            }
            Self::Abandoned => "Nothing: it will not be sent.",
        }
    }
}

impl fmt::Display for PayoutState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No state has this name.
///
/// In the book: `docs/book/src/payouts.md#the-states`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no state of a payout has this name")]
pub struct UnknownState;

impl FromStr for PayoutState {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, UnknownState> {
        let mut all = Self::ALL.into_iter();
        all.find(|state| state.as_str() == text).ok_or(UnknownState)
    }
}

impl Serialize for PayoutState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for PayoutState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_name_and_a_sentence() {
        for state in PayoutState::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
            assert!(state.advice().ends_with('.'), "{state}");
            assert!(!(state.is_final() && state.waits_for_a_person()));
        }
        assert!("".parse::<PayoutState>().is_err());
    }
}
