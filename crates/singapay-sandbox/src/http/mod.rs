//! The gateway's HTTP interface: a table of operations, one gate in front of them, and one module
//! per product.

mod balances;
mod call;
mod cards;
mod dispatch;
mod ewallets;
mod gate;
mod operation;
mod pages;
mod payment_links;
pub(crate) mod payouts;
mod qris;
mod qris_data;
mod refusal;
mod tokens;
mod validate;

pub(crate) use dispatch::{BODY_LIMIT, dispatch};
pub(crate) use pages::{confirm, hosted_link, pay_link, three_d_secure};
pub(crate) use payouts::payout_view;
