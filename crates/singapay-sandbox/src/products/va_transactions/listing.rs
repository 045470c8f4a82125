//! Transfers to virtual accounts, as the admin side lists them.

use super::record::VaTransaction;
use crate::{
    listing::{Listed, Listing, listing},
    state::World,
};

pub(super) const LISTING: Listing = listing!("va_transactions", In, va_transactions, show);

fn show(world: &World, row: u64, transaction: &VaTransaction) -> Listed {
    let unpaid = transaction.status == "unpaid";
    Listed::new(row, &transaction.transaction_id, &transaction.status)
        .of(world, transaction.account)
        .reference(transaction.merchant_reff_no.as_deref())
        .amount(transaction.amount)
        .about(&transaction.va_number)
        .at(transaction.posted_at)
        .next(unpaid, "expiry", Some(transaction.expires_at))
}
