//! QR codes that the merchant's customers scan. Code and payment are one record.

use serde::{Deserialize, Serialize};

use crate::{status::computed, table::Record, wire_time::At};

/// One dynamic code, to be paid once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct QrisCode {
    pub(crate) account: u64,
    pub(crate) reff_no: String,
    pub(crate) merchant_reff_no: Option<String>,
    pub(crate) qr_data: String,
    pub(crate) amount: i64,
    /// Part of the amount, in hundredths of a percent, and what it comes to.
    pub(crate) basis_points: i64,
    pub(crate) fee: i64,
    /// `open`, `paid`, or `expired` once the sweep has seen it.
    pub(crate) status: String,
    /// None: open until it is paid.
    pub(crate) expired_at: Option<At>,
    pub(crate) payer: Option<QrisPayer>,
    pub(crate) paid_at: Option<At>,
    /// Number of tries to pay.
    pub(crate) events: u64,
    pub(crate) created_at: At,
    pub(crate) updated_at: At,
}

/// The payer, as the customer's bank tells.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct QrisPayer {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) pan: String,
}

impl QrisCode {
    pub(crate) fn is_expired(&self, now: At) -> bool {
        self.expired_at.is_some_and(|at| at <= now)
    }

    pub(crate) fn status_computed(&self, now: At) -> &str {
        computed(&self.status, self.is_expired(now))
    }
}

impl Record for QrisCode {
    const TABLE: &'static str = "qris_code";

    fn keys(&self) -> Vec<String> {
        vec![self.reff_no.clone(), format!("qr:{}", self.qr_data)]
    }
}
