//! What a ledger keeps.

use std::fmt;

use bytes::Bytes;
use singapay_auth::webhook::{SignedForm, Verified};
use singapay_core::Timestamp;

use crate::Event;

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeliveryState {
    /// An attempt is being made, until its lease ends.
    InWork,
    /// For its next attempt: by the sweep when it is due, or at once when a copy comes.
    Waiting,
    /// Dealt with.
    Done,
    /// Attempts are used up: look at it, then [`Gate::replay`](crate::Gate::replay) it.
    NeedsPerson,
    /// Genuine, but its body holds no event.
    NoEvent,
}

impl DeliveryState {
    const ALL: [Self; 5] = [
        Self::InWork,
        Self::Waiting,
        Self::Done,
        Self::NeedsPerson,
        Self::NoEvent,
    ];

    /// Its name in a ledger, such as `in_work`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InWork => "in_work",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::NeedsPerson => "needs_person",
            Self::NoEvent => "no_event",
        }
    }

    /// The one of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// How an attempt ended.
///
/// Of a [`Ledger`](crate::Ledger).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AttemptEnd {
    /// The handler's writes were committed.
    Done,
    /// The handler failed or panicked, or the database did.
    Failed,
    /// The handler said [`Handled::Later`](crate::Handled::Later).
    Later,
    /// Its lease ended before it did: a crash, or a handler that took too long.
    Lost,
    /// The body holds no event.
    NoEvent,
    /// None was made: somebody asked for another one.
    Replayed,
}

impl AttemptEnd {
    const ALL: [Self; 6] = [
        Self::Done,
        Self::Failed,
        Self::Later,
        Self::Lost,
        Self::NoEvent,
        Self::Replayed,
    ];

    /// Its name in a ledger, such as `failed`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Later => "later",
            Self::Lost => "lost",
            Self::NoEvent => "no_event",
            Self::Replayed => "replayed",
        }
    }

    /// The one of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.as_str() == name)
    }
}

/// A text that every ledger can keep: PostgreSQL refuses NUL, and would lose the delivery for it.
pub(super) fn text(text: &str) -> String {
    text.replace('\0', "")
}

/// A delivery as a ledger keeps it, so that it can be tried again without the gateway.
///
/// Of a [`Ledger`](crate::Ledger).
#[derive(Clone)]
#[non_exhaustive]
pub struct KeptDelivery {
    /// The deduplication key: 64 hexadecimal digits.
    pub key: String,
    /// Name of the kind of its event; empty if it holds none. Without NUL.
    pub kind: String,
    /// The merchant's own reference, as far as the event tells it. Without NUL.
    pub reference: Option<String>,
    /// The body as it came. Holds names and account numbers.
    pub body: Bytes,
    /// The form of the body that was signed.
    pub form: SignedForm,
    /// Name of the key that signed.
    pub key_name: String,
    /// Partner id of that key, if it is known.
    pub partner_id: Option<String>,
    /// Time of the signature.
    pub signed_at: Timestamp,
}

impl KeptDelivery {
    /// A delivery of this key, body and form, for ledgers that read it back; the rest is set on the fields.
    pub fn new(key: String, body: Bytes, form: SignedForm, signed_at: Timestamp) -> Self {
        Self {
            key,
            kind: String::new(),
            reference: None,
            body,
            form,
            key_name: String::new(),
            partner_id: None,
            signed_at,
        }
    }

    pub(super) fn of(verified: &Verified, event: Option<&Event>) -> Self {
        Self {
            key: verified.deduplication_key(),
            kind: event.map_or_else(String::new, |event| text(event.kind().as_str())),
            reference: event.and_then(|event| Some(text(&event.merchant_reference()?))),
            body: verified.body.clone(),
            form: verified.form,
            key_name: verified.key_name.to_string(),
            partner_id: verified.partner_id.as_deref().map(str::to_owned),
            signed_at: verified.signed_at,
        }
    }

    /// The proof of it, if the body is still the one that was proven.
    pub(super) fn verified(self) -> Option<Verified> {
        let key = (self.key_name.as_str(), self.partner_id.as_deref());
        let verified = Verified::restore(self.body, self.form, key, self.signed_at).ok()?;
        (verified.deduplication_key() == self.key).then_some(verified)
    }
}

impl fmt::Debug for KeptDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptDelivery")
            .field("key", &self.key)
            .field("kind", &self.kind)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// A delivery as a ledger tells of it.
///
/// Of a [`Ledger`](crate::Ledger).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    /// The deduplication key.
    pub key: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// Name of the kind of its event; empty if it holds none.
    pub kind: String,
    /// The merchant's own reference, as far as the event tells it.
    pub reference: Option<String>,
    /// Number of its last attempt.
    pub attempt: u64,
    /// Attempts that came to nothing since it was received or replayed.
    pub failures: u32,
    /// When the sweep may take it: the end of its lease, or of its wait.
    pub due_at: Option<Timestamp>,
    /// When it came first.
    pub received_at: Timestamp,
    /// When it was dealt with.
    pub finished_at: Option<Timestamp>,
}

/// How an attempt at a delivery ended.
///
/// Of a [`Ledger`](crate::Ledger).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerStep {
    /// Number of the attempt.
    pub attempt: u64,
    /// How it ended.
    pub end: AttemptEnd,
    /// When.
    pub at: Timestamp,
    /// Why it came to nothing: the text of the handler's error.
    pub reason: Option<String>,
}
