//! Transfers that customers made to virtual accounts.

mod listing;
pub(crate) mod record;
mod routes;
mod state;
mod webhook;

use crate::{
    part::Part,
    state::{Hooks, Settles},
};

pub(super) const PART: Part = Part {
    listings: &[listing::LISTING],
    hooks: Hooks {
        resume: state::resume,
        sweep: state::sweep,
        audit: state::audit,
        settles: Some(Settles {
            kind: "virtual-account",
            settlement_type: "VA",
            transaction_type: "va",
            row_of: |world, id| world.va_transactions.row_of(id),
        }),
        ..Hooks::NONE
    },
    ..Part::new(routes::OPERATIONS)
};
