//! The world that workers see: clock, timer, gateway and store, each of which waits to be let on.

use std::{
    collections::{HashMap, hash_map::DefaultHasher},
    fmt,
    future::Future,
    hash::{Hash, Hasher},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::Request;
use serde_json::Value;
use singapay::{
    Answer, BoxFuture, Clock, MemoryPayoutStore, PayoutRecord, PayoutStore, Reserve, StoreError,
    Timer, Timestamp, Transport, TransportError, TransportErrorKind, Updated,
};

use crate::support::{
    bank::{Bank, FakeBank},
    store::as_kept,
};

pub(crate) const START: Timestamp = Timestamp::from_unix_seconds(1_787_304_000);
pub(crate) const CALL: Duration = Duration::from_secs(60);
/// The end of our own window, less its reserve.
pub(crate) const WINDOW: Duration = Duration::from_secs(50 * 60);
pub(crate) const REFERENCE: &str = "R-1";

/// Thing that a worker waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum At {
    Store,
    Payout,
    Inquiry,
}

/// Fate of a request that goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Fate {
    Answered,
    AnswerLost,
    Lost,
    /// The caller sees a broken connection; it arrives later.
    InFlight,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Choice {
    /// A worker begins a step.
    Begin(usize),
    /// A worker goes on.
    Go(usize, Fate),
    /// A worker is killed.
    Kill(usize),
    /// A request that was in flight arrives.
    Arrive,
    /// The gateway tells the end.
    Deliver,
    /// Time passes until something is due.
    Tick,
}

pub(crate) struct World {
    pub(crate) now: Timestamp,
    pub(crate) bank: FakeBank,
    /// The one that is being polled.
    pub(crate) current: usize,
    pub(crate) waits: HashMap<usize, At>,
    pub(crate) may_go: Option<(usize, Fate)>,
    pub(crate) in_flight: Option<(Bytes, Timestamp)>,
    /// Bodies that were sent, with their times.
    pub(crate) sent: Vec<(Timestamp, Bytes)>,
    /// Observations of each worker since it began, in a number.
    pub(crate) seen: [u64; 3],
}

#[derive(Clone)]
pub(crate) struct Stage(pub(crate) Arc<Mutex<World>>);

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stage")
    }
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(World {
            now: START,
            bank: FakeBank::new([]),
            current: 0,
            waits: HashMap::new(),
            may_go: None,
            in_flight: None,
            sent: Vec::new(),
            seen: [0; 3],
        })))
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap()
    }

    /// Everything anew, for the same client.
    pub(crate) fn reset(&self) {
        let fresh = Self::new();
        std::mem::swap(&mut *self.world(), &mut *fresh.world());
    }

    /// Waits until the explorer lets it go on.
    pub(crate) fn gate(&self, at: At) -> Gate<'_> {
        Gate { stage: self, at }
    }

    pub(crate) fn saw(&self, what: impl Hash) {
        let mut world = self.world();
        let current = world.current;
        let mut hasher = DefaultHasher::new();
        (world.seen[current], what).hash(&mut hasher);
        world.seen[current] = hasher.finish();
    }
}

pub(crate) struct Gate<'a> {
    pub(crate) stage: &'a Stage,
    pub(crate) at: At,
}

impl Future for Gate<'_> {
    type Output = Fate;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Fate> {
        let mut world = self.stage.world();
        let current = world.current;
        match world.may_go {
            Some((who, fate)) if who == current => {
                world.may_go = None;
                world.waits.remove(&current);
                Poll::Ready(fate)
            }
            _ => {
                world.waits.insert(current, self.at);
                Poll::Pending
            }
        }
    }
}

impl Clock for Stage {
    fn now(&self) -> Timestamp {
        self.world().now
    }
}

impl Timer for Stage {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let until = self.now().plus(duration);
        let stage = self.clone();
        Box::pin(std::future::poll_fn(move |_| {
            match stage.world().now >= until {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        }))
    }
}

impl Transport for Stage {
    fn send<'a>(
        &'a self,
        request: Request<Bytes>,
        _timeout: Duration,
    ) -> BoxFuture<'a, Result<Answer, TransportError>> {
        Box::pin(async move {
            let path = request.uri().path().to_owned();
            if path.ends_with("/access-token/b2b") {
                return Bank::token();
            }
            let body = request.into_body();
            let json: Value = serde_json::from_slice(&body).unwrap();
            let is_inquiry = path.contains("/inquiry-status");
            let at = match is_inquiry {
                true => At::Inquiry,
                false => At::Payout,
            };
            let fate = self.gate(at).await;
            let mut world = self.world();
            let now = world.now;
            let bank = world.bank.clone();
            let mut bank = bank.lock();
            let answer = if is_inquiry {
                match fate {
                    Fate::Answered => bank.inquire(&json),
                    _ => Err(TransportError::new(TransportErrorKind::Interrupted, None)),
                }
            } else {
                world.sent.push((now, body.clone()));
                let lost = Err(TransportError::new(TransportErrorKind::Interrupted, None));
                match fate {
                    Fate::Answered => bank.arrive(&json),
                    Fate::AnswerLost => bank.arrive(&json).and(lost),
                    Fate::Lost => lost,
                    Fate::InFlight => {
                        world.in_flight = Some((body, now));
                        lost
                    }
                }
            };
            drop(bank);
            drop(world);
            let told = answer.as_ref().map(|answer| answer.body.clone()).ok();
            self.saw((at, fate, told));
            answer
        })
    }
}

/// A store that waits before every step.
#[derive(Debug)]
pub(crate) struct Gated {
    pub(crate) stage: Stage,
    pub(crate) kept: Arc<MemoryPayoutStore>,
}

impl PayoutStore for Gated {
    as_kept!(kept);

    fn get<'a>(
        &'a self,
        reference: &'a str,
    ) -> BoxFuture<'a, Result<Option<PayoutRecord>, StoreError>> {
        Box::pin(async move {
            // Reading waits for nobody: that another one steps in after it is what counts.
            let record = self.kept.get(reference).await?;
            self.stage.saw(record.as_ref().map(|record| record.version));
            Ok(record)
        })
    }

    fn update<'a>(
        &'a self,
        record: &'a PayoutRecord,
        reserves: &'a [Reserve],
    ) -> BoxFuture<'a, Result<Updated, StoreError>> {
        Box::pin(async move {
            self.stage.gate(At::Store).await;
            let updated = self.kept.update(record, reserves).await?;
            self.stage.saw(updated == Updated::Done);
            Ok(updated)
        })
    }
}
