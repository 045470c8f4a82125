//! The hosted page of a payment link.

use axum::response::Html;

use super::record::{Customer, METHODS};
use crate::{
    http::page::{Page, escape, field, page, refused},
    state::World,
};

pub(super) const PAGE: Page = Page {
    path: "/b2b/{reff_no}",
    show: hosted_link,
    send: pay_link,
};

/// The hosted page of a payment link.
fn hosted_link(world: &World, reff_no: &str) -> Option<Html<String>> {
    let link = world.links.find(reff_no)?;
    let status = link.status_computed(world.now);
    let action = if status == "open" {
        let options: String = link
            .whitelist
            .iter()
            .map(|code| {
                let name = METHODS
                    .iter()
                    .find(|(known, _, _)| known == code)
                    .map_or("", |m| m.1);
                format!(
                    "<option value=\"{}\">{}</option>",
                    escape(code),
                    escape(name)
                )
            })
            .collect();
        format!(
            "<form method=\"post\"><p><label>Method <select name=\"method\">{options}</select></label></p>\
             <p><label>Name <input name=\"name\"></label></p>\
             <p><label>E-mail <input name=\"email\"></label></p>\
             <p><label>Phone <input name=\"phone\"></label></p>\
             <p><button>Pay</button></p></form>"
        )
    } else {
        String::new()
    };
    Some(page(
        &link.title,
        &format!(
            "<p>Rp {}</p><p>Status: {}</p>{action}",
            link.total_amount,
            escape(status)
        ),
    ))
}

/// The customer sends the hosted page's form.
fn pay_link(world: &mut World, reff_no: &str, form: &[u8]) -> Option<Html<String>> {
    let row = world.links.row_of(reff_no)?;
    let field = |wanted: &str| field(form, wanted).filter(|value| !value.is_empty());
    let customer = Customer {
        name: field("name").unwrap_or_default(),
        email: field("email").unwrap_or_default(),
        phone: field("phone").unwrap_or_default(),
    };
    let paid = world
        .start_attempt(row, field("method").as_deref(), customer)
        .and_then(|attempt| world.pay_attempt(attempt));
    Some(match paid {
        Ok(()) => page("Paid", "<p>Thank you.</p>"),
        Err(error) => refused("Not paid", &error),
    })
}
