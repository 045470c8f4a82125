//! Attempts to pay a link.

mod routes;
pub(crate) mod state;
mod webhook;

use crate::part::{Part, Settles};

pub(super) const PART: Part = Part {
    resume: state::resume,
    sweep: state::sweep,
    settles: Some(Settles {
        kind: "payment-link",
        settlement_type: "ALL",
        transaction_type: "payment_link",
        row_of: |world, id| world.attempts.row_of(id),
    }),
    ..Part::new(routes::OPERATIONS)
};
