//! One run: two workers and a webhook, moved on step by step.

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash, Hasher},
    sync::Arc,
    task::{Context, Waker},
};

use serde_json::json;
use singapay::{
    BoxFuture, MemoryPayoutStore, PayoutRecord, PayoutState, PayoutStore, Payouts, Singapay,
    webhook::{VerifiedEvent, sign_delivery},
};

use crate::{explorer::block, stage::*, support::bank::view};

/// Remaining number of each kind of trouble.
#[derive(Clone, Copy, Hash)]
pub(crate) struct Budget {
    pub(crate) begins: u32,
    pub(crate) faults: u32,
    pub(crate) kills: u32,
    pub(crate) ticks: u32,
    pub(crate) deliveries: u32,
}

/// One run.
pub(crate) struct Run {
    pub(crate) stage: Stage,
    pub(crate) kept: Arc<MemoryPayoutStore>,
    pub(crate) flow: Payouts,
    pub(crate) client: Singapay,
    pub(crate) tasks: [Option<BoxFuture<'static, ()>>; 3],
    pub(crate) left: Budget,
    pub(crate) resends: bool,
}

pub(crate) const WEBHOOK: usize = 2;

impl Run {
    pub(crate) fn poll(&mut self, who: usize) {
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

    pub(crate) fn record(&self) -> PayoutRecord {
        block(self.kept.get(REFERENCE)).unwrap().unwrap()
    }

    pub(crate) fn choices(&self) -> Vec<Choice> {
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

    pub(crate) fn make(&mut self, choice: Choice) {
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
    pub(crate) fn tick(&mut self) {
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

    pub(crate) fn delivery(&self) -> VerifiedEvent {
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
    pub(crate) fn fate(&self) -> u64 {
        let record = self.record();
        let world = self.stage.world();
        let mut hasher = DefaultHasher::new();
        let progress = serde_json::to_string(&record.progress).unwrap();
        (record.state, progress, world.now.unix_millis()).hash(&mut hasher);
        world.bank.lock().transfers.len().hash(&mut hasher);
        hasher.finish()
    }

    /// A number for everything that decides what can still happen.
    pub(crate) fn fingerprint(&self) -> u64 {
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
    pub(crate) fn check(&self, path: &[Choice]) {
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
    pub(crate) fn finish(&mut self, path: &[Choice]) {
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
