//! Time as a dependency, so that tests need no sleeping.
//!
//! In the book: `docs/book/src/time-and-money.md`.

use std::{fmt, sync::Arc, time::Duration};

use crate::{time::Timestamp, transport::BoxFuture};

/// Tells the wall-clock time.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

impl<T: Clock + ?Sized> Clock for Arc<T> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

/// Waits. Kept apart from [`Clock`] because waiting needs a runtime.
pub trait Timer: fmt::Debug + Send + Sync {
    /// Completes after `duration`.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// The runtime that the caller runs on, as a number that no other one has; 0 for all where
    /// there is but one. What was begun on one runtime is not awaited by callers of another,
    /// because it ends with its own.
    fn runtime(&self) -> u64 {
        0
    }
}

impl<T: Timer + ?Sized> Timer for Arc<T> {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        (**self).sleep(duration)
    }

    fn runtime(&self) -> u64 {
        (**self).runtime()
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::from(std::time::SystemTime::now())
    }
}
