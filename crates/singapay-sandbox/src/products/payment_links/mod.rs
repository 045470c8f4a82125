//! Payment links. Both API versions read and write the same records.

mod fields;
mod page;
mod routes;
mod simulation;
pub(crate) mod state;
mod v1;
mod v2;
mod view;

pub use simulation::{LinkAttempted, Payer};

use crate::part::Part;

pub(super) const PART: Part = Part {
    pages: &[page::PAGE],
    admin: simulation::admin,
    resume: state::resume,
    sweep: state::sweep,
    has_account: |world, account| world.links.values().any(|link| link.account == account),
    ..Part::new(routes::OPERATIONS)
};
