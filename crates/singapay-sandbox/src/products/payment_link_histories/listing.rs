//! Attempts to pay a link, as the admin side lists them.

use super::record::LinkAttempt;
use crate::{
    listing::{Listed, Listing, listing},
    state::World,
};

pub(super) const LISTING: Listing = listing!("payment_link_attempts", In, attempts, show);

fn show(world: &World, row: u64, attempt: &LinkAttempt) -> Listed {
    let link = world.links.get(attempt.link);
    Listed::new(row, &attempt.reff_no, &attempt.status)
        .of(world, attempt.account)
        .reference(link.map(|link| link.reff_no.as_str()))
        .amount(attempt.amount)
        .about(&format!("{} {}", attempt.method, attempt.customer.name))
        .at(attempt.created_at)
        .next(
            attempt.status == "pending",
            "expiry",
            Some(attempt.expired_at),
        )
}
