//! The rows of requests that the operation table does not hold.

use std::sync::{Mutex, PoisonError};

use singapay_core::{
    Operation,
    operation::{Effect, Envelope, Host},
};

/// The row of an operation that is not modelled, as the caller describes it.
pub(super) fn unknown(
    host: Host,
    method: &'static str,
    effect: Effect,
    signed: bool,
) -> &'static Operation {
    kept(Operation {
        host,
        method,
        signed,
        effect,
        envelope: match host {
            Host::Payment => Envelope::Any,
            Host::Biller => Envelope::Biller,
            Host::Identity => Envelope::Identity,
        },
        optional_body: true,
        ..Operation::BARE
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
