//! The bank's page on which a customer binds a card.

use maud::{Markup, html};

use super::record::{BANKS, Binding, BindingStatus};
use crate::{
    http::page::{Frame, Page, PageState, Sent, Visit, back, deadline, refusal, sandbox},
    products::virtual_accounts::record::VA_BANKS,
    state::World,
};

pub(super) const PAGE: Page = Page {
    path: "/dd/bind/{page}",
    show,
    send,
};

fn show(world: &World, visit: &Visit<'_>) -> Option<Markup> {
    let binding = world.bindings.find(&Binding::page_key(visit.name))?;
    Some(binding_page(world, visit, binding, &Markup::default()))
}

/// The customer sends the page's form.
fn send(world: &mut World, visit: &Visit<'_>) -> Option<Sent> {
    let row = world.bindings.row_of(&Binding::page_key(visit.name))?;
    let approved = visit.field("answer").as_deref() == Some("approve");
    let bank = visit.field("bank_code");
    let bank = bank.filter(|code| BANKS.contains(&code.as_str()));
    let answered = world.answer_binding(row, approved, bank.as_deref());
    let note = refusal(visit, &answered);
    let binding = world.bindings.get(row)?;
    Some(Sent::Page(binding_page(world, visit, binding, &note)))
}

fn binding_page(world: &World, visit: &Visit<'_>, binding: &Binding, note: &Markup) -> Markup {
    let state = match binding.status {
        BindingStatus::PendingAuth => PageState::Open,
        BindingStatus::Active => PageState::Done,
        BindingStatus::Failed => PageState::Failed,
        BindingStatus::Expired => PageState::Expired,
        BindingStatus::Unbound => PageState::Closed,
    };
    let title = visit.say("Connect a card", "Hubungkan kartu");
    let [bound, failed] = &binding.leads_to;
    let url = match state {
        PageState::Open => None,
        PageState::Done => bound.as_deref(),
        _ => failed.as_deref(),
    };
    let summary = html! {
        h1 { (title) }
        p {
            (visit.say(
                "The shop may then charge your card at this bank.",
                "Toko kemudian dapat menagih kartu Anda di bank ini.",
            ))
        }
        dl {
            dt { (visit.say("Customer", "Pelanggan")) }
            dd { bdi { (binding.customer_ref) } }
            @if let Some(code) = &binding.bank_code {
                dt { "Bank" }
                dd { (bank_name(code)) }
            }
            @if let Some(card) = &binding.masked_card {
                dt { (visit.say("Card", "Kartu")) }
                dd { code { (card) } }
            }
        }
    };
    let task = html! {
        (note)
        @if state == PageState::Open {
            (deadline(visit, world.now, binding.expires_at))
            (consent(visit, binding))
        }
        (back(visit, url))
        (sandbox(visit, binding.status.word(), &stands_for(visit)))
    };
    let mut frame = Frame::new(title, state);
    frame.told = told(visit, state);
    frame.around(visit, &summary, &task)
}

fn consent(visit: &Visit<'_>, binding: &Binding) -> Markup {
    html! {
        form method="post" {
            @if binding.bank_code.is_none() {
                label {
                    span { "Bank" }
                    select name="bank_code" {
                        @for code in BANKS { option value=(code) { (bank_name(code)) } }
                    }
                }
            }
            button.primary name="answer" value="approve" { (visit.say("Approve", "Setujui")) }
            button name="answer" value="decline" { (visit.say("Decline", "Tolak")) }
        }
    }
}

fn told(visit: &Visit<'_>, state: PageState) -> Option<(&'static str, &'static str)> {
    match state {
        PageState::Done => Some((
            visit.say("Card connected", "Kartu terhubung"),
            visit.say("Thank you.", "Terima kasih."),
        )),
        PageState::Failed => Some((
            visit.say("Card not connected", "Kartu tidak terhubung"),
            visit.say("Nothing will be charged.", "Tidak ada yang akan ditagih."),
        )),
        PageState::Expired => Some((
            visit.say("Time is up", "Waktu habis"),
            visit.say(
                "Ask the shop for a new page.",
                "Minta halaman baru kepada toko.",
            ),
        )),
        PageState::Closed => Some((
            visit.say("No longer connected", "Tidak lagi terhubung"),
            visit.say("Nothing will be charged.", "Tidak ada yang akan ditagih."),
        )),
        PageState::Open | PageState::Waiting => None,
    }
}

/// A bank that is not known goes by its code.
fn bank_name(code: &str) -> &str {
    let bank = VA_BANKS.iter().find(|bank| bank.number == code);
    bank.map_or(code, |bank| bank.short_name)
}

fn stands_for(visit: &Visit<'_>) -> Markup {
    html! {
        p {
            (visit.say(
                "This page stands for the bank's, which would ask for the card and a code.",
                "Halaman ini mewakili halaman bank, yang akan meminta kartu dan kode.",
            ))
        }
    }
}
