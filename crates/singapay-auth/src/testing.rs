//! Clocks, timers and scripts that obey the tests.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use singapay_core::{Answer, BoxFuture, Clock, Timer, Timestamp};
pub(crate) use singapay_test_gateways::script::{Script, Step, answer, answer_with};

/// 2026-08-21T01:00:00Z.
pub(crate) const START: i64 = 1_787_274_000;

/// A wall clock that the test moves.
#[derive(Debug)]
pub(crate) struct ManualClock(AtomicI64);

impl ManualClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(START * 1000)))
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Sleeps in tokio's time, which the tests pause.
#[derive(Debug)]
pub(crate) struct TokioTimer;

impl Timer for TokioTimer {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn runtime(&self) -> u64 {
        let handle = tokio::runtime::Handle::current();
        handle.id().to_string().parse().unwrap()
    }
}

/// A scripted gateway that answers what is beyond the script with 200.
pub(crate) fn scripted(steps: impl IntoIterator<Item = Step>) -> Script {
    Script::new(steps).then(answer(200, "{}"))
}

/// An answer as it came.
pub(crate) fn received(status: u16, body: &'static str) -> Answer {
    Answer {
        status: StatusCode::from_u16(status).unwrap(),
        headers: HeaderMap::new(),
        body: Bytes::from_static(body.as_bytes()),
    }
}
