//! The deposit, what is paid from it, and the inquiries before.

mod bill;
mod inquiry;

pub(super) use bill::{audit, resume};
