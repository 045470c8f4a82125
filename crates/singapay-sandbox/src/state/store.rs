//! The lock around the world, the clock that drives it, and the journal that keeps it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use singapay_core::Clock;
use tokio::sync::Notify;

use super::World;
use crate::{
    clock::VirtualClock,
    journal::{Barrier, Journal},
    wire_time::At,
};

/// The world, its lock and its clock.
pub(crate) struct Store {
    kept: Mutex<Kept>,
    pub(crate) clock: VirtualClock,
    /// Rung when something was scheduled or the clock was moved.
    pub(crate) changed: Notify,
    /// Rung when a webhook attempt has ended.
    pub(crate) delivered: Notify,
}

struct Kept {
    world: World,
    journal: Option<Journal>,
}

impl Store {
    pub(crate) fn new(world: World, clock: VirtualClock, journal: Option<Journal>) -> Self {
        let mut kept = Kept { world, journal };
        kept.record(&clock);
        Self {
            kept: Mutex::new(kept),
            clock,
            changed: Notify::new(),
            delivered: Notify::new(),
        }
    }

    /// Runs one operation alone, after everything that was due before it.
    pub(crate) fn run<R>(&self, operation: impl FnOnce(&mut World) -> R) -> R {
        self.run_locked(operation).0
    }

    /// As [`Store::run`], and waits until everything it may have seen is stored. `None` when
    /// storing has failed.
    pub(crate) async fn run_kept<R>(&self, operation: impl FnOnce(&mut World) -> R) -> Option<R> {
        let (result, barrier) = self.run_locked(operation);
        match barrier {
            Some(barrier) => barrier.reached().await.then_some(result),
            None => Some(result),
        }
    }

    /// Waits until everything that has happened is stored; `false` when storing has failed.
    pub(crate) async fn stored(&self) -> bool {
        let barrier = self.lock().journal.as_ref().map(Journal::barrier);
        match barrier {
            Some(barrier) => barrier.reached().await,
            None => true,
        }
    }

    fn run_locked<R>(&self, operation: impl FnOnce(&mut World) -> R) -> (R, Option<Barrier>) {
        let (result, barrier, news) = {
            let mut kept = self.lock();
            let next = kept.world.next_due();
            kept.world.catch_up(At::from(self.clock.now()));
            let result = operation(&mut kept.world);
            kept.record(&self.clock);
            let news = kept.world.next_due() != next || !kept.world.outbox.is_empty();
            (result, kept.journal.as_ref().map(Journal::barrier), news)
        };
        if news {
            self.changed.notify_one();
        }
        (result, barrier)
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn record(&mut self, clock: &VirtualClock) {
        match &mut self.journal {
            Some(journal) => {
                self.world.note_clock(clock.ahead());
                journal.append(self.world.take_changes());
            }
            None => self.world.forget_changes(),
        }
    }
}
