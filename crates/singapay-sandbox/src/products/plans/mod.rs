//! Subscriptions: a card that is charged by a schedule.

mod fields;
mod listing;
mod page;
pub(crate) mod record;
mod routes;
mod simulation;
mod state;
mod view;
mod webhook;

use crate::{part::Part, state::Hooks};

pub(super) const PART: Part = Part {
    pages: page::PAGES,
    listings: &[listing::LISTING],
    admin: simulation::admin,
    hooks: Hooks {
        resume: state::resume,
        has_account: |world, account| world.plans.values().any(|plan| plan.account == account),
        ..Hooks::NONE
    },
    ..Part::new(routes::OPERATIONS)
};
