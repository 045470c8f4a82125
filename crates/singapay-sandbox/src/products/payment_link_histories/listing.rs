//! Attempts to pay a link, as the admin side lists them.

use serde_json::json;

use super::{page, record::LinkAttempt};
use crate::{
    listing::{Listed, Listing, listing},
    state::World,
};

pub(super) const LISTING: Listing = listing!("payment_link_attempts", In, attempts, show);

fn show(world: &World, row: u64, attempt: &LinkAttempt) -> Listed {
    let link = world.links.get(attempt.link);
    let waits = attempt.status == "pending";
    let open = waits && link.is_some_and(|link| link.status_computed(world.now) == "open");
    let decide = format!("/payment-link-attempts/{row}/decide");
    let address = format!(
        "{}{}/{}",
        world.settings.base_url,
        page::PATH,
        attempt.reff_no
    );
    Listed::new(row, &attempt.reff_no, &attempt.status)
        .of(world, attempt.account)
        .reference(link.map(|link| link.reff_no.as_str()))
        .amount(attempt.amount)
        .about(&format!("{} {}", attempt.method, attempt.customer.name))
        .at(attempt.created_at)
        .next(waits, "expiry", Some(attempt.expired_at))
        .page(open.then_some(address))
        .can(open, "pay", &decide, json!({"approve": true}))
        .can(open, "decline", &decide, json!({"approve": false}))
}
