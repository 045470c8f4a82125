//! Direct debit: binding a card, and charging it.

mod charge;
mod page;
mod routes;
mod simulation;
pub(crate) mod state;
mod view;
mod webhook;

use crate::part::Part;

pub(super) const PART: Part = Part {
    pages: &[page::PAGE],
    admin: simulation::admin,
    resume: state::resume,
    has_account: |world, account| world.debits.values().any(|debit| debit.account == account),
    ..Part::new(routes::OPERATIONS)
};
