//! Sub-accounts.

mod routes;
mod simulation;

use crate::part::Part;

pub(super) const PART: Part = Part {
    admin: simulation::admin,
    ..Part::new(routes::OPERATIONS)
};
