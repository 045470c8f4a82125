//! Every interleaving, up to a bound, of two workers, a webhook, lost answers, requests that arrive late, crashes
//! and time, against the flow itself: nothing is sent twice outside the rule, and what is paid is known as paid.
//!
//! The workers' real futures are polled by hand. Each waits before it touches the store or sends a request; the
//! explorer chooses who goes on and what happens to the request. States that were seen are not explored again.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    collections::{HashMap, HashSet, hash_map::DefaultHasher},
    fmt,
    future::Future,
    hash::{Hash, Hasher},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard},
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use singapay::{
    AbsenceRule, Answer, BoxFuture, Clock, Inserted, MemoryPayoutStore, MoneyOut, MoneyOutPolicy,
    PayoutEvent, PayoutRecord, PayoutState, PayoutStore, Payouts, Reserve, RetryPolicy, Rupiah,
    Singapay, StoreError, Timer, Timestamp, Transport, TransportError, TransportErrorKind, Updated,
    webhook::{VerifiedEvent, sign_delivery},
};
use support::{
    ACCOUNT,
    bank::{Bank, FakeBank, view},
};

const START: Timestamp = Timestamp::from_unix_seconds(1_787_304_000);
const CALL: Duration = Duration::from_secs(60);
/// The end of our own window, less its reserve.
const WINDOW: Duration = Duration::from_secs(50 * 60);
const REFERENCE: &str = "R-1";

/// Thing that a worker waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum At {
    Store,
    Payout,
    Inquiry,
}

/// Fate of a request that goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Fate {
    Answered,
    AnswerLost,
    Lost,
    /// The caller sees a broken connection; it arrives later.
    InFlight,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Choice {
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

struct World {
    now: Timestamp,
    bank: FakeBank,
    /// The one that is being polled.
    current: usize,
    waits: HashMap<usize, At>,
    may_go: Option<(usize, Fate)>,
    in_flight: Option<(Bytes, Timestamp)>,
    /// Bodies that were sent, with their times.
    sent: Vec<(Timestamp, Bytes)>,
    /// Observations of each worker since it began, in a number.
    seen: [u64; 3],
}

#[derive(Clone)]
struct Stage(Arc<Mutex<World>>);

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stage")
    }
}

impl Stage {
    fn new() -> Self {
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

    fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap()
    }

    /// Everything anew, for the same client.
    fn reset(&self) {
        let fresh = Self::new();
        std::mem::swap(&mut *self.world(), &mut *fresh.world());
    }

    /// Waits until the explorer lets it go on.
    fn gate(&self, at: At) -> Gate<'_> {
        Gate { stage: self, at }
    }

    fn saw(&self, what: impl Hash) {
        let mut world = self.world();
        let current = world.current;
        let mut hasher = DefaultHasher::new();
        (world.seen[current], what).hash(&mut hasher);
        world.seen[current] = hasher.finish();
    }
}

struct Gate<'a> {
    stage: &'a Stage,
    at: At,
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
struct Gated {
    stage: Stage,
    kept: Arc<MemoryPayoutStore>,
}

impl PayoutStore for Gated {
    fn insert<'a>(
        &'a self,
        record: &'a PayoutRecord,
        reserves: &'a [Reserve],
    ) -> BoxFuture<'a, Result<Inserted, StoreError>> {
        self.kept.insert(record, reserves)
    }

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

    fn due(&self, now: Timestamp, most: u32) -> BoxFuture<'_, Result<Vec<String>, StoreError>> {
        self.kept.due(now, most)
    }

    fn history<'a>(
        &'a self,
        reference: &'a str,
    ) -> BoxFuture<'a, Result<Vec<PayoutEvent>, StoreError>> {
        self.kept.history(reference)
    }

    fn used<'a>(&'a self, day: &'a str, scope: &'a str) -> BoxFuture<'a, Result<i64, StoreError>> {
        self.kept.used(day, scope)
    }
}

/// Remaining number of each kind of trouble.
#[derive(Clone, Copy, Hash)]
struct Budget {
    begins: u32,
    faults: u32,
    kills: u32,
    ticks: u32,
    deliveries: u32,
}

/// One run.
struct Run {
    stage: Stage,
    kept: Arc<MemoryPayoutStore>,
    flow: Payouts,
    client: Singapay,
    tasks: [Option<BoxFuture<'static, ()>>; 3],
    left: Budget,
    resends: bool,
}

const WEBHOOK: usize = 2;

impl Run {
    fn poll(&mut self, who: usize) {
        self.stage.world().current = who;
        let Some(task) = &mut self.tasks[who] else {
            return;
        };
        let mut context = Context::from_waker(Waker::noop());
        if task.as_mut().poll(&mut context).is_ready() {
            self.tasks[who] = None;
            let mut world = self.stage.world();
            world.waits.remove(&who);
            world.seen[who] = 0;
        }
    }

    fn record(&self) -> PayoutRecord {
        block(self.kept.get(REFERENCE)).unwrap().unwrap()
    }

    fn choices(&self) -> Vec<Choice> {
        let world = self.stage.world();
        let mut choices = Vec::new();
        for who in 0..self.tasks.len() {
            match (&self.tasks[who], world.waits.get(&who)) {
                (None, _) if who == WEBHOOK => {
                    let made = !world.bank.lock().transfers.is_empty();
                    if made && self.left.deliveries > 0 {
                        choices.push(Choice::Deliver);
                    }
                }
                // The second worker is the first one's double: it begins when that one has.
                (None, _) if self.left.begins > 0 && (who == 0 || self.tasks[0].is_some()) => {
                    choices.push(Choice::Begin(who));
                }
                (Some(_), Some(at)) => {
                    choices.push(Choice::Go(who, Fate::Answered));
                    let faults: &[Fate] = match at {
                        At::Payout => &[Fate::AnswerLost, Fate::Lost, Fate::InFlight],
                        At::Inquiry => &[Fate::Lost],
                        At::Store => &[],
                    };
                    if self.left.faults > 0 {
                        choices.extend(faults.iter().map(|fate| Choice::Go(who, *fate)));
                    }
                    if self.left.kills > 0 && who != WEBHOOK {
                        choices.push(Choice::Kill(who));
                    }
                }
                _ => {}
            }
        }
        // A request that is held up arrives within the margin that the rule allows for it.
        if world
            .in_flight
            .as_ref()
            .is_some_and(|(_, sent)| world.now <= sent.plus(CALL))
        {
            choices.push(Choice::Arrive);
        }
        if self.left.ticks > 0 {
            choices.push(Choice::Tick);
        }
        choices
    }

    fn make(&mut self, choice: Choice) {
        match choice {
            Choice::Begin(who) => {
                self.left.begins -= 1;
                let flow = self.flow.clone();
                self.tasks[who] = Some(Box::pin(async move {
                    let _ = flow.advance(REFERENCE).await.unwrap();
                }));
                self.poll(who);
            }
            Choice::Go(who, fate) => {
                if fate != Fate::Answered {
                    self.left.faults -= 1;
                }
                self.stage.world().may_go = Some((who, fate));
                self.poll(who);
                self.stage.world().may_go = None;
            }
            Choice::Kill(who) => {
                self.left.kills -= 1;
                self.tasks[who] = None;
                let mut world = self.stage.world();
                world.waits.remove(&who);
                world.seen[who] = 0;
            }
            Choice::Arrive => {
                let mut world = self.stage.world();
                let (body, _) = world.in_flight.take().unwrap();
                let _ = world
                    .bank
                    .lock()
                    .arrive(&serde_json::from_slice(&body).unwrap());
            }
            Choice::Deliver => {
                self.left.deliveries -= 1;
                let delivery = self.delivery();
                let flow = self.flow.clone();
                self.tasks[WEBHOOK] = Some(Box::pin(async move {
                    let _ = flow.observe(&delivery).await.unwrap();
                }));
                self.poll(WEBHOOK);
            }
            Choice::Tick => {
                self.left.ticks -= 1;
                self.tick();
            }
        }
    }

    /// To the next time at which something is due, or past the end of calls.
    fn tick(&mut self) {
        let due = self.record().due_at();
        let mut world = self.stage.world();
        let now = world.now;
        world.now = match due {
            Some(due) if due > now => due,
            _ => now.plus(CALL),
        };
        drop(world);
        // Alarms ring.
        for who in 0..self.tasks.len() {
            self.poll(who);
        }
    }

    fn delivery(&self) -> VerifiedEvent {
        let world = self.stage.world();
        let body = world.bank.lock().transfers[0].body.clone();
        let event = json!({
            "response_code": "SP000", "event": "disbursement", "data": view(&body, "00"),
        });
        let secret = singapay::Secret::new("secret");
        let signed = sign_delivery(&secret, "partner", "/hooks", event.to_string(), world.now);
        drop(world);
        let signed = signed.unwrap();
        let receiver = self.client.webhook_receiver("/hooks").unwrap();
        receiver.receive(&signed.headers, signed.body).unwrap()
    }

    /// The same without those who are at it.
    fn fate(&self) -> u64 {
        let record = self.record();
        let world = self.stage.world();
        let mut hasher = DefaultHasher::new();
        let progress = serde_json::to_string(&record.progress).unwrap();
        (record.state, progress, world.now.unix_millis()).hash(&mut hasher);
        world.bank.lock().transfers.len().hash(&mut hasher);
        hasher.finish()
    }

    /// A number for everything that decides what can still happen.
    fn fingerprint(&self) -> u64 {
        let record = self.record();
        let world = self.stage.world();
        let bank = world.bank.lock();
        let mut hasher = DefaultHasher::new();
        (
            record.version,
            record.state,
            world.now.unix_millis(),
            self.left,
        )
            .hash(&mut hasher);
        serde_json::to_string(&record.progress)
            .unwrap()
            .hash(&mut hasher);
        let running = [0, 1, 2].map(|who| (self.tasks[who].is_some(), world.waits.get(&who)));
        (running, world.seen, bank.transfers.len()).hash(&mut hasher);
        bank.transfers
            .first()
            .map(|made| made.status)
            .hash(&mut hasher);
        let sent: Vec<_> = world.sent.iter().map(|(at, _)| at.unix_millis()).collect();
        let flying = world.in_flight.as_ref().map(|(_, at)| at.unix_millis());
        (sent, flying).hash(&mut hasher);
        hasher.finish()
    }

    /// Asserts what must hold always.
    fn check(&self, path: &[Choice]) {
        let world = self.stage.world();
        let bank = world.bank.lock();
        assert!(bank.transfers.len() <= 1, "paid twice: {path:?}");
        if let Some(((first, body), later)) = world.sent.split_first() {
            for (at, again) in later {
                assert!(self.resends, "sent twice: {path:?}");
                assert!(at.plus(CALL) < first.plus(WINDOW), "sent late: {path:?}");
                assert_eq!(body, again, "another body: {path:?}");
            }
        }
        drop(bank);
        drop(world);
        let record = self.record();
        if record.state == PayoutState::Paid {
            let world = self.stage.world();
            assert_eq!(world.bank.lock().transfers.len(), 1, "{path:?}");
        }
    }

    /// Without further trouble it ends, and truly.
    fn finish(&mut self, path: &[Choice]) {
        for task in &mut self.tasks {
            *task = None;
        }
        self.stage.world().waits.clear();
        self.left = Budget {
            begins: 1_000,
            faults: 0,
            kills: 0,
            ticks: 1_000,
            deliveries: 0,
        };
        for _ in 0..200 {
            self.make(Choice::Begin(0));
            while self.tasks[0].is_some() {
                self.make(Choice::Go(0, Fate::Answered));
            }
            self.check(path);
            if self.record().due_at().is_none() {
                break;
            }
            self.tick();
        }
        let state = self.record().state;
        let paid = !self.stage.world().bank.lock().transfers.is_empty();
        match paid {
            true => assert_eq!(state, PayoutState::Paid, "{path:?}"),
            false => assert_eq!(state, PayoutState::NeedsPerson, "{path:?}"),
        }
    }
}

fn block<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    match future.as_mut().poll(&mut context) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits"),
    }
}

struct Explorer {
    stage: Stage,
    client: Singapay,
    handle: MoneyOut,
    /// True if absent ones may be sent again.
    resends: bool,
    seen: HashSet<u64>,
    finished: HashSet<u64>,
    states: usize,
    ends: HashMap<PayoutState, usize>,
}

impl Explorer {
    fn new(resends: bool) -> Self {
        let stage = Stage::new();
        let client = Singapay::builder()
            .base_url("http://127.0.0.1:9")
            .credential("partner", "client", "secret")
            .account(ACCOUNT)
            .transport(stage.clone())
            .clock(stage.clone())
            .timer(stage.clone())
            .retry(RetryPolicy::never())
            .build()
            .unwrap();
        let handle = client.money_out(MoneyOutPolicy::new()).unwrap();
        Self {
            stage,
            client,
            handle,
            resends,
            seen: HashSet::new(),
            finished: HashSet::new(),
            states: 0,
            ends: HashMap::new(),
        }
    }

    fn start(&self, left: Budget) -> Run {
        self.stage.reset();
        let kept = Arc::new(MemoryPayoutStore::new());
        let store = Gated {
            stage: self.stage.clone(),
            kept: Arc::clone(&kept),
        };
        // Two looks that are a minute apart: the rule itself has tests of its own.
        let rule = AbsenceRule::new(2, Duration::from_secs(60), Duration::ZERO);
        let mut flow = Payouts::new(&self.handle, store).with_absence_rule(rule);
        if !self.resends {
            flow = flow.without_sending_again();
        }
        let transfer = self.handle.transfer_disbursement().account_id(ACCOUNT);
        let transfer = transfer
            .reference_number(REFERENCE)
            .amount(Rupiah::new(10_000))
            .bank_code("002")
            .bank_account_number("1234567890");
        let _ = block(flow.submit(transfer).into_future()).unwrap();
        Run {
            stage: self.stage.clone(),
            kept,
            flow,
            client: self.client.clone(),
            tasks: [None, None, None],
            left,
            resends: self.resends,
        }
    }

    fn replay(&self, path: &[Choice], left: Budget) -> Run {
        let mut run = self.start(left);
        for choice in path {
            run.make(*choice);
        }
        run
    }

    /// Depth first, from scratch each time.
    fn explore(&mut self, left: Budget) {
        let mut paths = vec![Vec::new()];
        while let Some(path) = paths.pop() {
            let mut run = self.replay(&path, left);
            run.check(&path);
            if !self.seen.insert(run.fingerprint()) {
                continue;
            }
            self.states += 1;
            for choice in run.choices() {
                let mut next = path.clone();
                next.push(choice);
                paths.push(next);
            }
            // From every state there is a way to the true end, whoever was at it.
            if self.finished.insert(run.fate()) {
                run.finish(&path);
                *self.ends.entry(run.record().state).or_default() += 1;
            }
        }
    }
}

/// Enough for two workers that each send, take over and ask, and for a send after that.
const TROUBLE: Budget = Budget {
    begins: 2,
    faults: 1,
    kills: 1,
    ticks: 2,
    deliveries: 1,
};

fn explore(resends: bool, left: Budget) {
    let mut explorer = Explorer::new(resends);
    explorer.explore(left);
    println!("{} states, ends {:?}", explorer.states, explorer.ends);
    assert!(explorer.states > 500);
    assert!(explorer.ends.contains_key(&PayoutState::Paid));
}

#[test]
fn no_interleaving_sends_twice_outside_the_rule() {
    explore(true, TROUBLE);
}

#[test]
fn no_interleaving_sends_twice_where_nothing_is_sent_again() {
    explore(false, TROUBLE);
}

#[test]
fn lost_requests_are_sent_again_in_every_order() {
    let left = Budget {
        begins: 4,
        faults: 1,
        kills: 0,
        ticks: 3,
        deliveries: 0,
    };
    explore(true, left);
}
