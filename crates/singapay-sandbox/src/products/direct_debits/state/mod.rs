//! Bound cards, and what is charged to them.

mod binding;
mod debit;

pub(crate) use binding::{Binding, BindingStatus, NewBinding};
pub(super) use debit::resume;
pub(crate) use debit::{Debit, DebitStatus, NewDebit, OTP};
