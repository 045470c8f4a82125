//! Payment links. Both API versions read and write the same records.

mod fields;
mod listing;
mod lookup;
pub(crate) mod page;
pub(crate) mod record;
mod routes;
mod simulation;
mod state;
mod v1;
mod v2;
mod view;

pub use simulation::{LinkAttempted, Payer};

use crate::{part::Part, state::Hooks};

pub(super) const PART: Part = Part {
    pages: &[page::PAGE],
    listings: &[listing::LISTING],
    admin: simulation::admin,
    hooks: Hooks {
        resume: state::resume,
        sweep: state::sweep,
        has_account: |world, account| world.links.values().any(|link| link.account == account),
        ..Hooks::NONE
    },
    ..Part::new(routes::OPERATIONS)
};
