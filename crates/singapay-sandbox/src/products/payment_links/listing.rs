//! Payment links, as the admin side lists them.

use serde_json::json;

use super::record::PaymentLink;
use crate::{
    listing::{Listed, Listing, listing},
    state::World,
};

pub(super) const LISTING: Listing = listing!("payment_links", In, links, show);

fn show(world: &World, row: u64, link: &PaymentLink) -> Listed {
    let status = link.status_computed(world.now);
    let open = status == "open";
    // By its number: a reference is the merchant's and may be anything.
    let way = |deed: &str| format!("/payment-links/{row}/{deed}");
    let method = link
        .whitelist
        .first()
        .map(|method| json!({"method": method}));
    Listed::new(row, &row.to_string(), status)
        .of(world, link.account)
        .reference(Some(&link.reff_no))
        .amount(link.total_amount)
        .about(&link.title)
        .at(link.created_at)
        .next(open, "expiry", link.expired_at)
        .page(Some(world.payment_url(&link.reff_no)))
        .can(open, "pay", &way("pay"), method.clone())
        .can(open, "open and leave", &way("open"), method)
}
