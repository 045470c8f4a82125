//! The gateway's HTTP interface: a table of operations, one gate in front of them, and one module
//! per product.

mod accounts;
mod balances;
mod banks;
mod bills;
mod call;
mod cardless;
mod cards;
mod direct_debits;
mod disbursements;
mod dispatch;
mod ewallet_payments;
mod ewallets;
mod faulty;
mod filter;
mod gate;
mod identity;
mod list;
mod operation;
mod pages;
mod payment_links;
pub(crate) mod payouts;
mod people;
mod plans;
mod qris;
mod qris_codes;
mod qris_data;
mod qris_merchant;
mod refusal;
mod shared_fields;
mod statements;
mod tokens;
mod transfers;
mod va_transactions;
mod validate;
mod virtual_accounts;

pub(crate) use direct_debits::{answer_binding, binding_page, binding_view, debit_view};
pub(crate) use dispatch::{BODY_LIMIT, dispatch};
pub(crate) use ewallet_payments::{answer_wallet, wallet_page};
pub(crate) use faulty::Cut;
pub(crate) use pages::{confirm, hosted_link, pay_link, three_d_secure};
pub(crate) use payouts::payout_view;
pub(crate) use plans::{link_card, pay_prorated, plan_page, prorated_page};

/// Every operation that is served: id, method, path template.
pub(crate) fn operations() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    operation::all().map(|row| (row.id, row.method, row.path))
}
