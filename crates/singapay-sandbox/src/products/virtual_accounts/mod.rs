//! Virtual accounts.

mod fields;
mod routes;
mod simulation;
pub(crate) mod state;

pub use simulation::VaAttempted;

use crate::part::Part;

pub(super) const PART: Part = Part {
    admin: simulation::admin,
    resume: state::resume,
    sweep: state::sweep,
    has_account: |world, account| {
        world
            .virtual_accounts
            .values()
            .any(|va| va.account == account)
    },
    ..Part::new(routes::OPERATIONS)
};
