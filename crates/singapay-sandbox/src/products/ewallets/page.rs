//! The wallet's page, on which the customer pays.

use maud::{Markup, html};

use super::record::EwalletPayment;
use crate::{
    customer::PaymentOutcome,
    http::page::{
        Frame, Page, PageState, Sent, Visit, back, deadline, refusal, rupiah, sandbox, shop,
        summary,
    },
    products::payment_links::page::brand,
    state::World,
};

pub(super) const PAGE: Page = Page {
    path: "/ewallet/{reff_no}",
    show,
    send,
};

/// A wallet that sends a push has no page.
fn show(world: &World, visit: &Visit<'_>) -> Option<Markup> {
    let payment = world.ewallet_payments.find(visit.name)?;
    let has_page = payment.wallet().has_page;
    has_page.then(|| wallet_page(world, visit, payment, &Markup::default()))
}

/// The customer sends the page's form.
fn send(world: &mut World, visit: &Visit<'_>) -> Option<Sent> {
    let row = world.ewallet_payments.row_of(visit.name)?;
    if !world.ewallet_payments.get(row)?.wallet().has_page {
        return None;
    }
    let outcome = match visit.field("answer").as_deref() {
        Some("pay") => PaymentOutcome::Paid,
        _ => PaymentOutcome::Failed,
    };
    let answered = world.pay_ewallet(row, outcome);
    let note = refusal(visit, &answered);
    let payment = world.ewallet_payments.get(row)?;
    Some(Sent::Page(wallet_page(world, visit, payment, &note)))
}

/// The customer sees the own answer, which the gateway may not have heard of.
fn state_of(world: &World, payment: &EwalletPayment) -> PageState {
    match (payment.status_computed(world.now), payment.at_vendor) {
        ("success", _) => PageState::Done,
        ("failed", _) | ("open", Some(PaymentOutcome::Failed)) => PageState::Failed,
        ("open", None) => PageState::Open,
        ("open", Some(_)) => PageState::Waiting,
        _ => PageState::Expired,
    }
}

fn wallet_page(
    world: &World,
    visit: &Visit<'_>,
    payment: &EwalletPayment,
    note: &Markup,
) -> Markup {
    let state = state_of(world, payment);
    let shop = shop(world, payment.account);
    let wallet = brand(visit, &payment.vendor);
    let amount = payment.amount;
    let task = html! {
        (note)
        @if state == PageState::Open {
            (deadline(visit, world.now, payment.expired_at))
            p { (visit.say("You pay from your balance at ", "Anda membayar dari saldo ")) (wallet) "." }
            form method="post" {
                button.primary name="answer" value="pay" {
                    (visit.say("Pay ", "Bayar ")) (rupiah(amount))
                }
                button name="answer" value="decline" { (visit.say("Decline", "Tolak")) }
            }
        } @else {
            (back(visit, payment.redirect_url.as_deref()))
        }
        (sandbox(visit, payment.status_computed(world.now), &stands_for(visit, wallet)))
    };
    let summary = summary(visit, shop, wallet, amount, &[]);
    Frame::new(wallet, state).around(visit, &summary, &task)
}

fn stands_for(visit: &Visit<'_>, wallet: &str) -> Markup {
    html! {
        p {
            (visit.say("This page stands for the one of ", "Halaman ini mewakili halaman "))
            (wallet) "."
        }
    }
}
