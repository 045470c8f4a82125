//! What a handler is given, and what it says.

use std::{fmt, marker::PhantomData, ops::Deref};

use singapay_core::BoxError;

use crate::VerifiedEvent;

/// A delivery whose turn it is; derefs to [`VerifiedEvent`] and so to [`Event`](crate::Event).
///
/// `'env` lets a handler borrow from where it was made; leave it out (`&Delivery`) or write `Delivery<'_>`.
pub struct Delivery<'env> {
    pub(super) event: VerifiedEvent,
    pub(super) key: String,
    pub(super) attempt: u64,
    pub(super) origin: Origin,
    pub(super) env: PhantomData<&'env ()>,
}

impl Delivery<'_> {
    /// The deduplication key, the same for every copy.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Number of this attempt, from 1 on. It rises with every attempt, also with one that was lost in a crash.
    pub fn attempt(&self) -> u64 {
        self.attempt
    }

    /// What brought it here.
    pub fn origin(&self) -> Origin {
        self.origin
    }
}

impl Deref for Delivery<'_> {
    type Target = VerifiedEvent;

    fn deref(&self) -> &VerifiedEvent {
        &self.event
    }
}

impl fmt::Debug for Delivery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("event", &self.event)
            .field("attempt", &self.attempt)
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

/// What brought a delivery to the handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The gateway sent it just now.
    Received,
    /// The sweep: an earlier attempt failed, said [`Handled::Later`], or was lost.
    Swept,
    /// Somebody asked for it with [`Gate::replay`](crate::Gate::replay); its effect may exist already.
    Replayed,
}

/// What a handler says of a delivery that it could look at.
///
/// [`Gate`](crate::Gate) shows where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handled {
    /// Keep what was written: it is dealt with.
    Done,
    /// Undo what was written, and come again: what it is about is not there yet.
    Later,
}

/// Result of a handler. An error undoes what was written; the delivery comes again.
///
/// The error's text goes into the ledger for people to read, never into a log.
///
/// [`Gate`](crate::Gate) shows where.
pub type HandlerResult = Result<Handled, BoxError>;
