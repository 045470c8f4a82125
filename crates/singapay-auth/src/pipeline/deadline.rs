use std::{
    future::Future,
    time::{Duration, Instant},
};

use futures_util::future::{Either, select};
use singapay_core::{BoxFuture, Timer};

/// The time a call has, retries and waiting included.
pub(super) struct Deadline {
    started: Instant,
    timeout: Duration,
    passed: bool,
    alarm: BoxFuture<'static, ()>,
}

impl Deadline {
    pub(super) fn start(timeout: Duration, timer: &dyn Timer) -> Self {
        Self {
            started: Instant::now(),
            timeout,
            passed: false,
            alarm: timer.sleep(timeout),
        }
    }

    /// Time that is left, or nothing. The monotonic clock counts too, in case the alarm is late.
    pub(super) fn remaining(&self) -> Option<Duration> {
        if self.passed {
            return None;
        }
        self.timeout
            .checked_sub(self.started.elapsed())
            .filter(|left| !left.is_zero())
    }

    /// Waits for `future`, unless time is up first. Not to be asked again after that.
    pub(super) async fn within<F: Future + Unpin>(&mut self, future: F) -> Option<F::Output> {
        match select(future, &mut self.alarm).await {
            Either::Left((value, _)) => Some(value),
            Either::Right(_) => {
                self.passed = true;
                None
            }
        }
    }
}
