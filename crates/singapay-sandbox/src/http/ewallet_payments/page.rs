//! The wallet's page, on which the customer pays.

use axum::response::Html;

use super::super::pages::{escape, page};
use crate::state::{PaymentOutcome, World};

/// A wallet that sends a push has no page.
pub(crate) fn wallet_page(world: &World, reff_no: &str) -> Option<Html<String>> {
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
pub(crate) fn answer_wallet(world: &mut World, reff_no: &str, form: &[u8]) -> Option<Html<String>> {
    let row = world.ewallet_payments.row_of(reff_no)?;
    if !world.ewallet_payments.get(row)?.wallet().has_page {
        return None;
    }
    let pays = form_urlencoded::parse(form).any(|(k, v)| k == "answer" && v == "pay");
    let outcome = if pays {
        PaymentOutcome::Paid
    } else {
        PaymentOutcome::Failed
    };
    if let Err(error) = world.pay_ewallet(row, outcome) {
        let text = escape(&error.to_string());
        return Some(page("Not paid", &format!("<p>{text}</p>")));
    }
    let back = world.ewallet_payments.get(row)?.redirect_url.as_deref();
    let link = back
        .map(|url| format!("<p><a href=\"{}\">Back to the shop</a></p>", escape(url)))
        .unwrap_or_default();
    Some(page(if pays { "Paid" } else { "Not paid" }, &link))
}
