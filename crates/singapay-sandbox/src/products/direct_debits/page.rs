//! The bank's page on which a customer binds a card.

use axum::response::Html;

use super::record::{BANKS, Binding, BindingStatus};
use crate::{
    http::page::{Page, back_link, escape, field, page, refused},
    state::World,
};

pub(super) const PAGE: Page = Page {
    path: "/dd/bind/{page}",
    show: binding_page,
    send: answer_binding,
};

const TITLE: &str = "Bind a card";

fn binding_page(world: &World, name: &str) -> Option<Html<String>> {
    let binding = world.bindings.find(&Binding::page_key(name))?;
    let status = binding.status.word();
    if binding.status != BindingStatus::PendingAuth {
        return Some(page(TITLE, &format!("<p>Status: {status}</p>")));
    }
    let banks: String = BANKS
        .iter()
        .map(|code| format!("<option>{code}</option>"))
        .collect();
    let bank = match &binding.bank_code {
        Some(code) => format!("<p>Bank {}</p>", escape(code)),
        None => format!("<p><label>Bank <select name=\"bank_code\">{banks}</select></label></p>"),
    };
    let body = format!(
        "<p>Customer {}</p><form method=\"post\">{bank}\
         <button name=\"answer\" value=\"approve\">Approve</button> \
         <button name=\"answer\" value=\"decline\">Decline</button></form>",
        escape(&binding.customer_ref)
    );
    Some(page(TITLE, &body))
}

/// The customer sends the page's form.
fn answer_binding(world: &mut World, name: &str, form: &[u8]) -> Option<Html<String>> {
    let row = world.bindings.row_of(&Binding::page_key(name))?;
    let approved = field(form, "answer").as_deref() == Some("approve");
    let bank = field(form, "bank_code").filter(|code| BANKS.contains(&code.as_str()));
    if let Err(error) = world.answer_binding(row, approved, bank.as_deref()) {
        return Some(refused(TITLE, &error));
    }
    let binding = world.bindings.get(row)?;
    let [bound, failed] = &binding.leads_to;
    let back = if approved { bound } else { failed };
    let link = back_link(back.as_deref());
    let status = binding.status.word();
    Some(page(TITLE, &format!("<p>Status: {status}</p>{link}")))
}
