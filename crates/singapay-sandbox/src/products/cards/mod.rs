//! Card payments with 3-D Secure. Nothing of the card but the masked number outlives the request.

mod fields;
mod number;
mod page;
mod routes;
mod simulation;
pub(crate) mod state;

use crate::part::Part;

pub(super) const PART: Part = Part {
    pages: &[page::PAGE],
    admin: simulation::admin,
    resume: state::resume,
    has_account: |world, account| world.cards.values().any(|card| card.account == account),
    ..Part::new(routes::OPERATIONS)
};
