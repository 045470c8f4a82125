//! The biller host: deposit, bills and prepaid products.

mod catalogue;
mod fields;
mod inquiry;
mod listing;
mod payment;
pub(crate) mod record;
mod records;
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
