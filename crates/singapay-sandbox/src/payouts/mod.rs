//! The common part of the three products of money out: record, books, events, and end of a payout.

mod listing;
pub(crate) mod record;
mod simulation;
mod state;
mod view;
mod webhook;

pub use record::PayoutOutcome;
pub(crate) use record::{NewPayout, Payout, PayoutStatus, Target};
pub(crate) use view::{PayoutView, accept, bank_record, payout_time, payout_view};

use crate::{part::Part, state::Hooks};

pub(crate) const PART: Part = Part {
    listings: &[listing::LISTING],
    admin: simulation::admin,
    hooks: Hooks {
        resume: state::resume,
        audit: state::audit,
        ..Hooks::NONE
    },
    ..Part::new(&[])
};
