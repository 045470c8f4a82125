//! What was collected, as the admin side lists it.

use super::record::Collection;
use crate::{
    listing::{Listed, Listing, listing},
    state::World,
};

pub(super) const LISTING: Listing = listing!("settlements", In, collections, show);

fn show(world: &World, row: u64, collection: &Collection) -> Listed {
    let id = &collection.transaction_id;
    let status = match (collection.settled, collection.is_gone()) {
        (false, _) => "pending",
        (true, false) => "settled",
        (true, true) => "refunded",
    };
    // Only what a batch covers can be taken back.
    let covered = world.settlements.row_of(&format!("covers:{row}")).is_some();
    let way = |deed: &str| format!("/settlements/{id}/{deed}");
    let listed = Listed::new(row, id, status)
        .of(world, collection.account)
        .amount(collection.net())
        .about(&collection.kind)
        .next(
            !collection.settled,
            "settlement",
            Some(collection.settle_at),
        )
        .can(
            covered && status == "settled",
            "refund",
            &way("refund"),
            None,
        )
        .can(
            covered && status == "refunded",
            "cancel refund",
            &way("cancel-refund"),
            None,
        );
    match collection.collected_at {
        Some(at) => listed.at(at),
        None => listed,
    }
}
