//! Cardless withdrawals: money locked until somebody fetches it at a machine.

mod routes;
mod simulation;
pub(crate) mod state;

use crate::part::Part;

pub(super) const PART: Part = Part {
    admin: simulation::admin,
    resume: state::resume,
    audit: state::audit,
    ..Part::new(routes::OPERATIONS)
};
