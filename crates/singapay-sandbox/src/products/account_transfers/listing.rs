//! Transfers between accounts, as the admin side lists them.

use super::record::AccountTransfer;
use crate::{
    listing::{Listed, Listing, listing},
    state::World,
};

pub(super) const LISTING: Listing = listing!("account_transfers", Out, transfers, show);

fn show(world: &World, row: u64, transfer: &AccountTransfer) -> Listed {
    let to = world.accounts.get(transfer.beneficiary);
    Listed::new(row, &transfer.transaction_id, "success")
        .of(world, transfer.remitter)
        .reference(Some(&transfer.merchant_ref_no))
        .amount(transfer.amount)
        .about(
            &to.map(|account| format!("to {} {}", account.number, account.name))
                .unwrap_or_default(),
        )
        .at(transfer.at)
}
