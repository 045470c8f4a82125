//! The lock around the world, and the clock that drives it.

use std::sync::{Mutex, PoisonError};

use singapay_core::Clock;
use tokio::sync::Notify;

use super::World;
use crate::{clock::VirtualClock, wire_time::At};

/// The world, its lock and its clock.
pub(crate) struct Store {
    world: Mutex<World>,
    pub(crate) clock: VirtualClock,
    /// Rung when something was scheduled or the clock was moved.
    pub(crate) changed: Notify,
    /// Rung when a webhook attempt has ended.
    pub(crate) delivered: Notify,
}

impl Store {
    pub(crate) fn new(world: World, clock: VirtualClock) -> Self {
        Self {
            world: Mutex::new(world),
            clock,
            changed: Notify::new(),
            delivered: Notify::new(),
        }
    }

    /// Runs one operation alone, after everything that was due before it.
    pub(crate) fn run<R>(&self, operation: impl FnOnce(&mut World) -> R) -> R {
        let (result, news) = {
            let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
            let next = world.next_due();
            world.catch_up(At::from(self.clock.now()));
            let result = operation(&mut world);
            (result, world.next_due() != next || !world.outbox.is_empty())
        };
        if news {
            self.changed.notify_one();
        }
        result
    }
}
