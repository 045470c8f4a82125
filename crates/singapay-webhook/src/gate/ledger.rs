//! What a gate asks of a ledger.

use std::future::Future;

use singapay_core::Timestamp;

use super::{AttemptEnd, DeliveryState, KeptDelivery, LedgerEntry, LedgerError, LedgerStep};

/// The right to make one attempt at a delivery.
///
/// Of a [`Ledger`](crate::Ledger).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lease {
    /// The deduplication key.
    pub key: String,
    /// Number of the attempt: the fence. Nothing is committed once a higher one was given out.
    pub attempt: u64,
    /// Attempts that came to nothing before, since it was received or replayed.
    pub failures: u32,
    /// It was replayed on purpose.
    pub replayed: bool,
    /// When somebody else may take it over.
    pub until: Timestamp,
}

impl Lease {
    /// The first attempt at a delivery.
    pub fn first(key: impl Into<String>, until: Timestamp) -> Self {
        Self::again(key, until, 1, 0, false)
    }

    /// A further attempt.
    pub fn again(
        key: impl Into<String>,
        until: Timestamp,
        attempt: u64,
        failures: u32,
        replayed: bool,
    ) -> Self {
        Self {
            key: key.into(),
            attempt,
            failures,
            replayed,
            until,
        }
    }
}

/// Result of claiming a delivery.
///
/// Of a [`Ledger`](crate::Ledger).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claimed {
    /// It is kept, and the attempt is ours.
    Ours(Lease),
    /// It was dealt with before.
    Done,
    /// Somebody else has it.
    InWork,
    /// There is no room for another one. Only of ledgers that are bounded.
    Full,
}

/// The end of an attempt.
///
/// Of a [`Ledger`](crate::Ledger).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Release {
    /// How it ended.
    pub end: AttemptEnd,
    /// Where the delivery stands now.
    pub state: DeliveryState,
    /// When the sweep takes it, if it waits.
    pub due_at: Option<Timestamp>,
    /// Why, for people.
    pub reason: Option<String>,
}

impl Release {
    /// The handler is done.
    pub fn done() -> Self {
        Self::of(AttemptEnd::Done, DeliveryState::Done)
    }

    /// The body holds no event: kept, and nothing more to do.
    pub fn no_event() -> Self {
        Self::of(AttemptEnd::NoEvent, DeliveryState::NoEvent)
    }

    /// It came to nothing, and is due again at a time; without one it needs a person.
    pub fn again(end: AttemptEnd, due_at: Option<Timestamp>, reason: Option<String>) -> Self {
        let state = due_at.map_or(DeliveryState::NeedsPerson, |_| DeliveryState::Waiting);
        Self {
            due_at,
            reason,
            ..Self::of(end, state)
        }
    }

    fn of(end: AttemptEnd, state: DeliveryState) -> Self {
        Self {
            end,
            state,
            due_at: None,
            reason: None,
        }
    }

    /// The delivery needs no further attempt.
    pub fn is_final(&self) -> bool {
        matches!(self.state, DeliveryState::Done | DeliveryState::NoEvent)
    }
}

/// Result of asking for another attempt.
///
/// Of a [`Ledger`](crate::Ledger).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Replayed {
    /// The next sweep makes it.
    Due,
    /// There is no such delivery.
    NotFound,
    /// An attempt is being made just now; nothing was changed.
    InWork,
    /// Its body was dropped when it was dealt with. Only of ledgers in memory.
    BodyGone,
}

/// A time before which deliveries that were dealt with can be forgotten, since no copy of them is accepted any
/// more. Only a gate makes one.
///
/// Of a [`Ledger`](crate::Ledger).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon(pub(super) Timestamp);

impl Horizon {
    /// The time.
    pub fn before(self) -> Timestamp {
        self.0
    }
}

/// Remembers deliveries, and gives each to one worker at a time.
///
/// Every method is one transaction, durable when it returns, except [`begin`](Self::begin), whose transaction the
/// handler writes in and [`finish`](Self::finish) commits. Where an attempt is taken over, its end is noted as
/// [`AttemptEnd::Lost`]. Times are the gate's.
///
/// [`Gate`](crate::Gate) shows one in use, `crates/singapay-webhook/src/gate/memory.rs` is one.
pub trait Ledger: Send + Sync {
    /// What a handler writes in.
    type Transaction: Send;

    /// Keeps a delivery and gives the first attempt at it, or the next one if none is being made. A lease that ended
    /// by `now` is taken over.
    fn claim(
        &self,
        delivery: &KeptDelivery,
        now: Timestamp,
        until: Timestamp,
    ) -> impl Future<Output = Result<Claimed, LedgerError>> + Send;

    /// Gives the next attempt at what is kept under a key, if it is due.
    fn claim_due(
        &self,
        key: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> impl Future<Output = Result<Option<(Lease, KeptDelivery)>, LedgerError>> + Send;

    /// Begins the transaction of an attempt. It must not hold up others for longer than the lease, even if its
    /// process stands still.
    fn begin(
        &self,
        lease: &Lease,
        now: Timestamp,
    ) -> impl Future<Output = Result<Self::Transaction, LedgerError>> + Send;

    /// Commits what the handler wrote together with the end of the attempt, if the lease is still ours; else undoes
    /// all of it and gives `false`.
    fn finish(
        &self,
        transaction: Self::Transaction,
        lease: &Lease,
        now: Timestamp,
    ) -> impl Future<Output = Result<bool, LedgerError>> + Send;

    /// Undoes what the handler wrote. What cannot be undone now must be undone when the connection ends.
    fn roll_back(&self, transaction: Self::Transaction) -> impl Future<Output = ()> + Send;

    /// Ends an attempt that came to nothing, if the lease is still ours; `false` if it is not.
    fn release(
        &self,
        lease: &Lease,
        release: &Release,
        now: Timestamp,
    ) -> impl Future<Output = Result<bool, LedgerError>> + Send;

    /// Keys of deliveries that wait or were lost and are due by `now`, those that have waited longest first.
    fn due(
        &self,
        now: Timestamp,
        most: u32,
    ) -> impl Future<Output = Result<Vec<String>, LedgerError>> + Send;

    /// The delivery under a key.
    fn get(
        &self,
        key: &str,
    ) -> impl Future<Output = Result<Option<LedgerEntry>, LedgerError>> + Send;

    /// Deliveries that stand there, those that came first first.
    fn list(
        &self,
        state: DeliveryState,
        most: u32,
    ) -> impl Future<Output = Result<Vec<LedgerEntry>, LedgerError>> + Send;

    /// The ends of attempts at a delivery, the first one first.
    fn history(
        &self,
        key: &str,
    ) -> impl Future<Output = Result<Vec<LedgerStep>, LedgerError>> + Send;

    /// Makes a delivery due again, wherever it stands, with an attempt number of its own in the history.
    fn replay(
        &self,
        key: &str,
        now: Timestamp,
    ) -> impl Future<Output = Result<Replayed, LedgerError>> + Send;

    /// Forgets what was dealt with before a time; says how many.
    fn prune(&self, horizon: Horizon) -> impl Future<Output = Result<u64, LedgerError>> + Send;
}
