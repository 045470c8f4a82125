//! Identity checks that were made, and the balance they are billed to.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::table::Record;

/// The balance that identity checks are paid from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct IdentityBalance {
    pub(crate) opened: i64,
    pub(crate) left: i64,
}

impl Record for IdentityBalance {
    const TABLE: &'static str = "identity_balance";

    fn keys(&self) -> Vec<String> {
        Vec::new()
    }
}

/// One check; the person's data is kept as a digest only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct IdentityCheck {
    pub(crate) request_id: String,
    /// Hex SHA-256 of what was asked.
    pub(crate) digest: String,
    /// The answer; absent when the bank or wallet failed, which is not billed.
    pub(crate) answer: Option<Value>,
    pub(crate) price: i64,
}

impl Record for IdentityCheck {
    const TABLE: &'static str = "identity_check";

    fn keys(&self) -> Vec<String> {
        vec![self.request_id.clone()]
    }
}
