//! Bank transfers that customers make to virtual accounts.

use serde::{Deserialize, Serialize};

use crate::{table::Record, wire_time::At};

/// One transfer to a virtual account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct VaTransaction {
    pub(crate) account: u64,
    pub(crate) virtual_account: u64,
    pub(crate) transaction_id: String,
    pub(crate) va_number: String,
    pub(crate) merchant_reff_no: Option<String>,
    pub(crate) amount: i64,
    /// `unpaid`, `paid`, `failed` or `expired`.
    pub(crate) status: String,
    pub(crate) posted_at: At,
    pub(crate) processed_at: Option<At>,
    /// Time at which it ends if the customer does not go on.
    pub(crate) expires_at: At,
}

impl Record for VaTransaction {
    const TABLE: &'static str = "va_transaction";

    fn keys(&self) -> Vec<String> {
        vec![self.transaction_id.clone()]
    }
}
