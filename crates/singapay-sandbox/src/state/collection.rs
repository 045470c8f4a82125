//! Money that came in and waits for its settlement.

use serde::{Deserialize, Serialize};

use super::{Bucket, Cause, Due, Record, Table, World};
use crate::wire_time::At;

/// One collected payment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Collection {
    pub(crate) account: u64,
    pub(crate) transaction_id: String,
    /// What the customer paid.
    pub(crate) gross: i64,
    /// The gateway's fee, taken from it.
    pub(crate) fee: i64,
    pub(crate) settle_at: At,
    pub(crate) settled: bool,
}

impl Record for Collection {
    const TABLE: &'static str = "collection";

    fn keys(&self) -> Vec<String> {
        vec![self.transaction_id.clone()]
    }
}

impl Table<Collection> {
    /// What was collected under an id, once it is settled.
    pub(crate) fn settled(&self, transaction_id: &str) -> Option<&Collection> {
        self.find(transaction_id).filter(|found| found.settled)
    }
}

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
        });
        self.schedule(settle_at, Due::Settlement(row));
    }

    pub(super) fn settle(&mut self, row: u64) {
        let Some(collection) = self.collections.get_mut(row).filter(|c| !c.settled) else {
            return;
        };
        collection.settled = true;
        let (account, net) = (collection.account, collection.gross - collection.fee);
        self.shift(account, Bucket::Pending, Bucket::Available, net);
    }
}
