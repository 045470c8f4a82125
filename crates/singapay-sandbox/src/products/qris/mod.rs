//! QRIS money in.

pub(crate) mod data;
mod listing;
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
    admin: simulation::admin,
    hooks: Hooks {
        resume: state::resume,
        sweep: state::sweep,
        has_account: |world, account| {
            world
                .qris_codes
                .values()
                .any(|code| code.account == account)
        },
        audit: state::audit,
        settles: Some(Settles {
            kind: "qris",
            settlement_type: "QRIS",
            transaction_type: "qris",
            row_of: |world, id| world.qris_codes.row_of(id),
        }),
    },
    ..Part::new(routes::OPERATIONS)
};
