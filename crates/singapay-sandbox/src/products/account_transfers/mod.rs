//! Transfers between two accounts of the merchant.

mod routes;
pub(crate) mod state;

use crate::part::Part;

pub(super) const PART: Part = Part::new(routes::OPERATIONS);
