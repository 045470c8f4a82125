//! Balances of the merchant and of its accounts.

mod routes;

use crate::part::Part;

pub(super) const PART: Part = Part::new(routes::OPERATIONS);
