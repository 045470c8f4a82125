//! Subscriptions: a card that is charged by a schedule.

mod fields;
mod page;
mod routes;
mod simulation;
pub(crate) mod state;
mod view;
mod webhook;

use crate::part::Part;

pub(super) const PART: Part = Part {
    pages: page::PAGES,
    admin: simulation::admin,
    resume: state::resume,
    has_account: |world, account| world.plans.values().any(|plan| plan.account == account),
    ..Part::new(routes::OPERATIONS)
};
