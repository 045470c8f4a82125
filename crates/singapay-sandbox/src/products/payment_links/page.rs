//! The hosted page of a payment link: what is bought, and a choice of ways to pay.

use maud::{Markup, html};

use super::record::{Customer, Item, METHODS, PaymentLink};
use crate::{
    http::page::{
        Frame, Page, PageState, Row, Sent, Visit, back, deadline, refusal, sandbox, shop, summary,
    },
    products::payment_link_histories::page::{PATH, attempt_page},
    state::World,
};

pub(super) const PAGE: Page = Page {
    path: "/b2b/{reff_no}",
    show,
    send,
};

fn show(world: &World, visit: &Visit<'_>) -> Option<Markup> {
    let link = world.links.find(visit.name)?;
    Some(link_page(world, visit, link, &Markup::default()))
}

/// The customer picks a method, and goes on to its page. A program may pay in one step, with
/// `method` instead.
fn send(world: &mut World, visit: &Visit<'_>) -> Option<Sent> {
    let row = world.links.row_of(visit.name)?;
    let text = |field: &str| visit.field(field).unwrap_or_default();
    let customer = Customer {
        name: text("name"),
        email: text("email"),
        phone: text("phone"),
    };
    let chosen = visit.field("choose");
    let method = chosen.clone().or_else(|| visit.field("method"));
    let begun = world.start_attempt(row, method.as_deref(), customer);
    let begun = match chosen {
        Some(_) => begun,
        None => begun.and_then(|attempt| world.pay_attempt(attempt).map(|()| attempt)),
    };
    let link = world.links.get(row)?;
    Some(match begun {
        Err(error) => {
            let note = refusal(visit, &Err(error));
            Sent::Page(link_page(world, visit, link, &note))
        }
        Ok(attempt) => {
            let attempt = world.attempts.get(attempt)?;
            match chosen {
                Some(_) => Sent::Other(visit.path(PATH, &attempt.reff_no)),
                None => Sent::Page(attempt_page(world, visit, attempt, &Markup::default())?),
            }
        }
    })
}

/// The link itself, told apart from every attempt to pay it.
pub(crate) fn state_of(world: &World, link: &PaymentLink) -> PageState {
    match link.status_computed(world.now) {
        "open" => PageState::Open,
        "expired" => PageState::Expired,
        _ if link.max_usage == 1 && link.current_usage > 0 => PageState::Done,
        _ => PageState::Closed,
    }
}

/// What a link is for, as all of its pages tell it.
pub(crate) fn what(world: &World, visit: &Visit<'_>, link: &PaymentLink) -> Markup {
    let shop = shop(world, link.account);
    let rows: Vec<Row<'_>> = link.items.iter().map(row).collect();
    html! {
        (summary(visit, shop, &link.title, link.total_amount, &rows))
        @if let Some(description) = &link.description {
            p.clamp dir="auto" { (description) }
        }
    }
}

fn row(item: &Item) -> Row<'_> {
    Row {
        name: &item.name,
        quantity: item.quantity,
        unit_price: item.unit_price,
    }
}

/// The shop's address for a customer who has come to this end.
pub(crate) fn way_back(link: &PaymentLink, state: PageState) -> Option<&str> {
    match state {
        PageState::Done => link.redirect_url.as_deref(),
        PageState::Expired => link.expired_redirect_url.as_deref(),
        _ => None,
    }
}

fn link_page(world: &World, visit: &Visit<'_>, link: &PaymentLink, note: &Markup) -> Markup {
    let state = state_of(world, link);
    let task = html! {
        (note)
        @if state == PageState::Open {
            @if let Some(end) = link.expired_at { (deadline(visit, world.now, end)) }
            (choice(visit, link))
        }
        (back(visit, way_back(link, state)))
        (sandbox(visit, link.status_computed(world.now), &Markup::default()))
    };
    Frame::new(&link.title, state).around(visit, &what(world, visit, link), &task)
}

fn choice(visit: &Visit<'_>, link: &PaymentLink) -> Markup {
    let groups = [
        ("va", visit.say("Bank transfer", "Transfer bank")),
        ("qris", "QRIS"),
        ("ewallet", visit.say("E-wallet", "Dompet digital")),
        ("card", visit.say("Card", "Kartu")),
        (
            "offline_store",
            visit.say("Convenience store", "Gerai ritel"),
        ),
    ];
    let offered = |group: &str| {
        let of_group = METHODS.iter().filter(move |(_, _, other)| *other == group);
        let codes = of_group.filter(|(code, ..)| link.whitelist.iter().any(|held| held == code));
        codes.map(|(code, ..)| *code).collect::<Vec<_>>()
    };
    html! {
        form method="post" {
            (details(visit, link))
            h2 { (visit.say("Choose how to pay", "Pilih cara pembayaran")) }
            @for (group, words) in groups {
                @let codes = offered(group);
                @if !codes.is_empty() {
                    fieldset {
                        legend { (words) }
                        div.methods {
                            @for code in codes {
                                label {
                                    input type="radio" name="choose" value=(code) required;
                                    span { (brand(visit, code)) }
                                }
                            }
                        }
                    }
                }
            }
            button.primary { (visit.say("Continue", "Lanjutkan")) }
        }
    }
}

/// A method as customers call it.
pub(crate) fn brand(visit: &Visit<'_>, method: &str) -> &'static str {
    let found = METHODS.iter().find(|(code, ..)| *code == method);
    let Some((_, name, group)) = found else {
        return "";
    };
    match *group {
        "card" => visit.say("Credit or debit card", "Kartu kredit atau debit"),
        "va" => name.trim_start_matches("VA "),
        _ => name.split(" (").next().unwrap_or(name),
    }
}

/// Who pays, where the shop wants to know it.
fn details(visit: &Visit<'_>, link: &PaymentLink) -> Markup {
    let customer = &link.customer;
    let all = link.required_customer_detail;
    let field = |name: &str, words: &str, kind: &str, fill: &str, value: &str| {
        html! {
            label {
                span { (words) }
                input name=(name) type=(kind) autocomplete=(fill) value=(value) required;
            }
        }
    };
    let name = field(
        "name",
        visit.say("Name", "Nama"),
        "text",
        "name",
        &customer.name,
    );
    let email = field("email", "E-mail", "email", "email", &customer.email);
    let phone = visit.say("Phone number", "Nomor telepon");
    let phone = field("phone", phone, "tel", "tel", &customer.phone);
    let asks_email = all || link.required_customer_email == Some(true);
    let asks_phone = all || link.required_customer_number == Some(true);
    html! {
        @if asks_email || asks_phone {
            fieldset {
                legend { (visit.say("Your details", "Data Anda")) }
                @if all { (name) }
                @if asks_email { (email) }
                @if asks_phone { (phone) }
            }
        }
    }
}
