//! The biller host: deposit, bills and prepaid products.

mod fields;
mod inquiry;
mod payment;
mod records;
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
