use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
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
    ///
    /// A process that was stopped and is woken after its deadline does nothing more with `future`: it
    /// would send late what others have given up.
    pub(super) async fn within<F: Future + Unpin>(&mut self, mut future: F) -> Option<F::Output> {
        let (started, timeout) = (self.started, self.timeout);
        let in_time = poll_fn(|context| match started.elapsed() < timeout {
            true => Pin::new(&mut future).poll(context).map(Some),
            false => Poll::Ready(None),
        });
        match select(in_time, &mut self.alarm).await {
            Either::Left((None, _)) => {
                self.passed = true;
                None
            }
            Either::Left((value, _)) => value,
            Either::Right(_) => {
                self.passed = true;
                None
            }
        }
    }
}
