//! Tokens of the payment host, and of the biller at the same path.

mod routes;

use crate::part::Part;

pub(super) const PART: Part = Part::new(routes::OPERATIONS);
