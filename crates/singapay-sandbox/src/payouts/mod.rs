//! What the three products of money out share: record, books, events, and how a payout ends.

mod simulation;
mod state;
mod view;
mod webhook;

pub use state::PayoutOutcome;
pub(crate) use state::{NewPayout, Payout, PayoutStatus, Target};
pub(crate) use view::{PayoutView, bank_record, payout_time, payout_view};

use crate::part::Part;

pub(crate) const PART: Part = Part {
    admin: simulation::admin,
    resume: state::resume,
    audit: state::audit,
    ..Part::new(&[])
};
