//! The gateway's HTTP interface: one gate in front of the operations, and what they share.

pub(crate) mod call;
mod dispatch;
pub(crate) mod documented;
mod envelope;
pub(crate) mod expiry;
mod faulty;
pub(crate) mod filter;
mod gate;
pub(crate) mod list;
pub(crate) mod operation;
pub(crate) mod page;
pub(crate) mod refusal;
mod router;
pub(crate) mod validate;
pub(crate) mod verdict;

pub(crate) use dispatch::{BODY_LIMIT, dispatch};
pub(crate) use faulty::Cut;
pub(crate) use router::{Found, Routes};
