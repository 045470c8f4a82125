//! Payouts in memory, for tests.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use singapay_core::{BoxFuture, Timestamp};

use super::{
    Inserted, PayoutEvent, PayoutRecord, PayoutState, PayoutStore, Reserve, Share, StoreError,
    Updated,
};

/// Keeps payouts in memory: for tests alone, since the next start of the program knows nothing of them.
///
/// In the book: `docs/book/src/payouts.md#in-your-program`.
#[derive(Default)]
pub struct MemoryPayoutStore(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    payouts: BTreeMap<String, (PayoutRecord, Vec<PayoutEvent>)>,
    used: HashMap<(String, String), i64>,
}

impl Kept {
    /// Changes all shares, or none.
    fn reserve(&mut self, reserves: &[Reserve]) -> Result<(), Share> {
        let mut used = self.used.clone();
        for Reserve { share, limit } in reserves {
            let key = (share.day.clone(), share.scope.clone());
            let sum = used.entry(key).or_default();
            *sum += share.amount;
            if limit.is_some_and(|limit| share.amount > 0 && *sum > limit) {
                return Err(share.clone());
            }
        }
        self.used = used;
        Ok(())
    }
}

impl MemoryPayoutStore {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemoryPayoutStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryPayoutStore").finish_non_exhaustive()
    }
}

impl PayoutStore for MemoryPayoutStore {
    fn insert<'a>(
        &'a self,
        record: &'a PayoutRecord,
        reserves: &'a [Reserve],
    ) -> BoxFuture<'a, Result<Inserted, StoreError>> {
        Box::pin(async move {
            let mut kept = self.kept();
            if let Some((existing, _)) = kept.payouts.get(&record.reference) {
                return Ok(Inserted::Exists(Box::new(existing.clone())));
            }
            if let Err(share) = kept.reserve(reserves) {
                return Ok(Inserted::OverLimit(share));
            }
            let entry = (record.clone(), vec![PayoutEvent::of(record)]);
            kept.payouts.insert(record.reference.clone(), entry);
            Ok(Inserted::New)
        })
    }

    fn get<'a>(
        &'a self,
        reference: &'a str,
    ) -> BoxFuture<'a, Result<Option<PayoutRecord>, StoreError>> {
        Box::pin(async move {
            let kept = self.kept();
            Ok(kept
                .payouts
                .get(reference)
                .map(|(record, _)| record.clone()))
        })
    }

    fn update<'a>(
        &'a self,
        record: &'a PayoutRecord,
        reserves: &'a [Reserve],
    ) -> BoxFuture<'a, Result<Updated, StoreError>> {
        Box::pin(async move {
            let mut kept = self.kept();
            let stored = kept.payouts.get(&record.reference);
            if stored.is_none_or(|(stored, _)| stored.version + 1 != record.version) {
                return Ok(Updated::Stale);
            }
            if let Err(share) = kept.reserve(reserves) {
                return Ok(Updated::OverLimit(share));
            }
            if let Some((stored, events)) = kept.payouts.get_mut(&record.reference) {
                events.push(PayoutEvent::of(record));
                *stored = record.clone();
            }
            Ok(Updated::Done)
        })
    }

    fn due(&self, now: Timestamp, most: u32) -> BoxFuture<'_, Result<Vec<String>, StoreError>> {
        Box::pin(async move {
            let kept = self.kept();
            let due = kept.payouts.values().filter_map(|(record, _)| {
                let at = record.due_at().filter(|at| *at <= now)?;
                Some((at, &record.reference))
            });
            let mut due: Vec<_> = due.collect();
            due.sort();
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            let due = due.into_iter().take(most);
            Ok(due.map(|(_, reference)| reference.clone()).collect())
        })
    }

    fn in_state<'a>(
        &'a self,
        state: PayoutState,
        after: &'a str,
        most: u32,
    ) -> BoxFuture<'a, Result<Vec<PayoutRecord>, StoreError>> {
        Box::pin(async move {
            let kept = self.kept();
            let records = kept.payouts.values().map(|(record, _)| record);
            let found = records.filter(|record| record.state == state);
            let found = found.filter(|record| record.reference.as_str() > after);
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            Ok(found.take(most).cloned().collect())
        })
    }

    fn history<'a>(
        &'a self,
        reference: &'a str,
    ) -> BoxFuture<'a, Result<Vec<PayoutEvent>, StoreError>> {
        Box::pin(async move {
            let kept = self.kept();
            let found = kept.payouts.get(reference);
            Ok(found.map_or_else(Vec::new, |(_, events)| events.clone()))
        })
    }

    fn used<'a>(&'a self, day: &'a str, scope: &'a str) -> BoxFuture<'a, Result<i64, StoreError>> {
        Box::pin(async move {
            let key = (day.to_owned(), scope.to_owned());
            Ok(self.kept().used.get(&key).copied().unwrap_or_default())
        })
    }
}
