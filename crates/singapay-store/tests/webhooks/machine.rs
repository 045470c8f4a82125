//! The machine of claims: two workers, leases that end, failures, waits and replays in every order, against a model of
//! a few lines.

use std::time::Duration;

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use singapay::{
    Timestamp,
    webhook::{
        AttemptEnd, Claimed, DeliveryState, KeptDelivery, Lease, Ledger, LedgerStep, MemoryLedger,
        Release, Replayed, SignedForm,
    },
};

use super::ledgers::{MINUTE, START, postgres, sqlite};

const LEASE: Duration = Duration::from_secs(40);

/// What can happen to a delivery; the number is that of a worker.
#[derive(Debug, Clone, Copy)]
enum Step {
    Copy(usize),
    Sweep(usize),
    Done(usize),
    Fail(usize),
    Later(usize),
    GiveUp(usize),
    Expire,
    Replay,
}

const STEPS: [Step; 14] = [
    Step::Copy(0),
    Step::Copy(1),
    Step::Sweep(0),
    Step::Sweep(1),
    Step::Done(0),
    Step::Done(1),
    Step::Fail(0),
    Step::Fail(1),
    Step::Later(0),
    Step::Later(1),
    Step::GiveUp(0),
    Step::GiveUp(1),
    Step::Expire,
    Step::Replay,
];

/// What a step gave, and what is kept after it.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    gave: Gave,
    kept: Option<(DeliveryState, u64, u32, Option<Timestamp>)>,
    ends: Vec<(u64, AttemptEnd)>,
    due: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum Gave {
    Nothing,
    Lease(u64, u32, bool),
    Known,
    InWork,
    Ended(bool),
    Replayed(Replayed),
}

impl Gave {
    fn lease(lease: &Lease) -> Self {
        Self::Lease(lease.attempt, lease.failures, lease.replayed)
    }
}

/// The steps on a ledger.
async fn run<L: Ledger>(ledger: &L, key: &str, steps: &[Step]) -> Vec<Seen> {
    let mut now = Timestamp::from_unix_millis(START);
    let mut leases: [Option<Lease>; 2] = [None, None];
    let delivery = KeptDelivery::new(key.to_owned(), "{}".into(), SignedForm::Raw, now);
    let mut seen = Vec::new();
    for step in steps {
        let until = now.plus(LEASE);
        let gave = match *step {
            Step::Copy(worker) => match ledger.claim(&delivery, now, until).await.unwrap() {
                Claimed::Ours(lease) => {
                    let gave = Gave::lease(&lease);
                    leases[worker] = Some(lease);
                    gave
                }
                Claimed::Done => Gave::Known,
                Claimed::InWork => Gave::InWork,
                other => panic!("{other:?}"),
            },
            Step::Sweep(worker) => match ledger.claim_due(key, now, until).await.unwrap() {
                Some((lease, kept)) => {
                    assert_eq!(kept.body, delivery.body);
                    let gave = Gave::lease(&lease);
                    leases[worker] = Some(lease);
                    gave
                }
                None => Gave::Nothing,
            },
            Step::Done(worker) => match &leases[worker] {
                Some(lease) => {
                    let transaction = ledger.begin(lease, now).await.unwrap();
                    Gave::Ended(ledger.finish(transaction, lease, now).await.unwrap())
                }
                None => Gave::Nothing,
            },
            Step::Fail(worker) | Step::Later(worker) | Step::GiveUp(worker) => {
                let release = match step {
                    Step::Fail(_) => {
                        Release::again(AttemptEnd::Failed, Some(now.plus(MINUTE)), None)
                    }
                    Step::Later(_) => {
                        Release::again(AttemptEnd::Later, Some(now.plus(MINUTE)), None)
                    }
                    _ => Release::again(AttemptEnd::Failed, None, None),
                };
                match &leases[worker] {
                    Some(lease) => Gave::Ended(ledger.release(lease, &release, now).await.unwrap()),
                    None => Gave::Nothing,
                }
            }
            Step::Expire => {
                now = now.plus(MINUTE);
                Gave::Nothing
            }
            Step::Replay => Gave::Replayed(ledger.replay(key, now).await.unwrap()),
        };
        let entry = ledger.get(key).await.unwrap();
        let due = ledger.due(now, 1_000_000).await.unwrap();
        let history = ledger.history(key).await.unwrap();
        let end = |step: &LedgerStep| (step.attempt, step.end);
        seen.push(Seen {
            gave,
            kept: entry.map(|entry| (entry.state, entry.attempt, entry.failures, entry.due_at)),
            ends: history.iter().map(end).collect(),
            due: due.iter().any(|due| due == key),
        });
    }
    seen
}

/// What has to happen.
#[derive(Default)]
struct Model {
    kept: Option<(DeliveryState, u64, u32, Option<Timestamp>)>,
    replayed: bool,
    ends: Vec<(u64, AttemptEnd)>,
    leases: [Option<(u64, u32, bool)>; 2],
    forgets_bodies: bool,
}

impl Model {
    fn take(&mut self, worker: usize, now: Timestamp) -> Gave {
        let (state, attempt, failures, due_at) = self.kept.unwrap();
        let lost = state == DeliveryState::InWork;
        let early = state == DeliveryState::Waiting && due_at.is_some_and(|at| at > now);
        if lost {
            self.ends.push((attempt, AttemptEnd::Lost));
        }
        let failures = (failures + u32::from(lost)).saturating_sub(u32::from(early));
        let lease = (attempt + 1, failures, self.replayed);
        let until = Some(now.plus(LEASE));
        self.kept = Some((DeliveryState::InWork, attempt + 1, failures, until));
        self.leases[worker] = Some(lease);
        Gave::Lease(lease.0, lease.1, lease.2)
    }

    fn end(
        &mut self,
        worker: usize,
        end: AttemptEnd,
        state: DeliveryState,
        due_at: Option<Timestamp>,
    ) -> Gave {
        let Some((attempt, failures, _)) = self.leases[worker] else {
            return Gave::Nothing;
        };
        match self.kept {
            Some((DeliveryState::InWork, last, ..)) if last == attempt => {}
            _ => return Gave::Ended(false),
        }
        let done = state == DeliveryState::Done;
        self.replayed &= !done;
        let failures = if done { 0 } else { failures + 1 };
        self.ends.push((attempt, end));
        self.kept = Some((state, attempt, failures, due_at));
        Gave::Ended(true)
    }

    fn step(&mut self, step: Step, now: Timestamp) -> Gave {
        let due = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        let later = Some(now.plus(MINUTE));
        let (failed, waiting) = (AttemptEnd::Failed, DeliveryState::Waiting);
        match (step, self.kept) {
            (Step::Copy(worker), None) => {
                self.kept = Some((waiting, 0, 0, None));
                self.take(worker, now)
            }
            (Step::Copy(_), Some((DeliveryState::Done, ..))) => Gave::Known,
            (Step::Copy(_), Some((DeliveryState::InWork, _, _, at))) if !due(at) => Gave::InWork,
            (Step::Copy(worker), Some(_)) => self.take(worker, now),
            (Step::Sweep(worker), Some((.., at))) if due(at) => self.take(worker, now),
            (Step::Sweep(_), _) => Gave::Nothing,
            (Step::Done(worker), _) => {
                self.end(worker, AttemptEnd::Done, DeliveryState::Done, None)
            }
            (Step::Fail(worker), _) => self.end(worker, failed, waiting, later),
            (Step::Later(worker), _) => self.end(worker, AttemptEnd::Later, waiting, later),
            (Step::GiveUp(worker), _) => self.end(worker, failed, DeliveryState::NeedsPerson, None),
            (Step::Expire, _) => Gave::Nothing,
            (Step::Replay, None) => Gave::Replayed(Replayed::NotFound),
            (Step::Replay, Some((DeliveryState::Done, ..))) if self.forgets_bodies => {
                Gave::Replayed(Replayed::BodyGone)
            }
            (Step::Replay, Some((DeliveryState::InWork, _, _, at))) if !due(at) => {
                Gave::Replayed(Replayed::InWork)
            }
            (Step::Replay, Some((state, attempt, ..))) => {
                if state == DeliveryState::InWork {
                    self.ends.push((attempt, AttemptEnd::Lost));
                }
                self.ends.push((attempt + 1, AttemptEnd::Replayed));
                self.replayed = true;
                self.kept = Some((waiting, attempt + 1, 0, Some(now)));
                Gave::Replayed(Replayed::Due)
            }
        }
    }
}

fn expected(steps: &[Step], forgets_bodies: bool) -> Vec<Seen> {
    let mut model = Model {
        forgets_bodies,
        ..Model::default()
    };
    let mut now = Timestamp::from_unix_millis(START);
    let mut effects = 0;
    let mut replays = 0;
    let mut seen = Vec::new();
    for step in steps {
        if matches!(step, Step::Expire) {
            now = now.plus(MINUTE);
        }
        let gave = model.step(*step, now);
        effects += u32::from(matches!(step, Step::Done(_)) && gave == Gave::Ended(true));
        replays += u32::from(gave == Gave::Replayed(Replayed::Due));
        assert!(effects <= 1 + replays, "{steps:?}");
        seen.push(Seen {
            gave,
            kept: model.kept,
            ends: model.ends.clone(),
            due: model
                .kept
                .is_some_and(|(.., at)| at.is_some_and(|at| at <= now)),
        });
    }
    seen
}

#[tokio::test]
async fn every_order_of_five_steps_in_memory() {
    for number in 0..STEPS.len().pow(5) {
        let steps: Vec<_> = (0..5)
            .map(|place| STEPS[number / STEPS.len().pow(place) % STEPS.len()])
            .collect();
        // Nothing happens before it comes; workers are alike.
        if !matches!(steps[0], Step::Copy(0)) {
            continue;
        }
        let ledger = MemoryLedger::new();
        assert_eq!(
            run(&ledger, "k", &steps).await,
            expected(&steps, true),
            "{steps:?}"
        );
    }
}

#[test]
fn orders_at_random_in_every_ledger() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let sqlite = runtime.block_on(sqlite(folder.path()));
    let postgres = runtime.block_on(postgres("machine"));
    let mut runner = TestRunner::new(Config {
        cases: 150,
        failure_persistence: None,
        ..Config::default()
    });
    let steps = prop::collection::vec(prop::sample::select(&STEPS[..]), 1..24);
    let cases = std::cell::Cell::new(0);
    let result = runner.run(&(steps,), |(steps,)| {
        cases.set(cases.get() + 1);
        let key = format!("case {}", cases.get());
        runtime.block_on(async {
            let memory = MemoryLedger::new();
            assert_eq!(run(&memory, &key, &steps).await, expected(&steps, true));
            let expected = expected(&steps, false);
            assert_eq!(run(&sqlite, &key, &steps).await, expected, "sqlite");
            if let Some(postgres) = &postgres {
                assert_eq!(run(postgres, &key, &steps).await, expected, "postgres");
            }
        });
        Ok(())
    });
    result.unwrap();
}
