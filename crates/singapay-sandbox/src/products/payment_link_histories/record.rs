//! Attempts to pay a link.

use serde::{Deserialize, Serialize};

use crate::{products::payment_links::record::Customer, table::Record, wire_time::At};

/// One attempt to pay a link ("history").
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct LinkAttempt {
    pub(crate) link: u64,
    pub(crate) account: u64,
    pub(crate) reff_no: String,
    pub(crate) method: String,
    pub(crate) method_value: String,
    /// A JSON text, for retail outlets.
    pub(crate) additional: Option<String>,
    pub(crate) amount: i64,
    pub(crate) status: String,
    pub(crate) payment_date: Option<At>,
    pub(crate) balance_after: Option<i64>,
    pub(crate) customer: Customer,
    pub(crate) expired_at: At,
    pub(crate) created_at: At,
    pub(crate) updated_at: At,
}

impl Record for LinkAttempt {
    const TABLE: &'static str = "payment_link_history";

    fn keys(&self) -> Vec<String> {
        vec![self.reff_no.clone()]
    }
}
