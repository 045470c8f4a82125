//! E-wallet money in.

mod checkout;
mod listing;
mod page;
pub(crate) mod record;
mod routes;
mod simulation;
mod state;
mod view;
mod webhook;

use crate::{
    part::Part,
    state::{Hooks, Settles},
};

pub(super) const PART: Part = Part {
    pages: &[page::PAGE],
    listings: &[listing::LISTING],
    admin: simulation::admin,
    hooks: Hooks {
        has_account: |world, account| {
            world
                .ewallet_payments
                .values()
                .any(|payment| payment.account == account)
        },
        audit: state::audit,
        settles: Some(Settles {
            kind: "ewallet",
            settlement_type: "EWALLET",
            transaction_type: "ewallet",
            row_of: |world, id| world.ewallet_payments.row_of(id),
        }),
        ..Hooks::NONE
    },
    ..Part::new(routes::OPERATIONS)
};
