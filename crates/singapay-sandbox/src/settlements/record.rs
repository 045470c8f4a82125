//! Collected payments, and the batches in which they became available.

use serde::{Deserialize, Serialize};

use crate::{
    table::{Record, Table},
    wire_time::At,
};

/// One collected payment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Collection {
    pub(crate) account: u64,
    pub(crate) transaction_id: String,
    /// Paid by the customer.
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
    /// The payment collected under an id, once it is settled.
    pub(crate) fn settled(&self, transaction_id: &str) -> Option<&Collection> {
        self.find(transaction_id).filter(|found| found.settled)
    }
}

/// Money that one account got at one time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Settlement {
    pub(crate) account: u64,
    /// End of its reference, which tells it from others of its number.
    pub(crate) suffix: String,
    /// Rows of what was collected.
    pub(crate) covers: Vec<u64>,
    pub(crate) at: At,
}

impl Record for Settlement {
    const TABLE: &'static str = "settlement";

    fn keys(&self) -> Vec<String> {
        self.covers
            .iter()
            .map(|row| format!("covers:{row}"))
            .collect()
    }
}

/// One settled payment that Finance took back from the balance.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct TakenBack {
    pub(crate) at: At,
    pub(crate) undone_at: Option<At>,
}
