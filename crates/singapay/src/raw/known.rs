//! The rows of requests that the operation table does not hold.

use std::sync::{Mutex, PoisonError};

use singapay_core::{
    Operation,
    operation::{Authentication, Effect, Envelope, Evidence, Host},
};

/// What is known about an unknown operation.
pub(super) fn unknown(
    host: Host,
    method: &'static str,
    effect: Effect,
    signed: bool,
) -> &'static Operation {
    kept(Operation {
        id: "raw_request",
        host,
        method,
        path: "",
        product: "raw",
        authentication: Authentication::Bearer,
        signed,
        effect,
        envelope: match host {
            Host::Payment => Envelope::Any,
            Host::Biller => Envelope::Biller,
            Host::Identity => Envelope::Identity,
        },
        reference: None,
        inquiry: None,
        essential: &[],
        payout: None,
        optional_body: true,
        evidence: Evidence::Documented,
    })
}

/// The same row for ever. There are no more rows than combinations of what a caller can say, so that
/// few are ever made.
pub(super) fn kept(operation: Operation) -> &'static Operation {
    static ROWS: Mutex<Vec<&'static Operation>> = Mutex::new(Vec::new());
    let mut rows = ROWS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(row) = rows.iter().copied().find(|row| **row == operation) {
        return row;
    }
    let row: &'static Operation = Box::leak(Box::new(operation));
    rows.push(row);
    row
}
