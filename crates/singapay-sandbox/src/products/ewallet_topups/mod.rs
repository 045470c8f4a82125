//! E-wallet money out.

mod fields;
mod routes;

use crate::part::Part;

pub(super) const PART: Part = Part::new(routes::OPERATIONS);
