//! Card payments, as the admin side lists them.

use serde_json::json;

use super::record::{CardPayment, CardStatus};
use crate::{
    listing::{Listed, Listing, listing},
    state::World,
};

pub(super) const LISTING: Listing = listing!("cards", In, cards, show);

fn show(world: &World, row: u64, card: &CardPayment) -> Listed {
    let waits = card.status == CardStatus::Pending;
    let answer = format!("/cards/{}/3d-secure", card.transaction_id);
    let page = format!("{}/3ds/{}", world.settings.base_url, card.transaction_id);
    let captured_at = card.created_at.plus(world.settings.delays.card);
    let processing = card.status == CardStatus::Processing;
    Listed::new(row, &card.transaction_id, card.status.word())
        .of(world, card.account)
        .reference(Some(&card.reference_no))
        .amount(card.amount)
        .about(&card.card_masked)
        .at(card.created_at)
        .next(processing, "capture", Some(captured_at))
        .page(waits.then_some(page))
        .can(waits, "approve", &answer, json!({"approve": true}))
        .can(waits, "decline", &answer, json!({"approve": false}))
}
