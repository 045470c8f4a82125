//! The page of one attempt to pay a link: the number, code or card by which it is paid.

use maud::{Markup, html};

use super::record::LinkAttempt;
use crate::{
    http::page::{
        Frame, Page, PageState, Sent, Visit, back, card_fields, copyable, deadline, declined,
        moment, qr_code, refusal, rupiah, sandbox, test_card,
    },
    products::{
        cards::number::passes_luhn,
        payment_links::{
            page::{brand, state_of, way_back, what},
            record::METHODS,
        },
        qris::data,
    },
    state::World,
};

pub(super) const PAGE: Page = Page {
    path: "/b2b/attempt/{reff_no}",
    show,
    send,
};

/// The page's address without its name.
pub(crate) const PATH: &str = "/b2b/attempt";

fn show(world: &World, visit: &Visit<'_>) -> Option<Markup> {
    let attempt = world.attempts.find(visit.name)?;
    attempt_page(world, visit, attempt, &Markup::default())
}

/// The customer pays or is declined. The number of a card is forgotten at once.
fn send(world: &mut World, visit: &Visit<'_>) -> Option<Sent> {
    let row = world.attempts.row_of(visit.name)?;
    let by_card = group(&world.attempts.get(row)?.method) == "card";
    let number = visit.field("card_number").unwrap_or_default();
    let note = if visit.field("answer").as_deref() == Some("decline") {
        refusal(visit, &world.decline_attempt(row))
    } else if by_card && !passes_luhn(&number.replace(' ', "")) {
        declined(visit)
    } else {
        refusal(visit, &world.pay_attempt(row))
    };
    let attempt = world.attempts.get(row)?;
    attempt_page(world, visit, attempt, &note).map(Sent::Page)
}

pub(crate) fn attempt_page(
    world: &World,
    visit: &Visit<'_>,
    attempt: &LinkAttempt,
    note: &Markup,
) -> Option<Markup> {
    let link = world.links.get(attempt.link)?;
    let ends = [Some(attempt.expired_at), link.expired_at];
    let end = ends.into_iter().flatten().min()?;
    let state = match attempt.status.as_str() {
        "paid" => PageState::Done,
        "failed" => PageState::Failed,
        "expired" => PageState::Expired,
        _ if end <= world.now => PageState::Expired,
        // Somebody else has paid it, or the shop closed it.
        _ if state_of(world, link) != PageState::Open => PageState::Closed,
        _ => PageState::Open,
    };
    let goes_on = state == PageState::Failed && state_of(world, link) == PageState::Open;
    let task = html! {
        (note)
        @if state == PageState::Open {
            (deadline(visit, world.now, end))
            (way(world, visit, attempt))
        }
        @if state == PageState::Open || goes_on {
            p {
                a href=(visit.path("/b2b", &link.reff_no)) {
                    (visit.say("Choose another way to pay", "Pilih cara pembayaran lain"))
                }
            }
        }
        @if let Some(at) = attempt.payment_date {
            dl {
                dt { (visit.say("Method", "Metode")) }
                dd { (brand(visit, &attempt.method)) }
                dt { (visit.say("Reference", "Referensi")) }
                dd { code { (attempt.reff_no) } }
                dt { (visit.say("Paid on", "Dibayar pada")) }
                dd { (moment(visit, at)) }
            }
        }
        (back(visit, way_back(link, state)))
        (sandbox(visit, &attempt.status, &deeds(visit, attempt, state)))
    };
    Some(Frame::new(&link.title, state).around(visit, &what(world, visit, link), &task))
}

fn group(method: &str) -> &'static str {
    let found = METHODS.iter().find(|(code, ..)| *code == method);
    found.map_or("", |(_, _, group)| group)
}

/// What the customer has to do, by the kind of method.
fn way(world: &World, visit: &Visit<'_>, attempt: &LinkAttempt) -> Markup {
    let brand = brand(visit, &attempt.method);
    let amount = rupiah(attempt.amount);
    let exactly = visit.say("Amount, to the last digit", "Jumlah, hingga digit terakhir");
    let due = html! { p.due { span.label { (exactly) } " " strong { (amount) } } };
    match group(&attempt.method) {
        "va" => html! {
            h2 { (brand) " Virtual Account" }
            (copyable(visit, visit.say("Virtual account number", "Nomor virtual account"),
                &attempt.method_value))
            (due)
            ol {
                li { (visit.say(
                    "Open your bank's app, or go to an ATM.",
                    "Buka aplikasi bank Anda, atau datang ke ATM.",
                )) }
                li { (visit.say(
                    "Choose the payment to a virtual account.",
                    "Pilih pembayaran ke virtual account.",
                )) }
                li { (visit.say(
                    "Enter the number above, check name and amount, and confirm.",
                    "Masukkan nomor di atas, periksa nama dan jumlah, lalu konfirmasi.",
                )) }
            }
        },
        "qris" => html! {
            h2 { "QRIS" }
            (qr_code(&qris(world, attempt), visit.say("QRIS code to scan", "Kode QRIS untuk dipindai")))
            (due)
            ol {
                li { (visit.say(
                    "Open any app that pays with QRIS.",
                    "Buka aplikasi apa pun yang mendukung QRIS.",
                )) }
                li { (visit.say("Scan the code.", "Pindai kodenya.")) }
                li { (visit.say(
                    "Check name and amount, and confirm.",
                    "Periksa nama dan jumlah, lalu konfirmasi.",
                )) }
            }
        },
        "offline_store" => html! {
            h2 { (brand) }
            (copyable(visit, visit.say("Payment code", "Kode pembayaran"), &attempt.method_value))
            (due)
            ol {
                li { (visit.say("Go to an outlet of ", "Datang ke gerai ")) (brand) "." }
                li { (visit.say(
                    "Show the code to the cashier and pay.",
                    "Tunjukkan kodenya kepada kasir dan bayar.",
                )) }
                li { (visit.say("Keep the receipt.", "Simpan struknya.")) }
            }
        },
        "card" => html! {
            h2 { (brand) }
            form method="post" {
                (card_fields(visit))
                button.primary name="answer" value="pay" { (visit.say("Pay ", "Bayar ")) (amount) }
            }
        },
        _ => html! {
            h2 { (brand) }
            (due)
            p { (visit.say("Confirm the payment in ", "Konfirmasi pembayaran di ")) (brand) "." }
        },
    }
}

fn deeds(visit: &Visit<'_>, attempt: &LinkAttempt, state: PageState) -> Markup {
    match (state, group(&attempt.method)) {
        (PageState::Open, "card") => test_card(visit),
        (PageState::Open, _) => html! {
            p {
                (visit.say(
                    "Nobody can really pay here. Play the customer:",
                    "Di sini tidak ada yang benar-benar membayar. Jadilah pelanggannya:",
                ))
            }
            form method="post" {
                button name="answer" value="pay" {
                    (visit.say("Pay now as the customer", "Bayar sekarang sebagai pelanggan"))
                }
                button name="answer" value="decline" { (visit.say("Decline", "Tolak")) }
            }
        },
        _ => Markup::default(),
    }
}

/// The code that is shown for an attempt.
fn qris(world: &World, attempt: &LinkAttempt) -> String {
    let shop = world.accounts.get(attempt.account);
    let (name, number) = shop.map_or(("", ""), |shop| (&shop.name, &shop.number));
    data::write(name, number, attempt.amount, &attempt.reff_no)
}
