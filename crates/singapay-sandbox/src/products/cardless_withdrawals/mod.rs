//! Cardless withdrawals: money locked until somebody fetches it at a machine.

mod listing;
pub(crate) mod record;
mod routes;
mod simulation;
mod state;

use crate::{part::Part, state::Hooks};

pub(super) const PART: Part = Part {
    listings: &[listing::LISTING],
    admin: simulation::admin,
    hooks: Hooks {
        resume: state::resume,
        audit: state::audit,
        ..Hooks::NONE
    },
    ..Part::new(routes::OPERATIONS)
};
