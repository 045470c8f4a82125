//! Money that came in and waits for its settlement.

use serde::{Deserialize, Serialize};

use super::TakenBack;
use crate::{
    part::Agenda,
    state::{Bucket, Cause, Due, Record, Table, World},
    wire_time::At,
};

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
    /// The statement's word for the product.
    #[serde(default)]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) collected_at: Option<At>,
    /// Taken back from the balance after its settlement.
    #[serde(default)]
    pub(crate) taken_back: Option<TakenBack>,
}

impl Collection {
    pub(crate) fn net(&self) -> i64 {
        self.gross - self.fee
    }

    /// Not there any more, though it was settled.
    pub(crate) fn is_gone(&self) -> bool {
        self.taken_back
            .as_ref()
            .is_some_and(|t| t.undone_at.is_none())
    }
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
