//! Transfers between two accounts of the merchant.

pub(crate) mod record;
mod routes;
mod state;

use crate::part::Part;

pub(super) const PART: Part = Part::new(routes::OPERATIONS);
