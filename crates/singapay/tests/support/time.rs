//! Clock and timer on tokio's paused time: a test that waits for a day takes no time.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use singapay::{BoxFuture, Clock, Timer, Timestamp};
use tokio::time::Instant;

/// Starts at 2026-08-21T09:20:00Z. Needs `start_paused`.
#[derive(Debug, Clone)]
pub(crate) struct PausedTime {
    origin: Instant,
    slept: Arc<Mutex<Vec<Duration>>>,
}

impl PausedTime {
    pub(crate) const START: Timestamp = Timestamp::from_unix_seconds(1_787_304_000);

    pub(crate) fn new() -> Self {
        Self {
            origin: Instant::now(),
            slept: Arc::default(),
        }
    }

    /// Pauses that were waited to their end; bounds that did not ring are not among them.
    pub(crate) fn slept(&self) -> Vec<Duration> {
        self.slept.lock().unwrap().clone()
    }
}

impl Clock for PausedTime {
    fn now(&self) -> Timestamp {
        Self::START.plus(self.origin.elapsed())
    }
}

impl Timer for PausedTime {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let slept = Arc::clone(&self.slept);
        Box::pin(async move {
            tokio::time::sleep(duration).await;
            slept.lock().unwrap().push(duration);
        })
    }
}
