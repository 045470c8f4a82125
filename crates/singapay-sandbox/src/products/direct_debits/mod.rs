//! Direct debit: binding a card, and charging it.

mod charge;
mod listing;
mod lookup;
mod page;
pub(crate) mod record;
mod routes;
mod simulation;
mod state;
mod view;
mod webhook;

use crate::{part::Part, state::Hooks};

pub(super) const PART: Part = Part {
    pages: &[page::PAGE],
    listings: listing::LISTINGS,
    admin: simulation::admin,
    hooks: Hooks {
        resume: state::resume,
        has_account: |world, account| world.debits.values().any(|debit| debit.account == account),
        ..Hooks::NONE
    },
    ..Part::new(routes::OPERATIONS)
};
