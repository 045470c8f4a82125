//! Virtual accounts.

mod fields;
mod listing;
pub(crate) mod record;
mod routes;
mod simulation;
mod state;

pub use simulation::VaAttempted;

use crate::{part::Part, state::Hooks};

pub(super) const PART: Part = Part {
    listings: &[listing::LISTING],
    admin: simulation::admin,
    hooks: Hooks {
        resume: state::resume,
        sweep: state::sweep,
        has_account: |world, account| {
            world
                .virtual_accounts
                .values()
                .any(|va| va.account == account)
        },
        ..Hooks::NONE
    },
    ..Part::new(routes::OPERATIONS)
};
