//! Transfers that customers made to virtual accounts.

mod routes;
pub(crate) mod state;
mod webhook;

use crate::part::{Part, Settles};

pub(super) const PART: Part = Part {
    resume: state::resume,
    sweep: state::sweep,
    audit: state::audit,
    settles: Some(Settles {
        kind: "virtual-account",
        settlement_type: "VA",
        transaction_type: "va",
        row_of: |world, id| world.va_transactions.row_of(id),
    }),
    ..Part::new(routes::OPERATIONS)
};
