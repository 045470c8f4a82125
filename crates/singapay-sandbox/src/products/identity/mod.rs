//! The identity host: its token, and checks of a name against a bank account or a wallet.

mod likeness;
pub(crate) mod record;
mod routes;
pub(crate) mod state;
mod token;

use crate::{part::Part, state::Hooks};

pub(super) const PART: Part = Part {
    hooks: Hooks {
        audit: state::audit,
        ..Hooks::NONE
    },
    ..Part::new(routes::OPERATIONS)
};
