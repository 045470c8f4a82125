//! The table of codes, generated from `spec/codes.yaml`, and how a code is found in it.
//!
//! As a page: `docs/book/src/codes.md`.

pub use crate::generated::codes::{CODES, Reason};
use crate::operation::{Host, Operation};

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// Host that has the code.
    pub host: Host,
    /// The code; the biller's have two digits.
    pub code: &'static str,
    /// Operations for which the row holds.
    pub only: Only,
    /// Its meaning, unless it is a success.
    pub reason: Option<Reason>,
    /// Proof that it gives.
    pub proof: Proof,
}

/// Operations that a row is about.
#[derive(Debug, Clone, Copy)]
pub enum Only {
    /// All of the host.
    All,
    /// Those of one product.
    Product(&'static str),
    /// These, by id.
    Operations(&'static [&'static str]),
}

/// Proof that an answer gives about the request that it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The gateway took it. That is not yet the end: the status tells.
    Accepted,
    /// It was not processed.
    Refused,
    /// Its reference is known already; the original may have succeeded.
    Duplicate,
    /// It tells nothing about the request, which may have been processed: ask.
    Nothing,
}

/// The row of a code at the host of an operation; without one, of any host.
pub(crate) fn find<'t>(
    table: &'t [Code],
    operation: Option<&Operation>,
    code: &str,
) -> Option<&'t Code> {
    table.iter().find(|row| {
        row.code == code
            && operation.is_none_or(|operation| operation.host == row.host)
            && match row.only {
                Only::All => true,
                Only::Product(product) => {
                    operation.is_some_and(|operation| operation.product == product)
                }
                Only::Operations(ids) => {
                    operation.is_some_and(|operation| ids.contains(&operation.id))
                }
            }
    })
}

/// Meaning of a code at a host, whatever the operation.
pub(crate) fn meaning(host: Host, code: &str) -> Option<Reason> {
    let operation = Operation {
        host,
        ..Operation::BARE
    };
    find(CODES, Some(&operation), code)?.reason
}

/// A code as the table has it: the biller does not always write both digits.
pub(crate) fn pad(code: &str) -> String {
    match code.as_bytes() {
        [digit] if digit.is_ascii_digit() => format!("0{code}"),
        _ => code.to_owned(),
    }
}
