//! Card payments with 3-D Secure. Nothing of the card but the masked number outlives the request.

mod fields;
mod listing;
pub(crate) mod number;
mod page;
pub(crate) mod record;
mod routes;
mod simulation;
mod state;

use crate::{part::Part, state::Hooks};

pub(super) const PART: Part = Part {
    pages: &[page::PAGE],
    listings: &[listing::LISTING],
    admin: simulation::admin,
    hooks: Hooks {
        resume: state::resume,
        has_account: |world, account| world.cards.values().any(|card| card.account == account),
        ..Hooks::NONE
    },
    ..Part::new(routes::OPERATIONS)
};
