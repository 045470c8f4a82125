//! The products, under the names that the client has for them. A new one is added to [`PARTS`].

pub(crate) mod account_transfers;
pub(crate) mod accounts;
pub(crate) mod balances;
pub(crate) mod bills;
pub(crate) mod cardless_withdrawals;
pub(crate) mod cards;
pub(crate) mod direct_debits;
pub(crate) mod disbursements;
pub(crate) mod ewallet_topups;
pub(crate) mod ewallets;
pub(crate) mod identity;
pub(crate) mod payment_link_histories;
pub(crate) mod payment_links;
pub(crate) mod plans;
pub(crate) mod qris;
pub(crate) mod qris_payouts;
pub(crate) mod scenario;
pub(crate) mod statements;
pub(crate) mod tokens;
pub(crate) mod va_transactions;
pub(crate) mod virtual_accounts;

#[cfg(test)]
mod hosted_pages;
#[cfg(test)]
mod staged_pages;

use crate::{part::Part, payouts, settlements};

/// All parts, in the order in which operations and sections of an event are told.
pub(crate) const PARTS: &[Part] = &[
    tokens::PART,
    accounts::PART,
    balances::PART,
    statements::PART,
    account_transfers::PART,
    payment_links::PART,
    payment_link_histories::PART,
    cards::PART,
    direct_debits::PART,
    qris_payouts::PART,
    ewallet_topups::PART,
    disbursements::PART,
    cardless_withdrawals::PART,
    identity::PART,
    virtual_accounts::PART,
    va_transactions::PART,
    qris::PART,
    bills::PART,
    ewallets::PART,
    plans::PART,
    payouts::PART,
    settlements::PART,
];
