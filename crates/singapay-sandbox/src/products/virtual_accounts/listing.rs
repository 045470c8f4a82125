//! Virtual accounts, as the admin side lists them.

use serde_json::json;

use super::record::{VaAmount, VirtualAccount};
use crate::{
    listing::{Listed, Listing, listing},
    state::World,
};

pub(super) const LISTING: Listing = listing!("virtual_accounts", In, virtual_accounts, show);

fn show(world: &World, row: u64, va: &VirtualAccount) -> Listed {
    let refusal = va.refusal(world.now);
    let open = refusal.is_none();
    let (VaAmount::Closed(amount) | VaAmount::Open { least: amount, .. }) = va.amount;
    let pay = format!("/virtual-accounts/{}/pay", va.id);
    let order = |outcome: &str| json!({"amount": amount, "outcome": outcome});
    let name = va.name.as_deref().unwrap_or_default();
    Listed::new(row, &va.id, refusal.as_deref().unwrap_or(&va.status))
        .of(world, va.account)
        .reference(va.merchant_reff_no.as_deref())
        .amount(amount)
        .about(&format!(
            "{} {} {} {name}",
            va.bank_code,
            va.number,
            va.amount.word()
        ))
        .next(open, "expiry", va.expired_at)
        .can(open, "pay", &pay, order("paid"))
        .can(open, "decline", &pay, order("failed"))
        .can(open, "begin and leave", &pay, order("expired"))
}
