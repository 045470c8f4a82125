//! The 3-D Secure page.

use axum::response::Html;

use super::record::CardStatus;
use crate::{
    http::page::{Page, escape, field, page, refused},
    state::World,
};

pub(super) const PAGE: Page = Page {
    path: "/3ds/{id}",
    show: three_d_secure,
    send: confirm,
};

/// The bank's page that asks the card holder.
fn three_d_secure(world: &World, id: &str) -> Option<Html<String>> {
    let card = world.cards.get(world.card_row(id)?)?;
    let form = if card.status == CardStatus::Pending {
        "<form method=\"post\"><button name=\"answer\" value=\"approve\">Approve</button> \
         <button name=\"answer\" value=\"decline\">Decline</button></form>"
    } else {
        ""
    };
    let body = format!(
        "<p>Rp {} with {}</p><p>Status: {}</p>{form}",
        card.amount,
        escape(&card.card_masked),
        card.status.word()
    );
    Some(page("3-D Secure", &body))
}

/// The card holder sends the 3-D Secure form.
fn confirm(world: &mut World, id: &str, form: &[u8]) -> Option<Html<String>> {
    let row = world.card_row(id)?;
    let approved = field(form, "answer").as_deref() == Some("approve");
    Some(match world.decide_card(row, approved) {
        Ok(()) if approved => page("Approved", "<p>The payment was approved.</p>"),
        Ok(()) => page("Declined", "<p>The payment was declined.</p>"),
        Err(error) => refused("3-D Secure", &error),
    })
}
