//! Cardless withdrawals, as the admin side lists them.

use super::record::CardlessWithdrawal;
use crate::{
    listing::{Listed, Listing, listing},
    state::World,
};

pub(super) const LISTING: Listing =
    listing!("cardless_withdrawals", Out, cardless_withdrawals, show);

fn show(world: &World, row: u64, withdrawal: &CardlessWithdrawal) -> Listed {
    let open = withdrawal.is_open();
    let id = &withdrawal.transaction_id;
    let complete = format!("/cardless-withdrawals/{id}/complete");
    Listed::new(row, id, withdrawal.status.word())
        .of(world, withdrawal.account)
        .reference(Some(&withdrawal.reference))
        .amount(withdrawal.amount)
        .about(&format!(
            "{} {}",
            withdrawal.vendor_code, withdrawal.customer_name
        ))
        .at(withdrawal.created_at)
        .next(open, "expiry", Some(withdrawal.expires_at))
        .can(open, "complete", &complete, None)
}
