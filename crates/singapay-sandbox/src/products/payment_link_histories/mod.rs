//! Attempts to pay a link.

mod listing;
pub(crate) mod page;
pub(crate) mod record;
mod routes;
mod simulation;
mod state;
mod webhook;

use crate::{
    part::Part,
    state::{Hooks, Settles},
};

pub(super) const PART: Part = Part {
    listings: &[listing::LISTING],
    pages: &[page::PAGE],
    admin: simulation::admin,
    hooks: Hooks {
        resume: state::resume,
        sweep: state::sweep,
        settles: Some(Settles {
            kind: "payment-link",
            settlement_type: "ALL",
            transaction_type: "payment_link",
            row_of: |world, id| world.attempts.row_of(id),
        }),
        ..Hooks::NONE
    },
    ..Part::new(routes::OPERATIONS)
};
