//! The pages that a customer sees: hosted payment link and 3-D Secure.

use axum::response::Html;

use crate::state::{CardStatus, Customer, METHODS, World};

/// The hosted page of a payment link.
pub(crate) fn hosted_link(world: &World, reff_no: &str) -> Option<Html<String>> {
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
pub(crate) fn pay_link(world: &mut World, reff_no: &str, form: &[u8]) -> Option<Html<String>> {
    let row = world.links.row_of(reff_no)?;
    let field = |wanted: &str| {
        form_urlencoded::parse(form)
            .find(|(key, _)| key == wanted)
            .map(|(_, value)| value.into_owned())
            .filter(|value| !value.is_empty())
    };
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
        Err(error) => page(
            "Not paid",
            &format!("<p>{}</p>", escape(&error.to_string())),
        ),
    })
}

/// The bank's page that asks the card holder.
pub(crate) fn three_d_secure(world: &World, id: &str) -> Option<Html<String>> {
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
pub(crate) fn confirm(world: &mut World, id: &str, form: &[u8]) -> Option<Html<String>> {
    let row = world.card_row(id)?;
    let approved = form_urlencoded::parse(form).any(|(k, v)| k == "answer" && v == "approve");
    Some(match world.decide_card(row, approved) {
        Ok(()) if approved => page("Approved", "<p>The payment was approved.</p>"),
        Ok(()) => page("Declined", "<p>The payment was declined.</p>"),
        Err(error) => page(
            "3-D Secure",
            &format!("<p>{}</p>", escape(&error.to_string())),
        ),
    })
}

pub(super) fn page(title: &str, body: &str) -> Html<String> {
    let title = escape(title);
    Html(format!(
        "<!doctype html><meta charset=\"utf-8\"><title>{title}</title><h1>{title}</h1>{body}\
         <p><small>SingaPay sandbox on this machine. No real money.</small></p>"
    ))
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
