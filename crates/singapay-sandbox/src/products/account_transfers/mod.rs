//! Transfers between two accounts of the merchant.

mod listing;
pub(crate) mod record;
mod routes;
mod state;

use crate::part::Part;

pub(super) const PART: Part = Part {
    listings: &[listing::LISTING],
    ..Part::new(routes::OPERATIONS)
};
