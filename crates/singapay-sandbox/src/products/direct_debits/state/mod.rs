//! Life of a binding and of a charge.

mod binding;
mod debit;

pub(super) use debit::resume;
