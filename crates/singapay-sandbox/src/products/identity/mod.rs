//! The identity host: its token, and checks of a name against a bank account or a wallet.

mod likeness;
mod routes;
pub(crate) mod state;
mod token;

use crate::part::Part;

pub(super) const PART: Part = Part {
    audit: state::audit,
    ..Part::new(routes::OPERATIONS)
};
