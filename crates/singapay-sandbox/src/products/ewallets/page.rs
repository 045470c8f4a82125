//! The wallet's page, on which the customer pays.

use axum::response::Html;

use crate::{
    customer::PaymentOutcome,
    http::page::{Page, back_link, field, page, refused},
    state::World,
};

pub(super) const PAGE: Page = Page {
    path: "/ewallet/{reff_no}",
    show: wallet_page,
    send: answer_wallet,
};

/// A wallet that sends a push has no page.
fn wallet_page(world: &World, reff_no: &str) -> Option<Html<String>> {
    let payment = world.ewallet_payments.find(reff_no)?;
    let title = payment.vendor.trim_start_matches("EWALLET_");
    if !payment.wallet().has_page {
        return None;
    }
    let form = if payment.status_computed(world.now) == "open" && payment.at_vendor.is_none() {
        "<form method=\"post\"><button name=\"answer\" value=\"pay\">Pay</button> \
         <button name=\"answer\" value=\"decline\">Decline</button></form>"
    } else {
        ""
    };
    Some(page(title, &format!("<p>Rp {}</p>{form}", payment.amount)))
}

/// The customer sends the page's form.
fn answer_wallet(world: &mut World, reff_no: &str, form: &[u8]) -> Option<Html<String>> {
    let row = world.ewallet_payments.row_of(reff_no)?;
    if !world.ewallet_payments.get(row)?.wallet().has_page {
        return None;
    }
    let pays = field(form, "answer").as_deref() == Some("pay");
    let outcome = if pays {
        PaymentOutcome::Paid
    } else {
        PaymentOutcome::Failed
    };
    if let Err(error) = world.pay_ewallet(row, outcome) {
        return Some(refused("Not paid", &error));
    }
    let back = world.ewallet_payments.get(row)?.redirect_url.as_deref();
    let link = back_link(back);
    Some(page(if pays { "Paid" } else { "Not paid" }, &link))
}
