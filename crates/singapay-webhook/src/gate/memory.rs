//! A ledger in memory.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use singapay_core::Timestamp;

use super::{
    AttemptEnd, Claimed, DeliveryState, Horizon, KeptDelivery, Lease, Ledger, LedgerEntry,
    LedgerError, LedgerStep, Release, Replayed,
};

/// Remembers deliveries in memory, for one process and as long as it runs.
///
/// What it cannot promise: a restart forgets what was dealt with, so that a copy runs again, and forgets what
/// waits, so that only the gateway's own retries bring it back; another process knows nothing of it; what a handler
/// wrote elsewhere is not undone when it fails. For effects that exist exactly once take a ledger of `singapay-store`.
///
/// It is bounded: bodies are dropped when a delivery is dealt with, and what is dealt with is forgotten when room is
/// needed and no copy of it is accepted any more. What is not dealt with is never forgotten; where there is no room,
/// new deliveries are answered with 503. Clones share everything.
///
/// [`Gate`](crate::Gate) shows one in use.
#[derive(Clone)]
pub struct MemoryLedger {
    kept: Arc<Mutex<Kept>>,
    most: usize,
    most_bytes: usize,
}

/// Nothing: a [`MemoryLedger`] cannot undo what a handler writes.
///
/// [`Gate`](crate::Gate) shows one in use.
#[derive(Debug)]
#[non_exhaustive]
pub struct NoTransaction;

#[derive(Default)]
struct Kept {
    // Boxed, because a table has room for twice as many.
    deliveries: HashMap<Arc<str>, Box<Row>>,
    due: BTreeSet<(Timestamp, Arc<str>)>,
    finished: VecDeque<(Timestamp, Arc<str>)>,
    bytes: usize,
}

struct Row {
    entry: LedgerEntry,
    replayed: bool,
    /// Until it is dealt with.
    delivery: Option<Box<KeptDelivery>>,
    steps: Vec<LedgerStep>,
}

impl MemoryLedger {
    /// For up to 200,000 deliveries, about 100 MB, and 64 MiB of bodies that wait.
    pub fn new() -> Self {
        Self {
            kept: Arc::default(),
            most: 200_000,
            most_bytes: 64 << 20,
        }
    }

    /// With other bounds: deliveries, and bytes of the bodies that are not dealt with.
    #[must_use]
    pub fn with_bounds(mut self, deliveries: usize, bytes: usize) -> Self {
        self.most = deliveries;
        self.most_bytes = bytes;
        self
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryLedger {
    fn default() -> Self {
        Self::new()
    }
}

impl Kept {
    /// Changes where a delivery stands, and when it is due.
    fn set(&mut self, key: &str, state: DeliveryState, due_at: Option<Timestamp>) {
        let Some((key, row)) = self.deliveries.get_key_value(key) else {
            return;
        };
        let key = Arc::clone(key);
        if let Some(at) = row.entry.due_at {
            self.due.remove(&(at, Arc::clone(&key)));
        }
        if let Some(at) = due_at {
            self.due.insert((at, Arc::clone(&key)));
        }
        if let Some(row) = self.deliveries.get_mut(&key) {
            row.entry.state = state;
            row.entry.due_at = due_at;
        }
    }

    /// Gives the next attempt, if none is being made.
    fn take(&mut self, key: &str, now: Timestamp, until: Timestamp) -> Option<Lease> {
        let row = self.deliveries.get_mut(key)?;
        let entry = &mut row.entry;
        match entry.state {
            DeliveryState::InWork if entry.due_at.is_some_and(|at| at > now) => return None,
            DeliveryState::InWork => {
                row.steps.push(LedgerStep {
                    attempt: entry.attempt,
                    end: AttemptEnd::Lost,
                    at: now,
                    reason: None,
                });
                entry.failures = entry.failures.saturating_add(1);
            }
            // A copy that came before the time of the sweep costs none of its attempts.
            DeliveryState::Waiting if entry.due_at.is_some_and(|at| at > now) => {
                entry.failures = entry.failures.saturating_sub(1);
            }
            DeliveryState::Waiting | DeliveryState::NeedsPerson => {}
            DeliveryState::Done | DeliveryState::NoEvent => return None,
        }
        entry.attempt += 1;
        let lease = Lease::again(key, until, entry.attempt, entry.failures, row.replayed);
        self.set(key, DeliveryState::InWork, Some(until));
        Some(lease)
    }

    /// Notes the end of an attempt, if it is the last one and has not ended.
    fn end(&mut self, lease: &Lease, release: &Release, now: Timestamp) -> bool {
        let Some(row) = self.deliveries.get_mut(&*lease.key) else {
            return false;
        };
        let entry = &mut row.entry;
        if entry.state != DeliveryState::InWork || entry.attempt != lease.attempt {
            return false;
        }
        row.steps.push(LedgerStep {
            attempt: lease.attempt,
            end: release.end,
            at: now,
            reason: release.reason.clone(),
        });
        if release.is_final() {
            entry.finished_at = Some(now);
            entry.failures = 0;
            row.replayed = false;
            let delivery = row.delivery.take();
            self.bytes -= delivery.map_or(0, |delivery| delivery.body.len());
            if let Some((key, _)) = self.deliveries.get_key_value(&*lease.key) {
                self.finished.push_back((now, Arc::clone(key)));
            }
        } else {
            entry.failures = entry.failures.saturating_add(1);
        }
        self.set(&lease.key, release.state, release.due_at);
        true
    }
}

impl Ledger for MemoryLedger {
    type Transaction = NoTransaction;

    async fn claim(
        &self,
        delivery: &KeptDelivery,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Claimed, LedgerError> {
        let mut kept = self.kept();
        if let Some(row) = kept.deliveries.get(&*delivery.key) {
            let state = row.entry.state;
            return Ok(match kept.take(&delivery.key, now, until) {
                Some(lease) => Claimed::Ours(lease),
                None if state == DeliveryState::InWork => Claimed::InWork,
                None => Claimed::Done,
            });
        }
        let bytes = kept.bytes.saturating_add(delivery.body.len());
        if kept.deliveries.len() >= self.most || bytes > self.most_bytes {
            return Ok(Claimed::Full);
        }
        kept.bytes = bytes;
        let key: Arc<str> = delivery.key.as_str().into();
        let row = Row {
            entry: LedgerEntry {
                key: delivery.key.clone(),
                state: DeliveryState::Waiting,
                kind: delivery.kind.clone(),
                reference: delivery.reference.clone(),
                attempt: 0,
                failures: 0,
                due_at: None,
                received_at: now,
                finished_at: None,
            },
            replayed: false,
            delivery: Some(Box::new(delivery.clone())),
            // Most are dealt with at the first attempt.
            steps: Vec::with_capacity(1),
        };
        kept.deliveries.insert(key, Box::new(row));
        let lease = kept.take(&delivery.key, now, until);
        Ok(lease.map_or(Claimed::InWork, Claimed::Ours))
    }

    async fn claim_due(
        &self,
        key: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<(Lease, KeptDelivery)>, LedgerError> {
        let mut kept = self.kept();
        let Some(row) = kept.deliveries.get(key) else {
            return Ok(None);
        };
        let (due_at, delivery) = (row.entry.due_at, row.delivery.clone());
        if due_at.is_none_or(|at| at > now) {
            return Ok(None);
        }
        let lease = kept.take(key, now, until);
        Ok(lease.zip(delivery.map(|delivery| *delivery)))
    }

    async fn begin(&self, _: &Lease, _: Timestamp) -> Result<NoTransaction, LedgerError> {
        Ok(NoTransaction)
    }

    async fn finish(
        &self,
        _: NoTransaction,
        lease: &Lease,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        Ok(self.kept().end(lease, &Release::done(), now))
    }

    async fn roll_back(&self, _: NoTransaction) {}

    async fn release(
        &self,
        lease: &Lease,
        release: &Release,
        now: Timestamp,
    ) -> Result<bool, LedgerError> {
        Ok(self.kept().end(lease, release, now))
    }

    async fn due(&self, now: Timestamp, most: u32) -> Result<Vec<String>, LedgerError> {
        let kept = self.kept();
        let due = kept.due.iter().take_while(|(at, _)| *at <= now);
        let due = due.take(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(due.map(|(_, key)| key.to_string()).collect())
    }

    async fn get(&self, key: &str) -> Result<Option<LedgerEntry>, LedgerError> {
        Ok(self.kept().deliveries.get(key).map(|row| row.entry.clone()))
    }

    async fn list(&self, state: DeliveryState, most: u32) -> Result<Vec<LedgerEntry>, LedgerError> {
        let kept = self.kept();
        let rows = kept.deliveries.values();
        let mut found: Vec<_> = rows.filter(|row| row.entry.state == state).collect();
        found.sort_by_key(|row| (row.entry.received_at, &row.entry.key));
        found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(found.into_iter().map(|row| row.entry.clone()).collect())
    }

    async fn history(&self, key: &str) -> Result<Vec<LedgerStep>, LedgerError> {
        let kept = self.kept();
        let found = kept.deliveries.get(key);
        Ok(found.map_or_else(Vec::new, |row| row.steps.clone()))
    }

    async fn replay(&self, key: &str, now: Timestamp) -> Result<Replayed, LedgerError> {
        let mut kept = self.kept();
        let Some(row) = kept.deliveries.get_mut(key) else {
            return Ok(Replayed::NotFound);
        };
        if row.delivery.is_none() {
            return Ok(Replayed::BodyGone);
        }
        let entry = &mut row.entry;
        let end = |attempt, end| LedgerStep {
            attempt,
            end,
            at: now,
            reason: None,
        };
        if entry.state == DeliveryState::InWork {
            if entry.due_at.is_some_and(|at| at > now) {
                return Ok(Replayed::InWork);
            }
            row.steps.push(end(entry.attempt, AttemptEnd::Lost));
        }
        entry.attempt += 1;
        entry.failures = 0;
        row.steps.push(end(entry.attempt, AttemptEnd::Replayed));
        row.replayed = true;
        kept.set(key, DeliveryState::Waiting, Some(now));
        Ok(Replayed::Due)
    }

    async fn prune(&self, horizon: Horizon) -> Result<u64, LedgerError> {
        let mut kept = self.kept();
        let mut pruned = 0;
        while let Some((at, _)) = kept.finished.front()
            && *at < horizon.before()
            && let Some((_, key)) = kept.finished.pop_front()
        {
            kept.deliveries.remove(&key);
            pruned += 1;
        }
        Ok(pruned)
    }
}

impl fmt::Debug for MemoryLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryLedger")
            .field("deliveries", &self.kept().deliveries.len())
            .finish_non_exhaustive()
    }
}
