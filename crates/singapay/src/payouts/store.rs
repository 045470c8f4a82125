//! Store of payouts.

use std::fmt;

use singapay_core::{BoxError, BoxFuture, Timestamp};

use super::{PayoutRecord, PayoutState, Share};

/// A change of what is used of a daily limit.
///
/// Of a [`PayoutStore`](crate::PayoutStore).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reserve {
    /// Day, limit and rupiah; negative gives back.
    pub share: Share,
    /// Bound on the sum of the day; `None` for a change that may not fail.
    pub limit: Option<i64>,
}

impl Reserve {
    /// A change, for stores and their tests.
    pub fn new(share: Share, limit: Option<i64>) -> Self {
        Self { share, limit }
    }
}

/// Result of storing a submission.
///
/// Of a [`PayoutStore`](crate::PayoutStore).
#[derive(Debug)]
#[non_exhaustive]
pub enum Inserted {
    /// It is stored.
    New,
    /// There is one under the reference; nothing was changed.
    Exists(Box<PayoutRecord>),
    /// A daily limit would be exceeded; nothing was stored.
    OverLimit(Share),
}

/// Result of storing a step.
///
/// Of a [`PayoutStore`](crate::PayoutStore).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Updated {
    /// It is stored.
    Done,
    /// Another worker was faster; nothing was changed.
    Stale,
    /// A daily limit would be exceeded; nothing was changed.
    OverLimit(Share),
}

/// A step that was made.
///
/// Of a [`PayoutStore`](crate::PayoutStore).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PayoutEvent {
    /// The version that it made.
    pub version: u64,
    /// The state that it led to.
    pub state: PayoutState,
    /// Time of the step.
    pub at: Timestamp,
    /// Reason for the state.
    pub reason: Option<String>,
}

impl PayoutEvent {
    /// The step that led to a record, for stores.
    pub fn of(record: &PayoutRecord) -> Self {
        Self::new(
            record.version,
            record.state,
            record.updated_at,
            record.progress.reason.clone(),
        )
    }

    /// Puts a step together again, for stores.
    pub fn new(version: u64, state: PayoutState, at: Timestamp, reason: Option<String>) -> Self {
        Self {
            version,
            state,
            at,
            reason,
        }
    }
}

/// A store failed. What it was doing may have been done or not.
///
/// Of a [`PayoutStore`](crate::PayoutStore).
#[derive(Debug)]
pub struct StoreError(BoxError);

impl StoreError {
    /// For this reason, which holds nothing personal.
    pub fn new(source: impl Into<BoxError>) -> Self {
        Self(source.into())
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the store of payouts failed: {}", self.0)
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.0)
    }
}

/// Keeps payouts, the history of their steps, and what is used of daily limits.
///
/// Every method is one transaction, durable when it returns. [`MemoryPayoutStore`](super::MemoryPayoutStore) is
/// for tests; the crate `singapay-store` has SQLite and PostgreSQL.
///
/// In the book: `docs/book/src/payouts.md#in-your-program`.
pub trait PayoutStore: fmt::Debug + Send + Sync {
    /// Stores a new record, its first step and its shares; all or nothing.
    fn insert<'a>(
        &'a self,
        record: &'a PayoutRecord,
        reserves: &'a [Reserve],
    ) -> BoxFuture<'a, Result<Inserted, StoreError>>;

    /// The record under a reference.
    fn get<'a>(
        &'a self,
        reference: &'a str,
    ) -> BoxFuture<'a, Result<Option<PayoutRecord>, StoreError>>;

    /// Replaces the record whose version is one less, adds the step, changes the shares; all or nothing.
    fn update<'a>(
        &'a self,
        record: &'a PayoutRecord,
        reserves: &'a [Reserve],
    ) -> BoxFuture<'a, Result<Updated, StoreError>>;

    /// References of payouts to which something is to happen by that time, those that have waited longest
    /// first.
    fn due(&self, now: Timestamp, most: u32) -> BoxFuture<'_, Result<Vec<String>, StoreError>>;

    /// Payouts in a state whose references come after this one, in the order of their references.
    fn in_state<'a>(
        &'a self,
        state: PayoutState,
        after: &'a str,
        most: u32,
    ) -> BoxFuture<'a, Result<Vec<PayoutRecord>, StoreError>>;

    /// The steps of a payout, the first one first.
    fn history<'a>(
        &'a self,
        reference: &'a str,
    ) -> BoxFuture<'a, Result<Vec<PayoutEvent>, StoreError>>;

    /// Part of a limit that is used on a day, in rupiah.
    fn used<'a>(&'a self, day: &'a str, scope: &'a str) -> BoxFuture<'a, Result<i64, StoreError>>;
}

impl<T: PayoutStore + ?Sized> PayoutStore for std::sync::Arc<T> {
    fn insert<'a>(
        &'a self,
        record: &'a PayoutRecord,
        reserves: &'a [Reserve],
    ) -> BoxFuture<'a, Result<Inserted, StoreError>> {
        (**self).insert(record, reserves)
    }

    fn get<'a>(
        &'a self,
        reference: &'a str,
    ) -> BoxFuture<'a, Result<Option<PayoutRecord>, StoreError>> {
        (**self).get(reference)
    }

    fn update<'a>(
        &'a self,
        record: &'a PayoutRecord,
        reserves: &'a [Reserve],
    ) -> BoxFuture<'a, Result<Updated, StoreError>> {
        (**self).update(record, reserves)
    }

    fn due(&self, now: Timestamp, most: u32) -> BoxFuture<'_, Result<Vec<String>, StoreError>> {
        (**self).due(now, most)
    }

    fn in_state<'a>(
        &'a self,
        state: PayoutState,
        after: &'a str,
        most: u32,
    ) -> BoxFuture<'a, Result<Vec<PayoutRecord>, StoreError>> {
        (**self).in_state(state, after, most)
    }

    fn history<'a>(
        &'a self,
        reference: &'a str,
    ) -> BoxFuture<'a, Result<Vec<PayoutEvent>, StoreError>> {
        (**self).history(reference)
    }

    fn used<'a>(&'a self, day: &'a str, scope: &'a str) -> BoxFuture<'a, Result<i64, StoreError>> {
        (**self).used(day, scope)
    }
}
