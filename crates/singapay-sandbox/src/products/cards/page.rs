//! The 3-D Secure page, on which a bank asks the card holder.

use maud::{Markup, html};

use super::record::{CardPayment, CardStatus};
use crate::{
    http::page::{Frame, Page, PageState, Sent, Visit, refusal, sandbox, shop, summary},
    state::World,
};

pub(super) const PAGE: Page = Page {
    path: "/3ds/{id}",
    show,
    send,
};

fn show(world: &World, visit: &Visit<'_>) -> Option<Markup> {
    let card = world.cards.get(world.card_row(visit.name)?)?;
    Some(bank_page(world, visit, card, &Markup::default()))
}

/// The card holder sends the page's form.
fn send(world: &mut World, visit: &Visit<'_>) -> Option<Sent> {
    let row = world.card_row(visit.name)?;
    let approved = visit.field("answer").as_deref() == Some("approve");
    let decided = world.decide_card(row, approved);
    let note = refusal(visit, &decided);
    let card = world.cards.get(row)?;
    Some(Sent::Page(bank_page(world, visit, card, &note)))
}

fn bank_page(world: &World, visit: &Visit<'_>, card: &CardPayment, note: &Markup) -> Markup {
    let state = match card.status {
        CardStatus::Pending => PageState::Open,
        CardStatus::Processing => PageState::Waiting,
        CardStatus::Success => PageState::Done,
        CardStatus::Failed => PageState::Failed,
        CardStatus::Cancelled => PageState::Closed,
    };
    let shop = shop(world, card.account);
    let summary = html! {
        (summary(visit, shop, "3-D Secure", card.amount, &[]))
        p { span.label { (visit.say("Card", "Kartu")) } " " code { (card.card_masked) } }
    };
    let task = html! {
        (note)
        @if state == PageState::Open {
            h2 { (visit.say("Is this payment yours?", "Apakah ini pembayaran Anda?")) }
            p {
                (visit.say(
                    "Your bank asks before it pays. Compare shop and amount.",
                    "Bank Anda bertanya sebelum membayar. Cocokkan toko dan jumlahnya.",
                ))
            }
            form method="post" {
                button.primary name="answer" value="approve" { (visit.say("Approve", "Setujui")) }
                button name="answer" value="decline" { (visit.say("Decline", "Tolak")) }
            }
        } @else {
            p {
                (visit.say(
                    "You can go back to the shop now.",
                    "Anda dapat kembali ke toko sekarang.",
                ))
            }
        }
        (sandbox(visit, card.status.word(), &stands_for(visit)))
    };
    Frame::new("3-D Secure", state).around(visit, &summary, &task)
}

fn stands_for(visit: &Visit<'_>) -> Markup {
    html! {
        p {
            (visit.say(
                "This page stands for the bank's, which would ask for a code.",
                "Halaman ini mewakili halaman bank, yang akan meminta kode.",
            ))
        }
    }
}
