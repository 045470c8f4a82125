//! Transfers between two accounts of the merchant.

use serde::{Deserialize, Serialize};

use crate::{table::Record, wire_time::At};

/// One transfer; it has happened once it exists.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AccountTransfer {
    pub(crate) transaction_id: String,
    pub(crate) merchant_ref_no: String,
    pub(crate) amount: i64,
    pub(crate) remitter: u64,
    pub(crate) beneficiary: u64,
    pub(crate) remitter_after: i64,
    pub(crate) beneficiary_after: i64,
    pub(crate) at: At,
}

impl Record for AccountTransfer {
    const TABLE: &'static str = "account_transfer";

    fn keys(&self) -> Vec<String> {
        vec![
            format!("id:{}", self.transaction_id),
            format!("ref:{}", self.merchant_ref_no),
        ]
    }
}
