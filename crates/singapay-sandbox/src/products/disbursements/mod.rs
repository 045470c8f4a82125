//! Bank transfers.

mod checks;
mod fields;
mod outcome;
mod reads;
mod routes;
mod transfer;

use crate::part::Part;

pub(super) const PART: Part = Part::new(routes::OPERATIONS);
