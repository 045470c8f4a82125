//! Money that came in and waits for its settlement.

use super::record::Collection;
use crate::state::{Agenda, Bucket, Cause, Due, World};

impl World {
    /// Books a customer's payment: credit of the whole amount, debit of the fee (a row of its own
    /// with the same transaction id, seen live), both pending until settlement.
    pub(crate) fn collect(&mut self, account: u64, gross: i64, fee: i64, cause: Cause<'_>) {
        let fee = fee.min(gross);
        self.post(account, Bucket::Pending, gross, cause);
        self.post(account, Bucket::Pending, -fee, cause);
        let settle_at = self.now.plus(self.settings.delays.settlement);
        let row = self.collections.insert(Collection {
            account,
            transaction_id: cause.transaction_id.to_owned(),
            gross,
            fee,
            settle_at,
            settled: false,
            kind: cause.kind.to_owned(),
            collected_at: Some(self.now),
            taken_back: None,
        });
        self.schedule(settle_at, Due::Settlement(row));
    }
}

/// Plans again what is still ahead, after a restart.
pub(super) fn resume(world: &World, agenda: &mut Agenda) {
    for (row, collection) in world.collections.iter().filter(|(_, c)| !c.settled) {
        agenda.push((collection.settle_at, Due::Settlement(row)));
    }
}
