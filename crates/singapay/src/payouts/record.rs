//! Record that a store keeps of a payout.

use std::fmt;

use serde::{Deserialize, Serialize};
use singapay_auth::scheme::BodyHash;
use singapay_core::{Rupiah, Sensitive, Timestamp};

use super::PayoutState;
use crate::resolve::Absence;

/// Payment, beneficiary and submitter: fixed when it is submitted.
///
/// In the book: `docs/book/src/payouts.md#step-by-step`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PayoutFacts {
    /// Operation id, such as `transfer_disbursement`.
    pub operation: String,
    /// Address of the host that it is sent to.
    pub host: String,
    /// Path of the request.
    pub path: String,
    /// Account that pays.
    pub account: Option<String>,
    /// Credential that sends it, if one was named.
    pub credential: Option<String>,
    /// Name and partner id of the credential that sends it.
    pub sender: String,
    /// Body of the request, to the byte. The biller's password is not in it. It holds personal data.
    pub body: String,
    /// Amount that the beneficiary receives.
    pub amount: Option<Rupiah>,
    /// Bank, as the request names it.
    pub bank: Option<String>,
    /// Account, wallet or customer number, or the QR text.
    pub beneficiary: Option<Sensitive>,
    /// Person or program that submitted it.
    pub submitted_by: Option<String>,
}

impl PayoutFacts {
    /// Hash of all facts but who submitted them: what an approval is bound to.
    pub fn hash(&self) -> String {
        let facts = Self {
            submitted_by: None,
            ..self.clone()
        };
        BodyHash::of(&serde_json::to_vec(&facts).unwrap_or_default()).to_string()
    }

    /// The names of the facts in which another payout differs.
    pub(crate) fn differences(&self, other: &Self) -> Vec<&'static str> {
        let differs = [
            ("operation", self.operation != other.operation),
            ("host", self.host != other.host),
            (
                "account",
                self.account != other.account || self.path != other.path,
            ),
            (
                "credential",
                self.credential != other.credential || self.sender != other.sender,
            ),
            ("amount", self.amount != other.amount),
            ("bank", self.bank != other.bank),
            ("beneficiary", self.beneficiary != other.beneficiary),
            ("body", self.body != other.body),
        ];
        let names = differs.into_iter().filter(|(_, differs)| *differs);
        let mut names: Vec<_> = names.map(|(name, _)| name).collect();
        if names.len() > 1 {
            // It holds the others.
            names.retain(|name| *name != "body");
        }
        names
    }
}

impl fmt::Debug for PayoutFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PayoutFacts")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

/// A share of a daily limit.
///
/// Of a [`PayoutStore`](crate::PayoutStore).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Share {
    /// Day in Jakarta, `YYYY-MM-DD`.
    pub day: String,
    /// Limit that it is a share of: `all`, or a hash of the beneficiary.
    pub scope: String,
    /// Rupiah.
    pub amount: i64,
}

/// Approval of a payout's facts by a person.
///
/// In the book: `docs/book/src/payouts.md#limits-and-a-second-person`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Approval {
    /// Name of the person.
    pub by: String,
    /// Hash of the facts that were approved.
    pub facts: String,
}

/// Reason for which a payout needs a person.
///
/// In the book: `docs/book/src/payouts.md#the-states`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PersonReason {
    /// The gateway has another payout under the reference.
    Conflict,
    /// It never arrived, and nothing says that it is safe to send it again.
    Absent,
    /// Nobody could tell what became of it.
    Undecided,
    /// The policy of the handle refuses what was stored under another one.
    Policy,
    /// It had ended without money, and now the gateway says that it was paid.
    Contradiction,
}

/// Progress of a payout so far.
///
/// In the book: `docs/book/src/payouts.md#the-states`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PayoutProgress {
    /// Counts sends: an answer counts for the send that it answers.
    pub fence: u64,
    /// The first send that is not proven unsent.
    pub first_fence: Option<u64>,
    /// Time of the first send, unless that is proven unsent.
    #[serde(with = "instant")]
    pub first_sent_at: Option<Timestamp>,
    /// After this the last send puts out no byte.
    #[serde(with = "instant")]
    pub deadline: Option<Timestamp>,
    /// Inquiries that found nothing, as far as they count.
    pub absence: Missed,
    /// Not before this anything happens by itself.
    #[serde(with = "instant")]
    pub next_at: Option<Timestamp>,
    /// The gateway's id.
    pub transaction_id: Option<String>,
    /// The gateway's status.
    pub status: Option<String>,
    /// Amount that leaves the account, the fee included, once it is told.
    pub gross: Option<Rupiah>,
    /// Reason for its state: without anything personal.
    pub reason: Option<String>,
    /// Reason for which it needs a person.
    pub person: Option<PersonReason>,
    /// Shares of daily limits that it holds.
    pub shares: Vec<Share>,
    /// Approval, if it has one.
    pub approval: Option<Approval>,
}

/// Inquiries that found nothing.
///
/// Of a [`PayoutStore`](crate::PayoutStore).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Missed {
    /// Number of inquiries.
    pub inquiries: u32,
    /// Time at which the first went out.
    #[serde(with = "instant")]
    pub first: Option<Timestamp>,
    /// Time at which the last went out.
    #[serde(with = "instant")]
    pub last: Option<Timestamp>,
}

impl From<Absence> for Missed {
    fn from(absence: Absence) -> Self {
        Self {
            inquiries: absence.inquiries,
            first: absence.first,
            last: absence.last,
        }
    }
}

impl Missed {
    pub(crate) fn absence(&self) -> Absence {
        Absence {
            inquiries: self.inquiries,
            first: self.first,
            last: self.last,
        }
    }
}

/// A payout, as a store keeps it.
///
/// In the book: `docs/book/src/payouts.md#the-states`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PayoutRecord {
    /// The merchant's reference: the key.
    pub reference: String,
    /// State of the payout.
    pub state: PayoutState,
    /// Grows by one with every step; a step from another version than the stored one is refused.
    pub version: u64,
    /// Facts of the payment. Never change.
    pub facts: PayoutFacts,
    /// Progress so far.
    pub progress: PayoutProgress,
    /// Time at which it was submitted.
    pub created_at: Timestamp,
    /// Time of its last change.
    pub updated_at: Timestamp,
}

impl PayoutRecord {
    /// Puts a record together again, for stores.
    pub fn new(
        reference: impl Into<String>,
        state: PayoutState,
        version: u64,
        facts: PayoutFacts,
        progress: PayoutProgress,
        (created_at, updated_at): (Timestamp, Timestamp),
    ) -> Self {
        Self {
            reference: reference.into(),
            state,
            version,
            facts,
            progress,
            created_at,
            updated_at,
        }
    }

    /// Time of the next step that needs nobody; `None` for what is final or waits for a person.
    pub fn due_at(&self) -> Option<Timestamp> {
        if self.state.is_final() || self.state.waits_for_a_person() {
            return None;
        }
        Some(self.progress.next_at.unwrap_or(self.created_at))
    }
}

/// Instants as Unix milliseconds.
mod instant {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use singapay_core::Timestamp;

    pub(super) fn serialize<S: Serializer>(
        time: &Option<Timestamp>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        time.map(Timestamp::unix_millis).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        let millis = Option::<i64>::deserialize(deserializer)?;
        Ok(millis.map(Timestamp::from_unix_millis))
    }
}
