//! Transfers between accounts, as the admin side lists them.

use super::record::AccountTransfer;
use crate::{
    listing::{Flow, Listed, Listing},
    state::World,
};

pub(super) const LISTING: Listing = Listing {
    kind: "account_transfers",
    flow: Flow::Out,
    count: |world| world.transfers.len(),
    newest: |world, window| {
        window.rows(&world.transfers, |row, transfer| show(world, row, transfer))
    },
};

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
