//! The pages of a subscription: giving a card, and paying the difference to a dearer plan.

use axum::response::Html;

use super::record::Plan;
use crate::{
    customer::CustomerError,
    http::page::{Page, escape, field, page},
    state::World,
};

pub(super) const PAGES: &[Page] = &[
    Page {
        path: "/sub/{page}",
        show: plan_page,
        send: link_card,
    },
    Page {
        path: "/sub/bill/{bill_id}",
        show: prorated_page,
        send: pay_prorated,
    },
];

fn plan_page(world: &World, name: &str) -> Option<Html<String>> {
    let plan = world.plans.find(&Plan::page_key(name))?;
    let form = if plan.status.is_final() {
        ""
    } else {
        "<form method=\"post\"><p><label>Card number <input name=\"card_number\"></label></p>\
         <p><button>Link</button></p></form>"
    };
    let body = format!(
        "<p>Rp {}</p><p>Status: {}</p>{form}",
        plan.amount,
        plan.status.word()
    );
    Some(page(&plan.name, &body))
}

/// The customer sends a card number, which is forgotten at once.
fn link_card(world: &mut World, name: &str, form: &[u8]) -> Option<Html<String>> {
    let row = world.plans.row_of(&Plan::page_key(name))?;
    let number = field(form, "card_number").unwrap_or_default();
    let result = world.link_card(row, &number);
    Some(told(world, row, result))
}

fn prorated_page(world: &World, bill_id: &str) -> Option<Html<String>> {
    let plan = world.plans.find(&Plan::bill_key(bill_id))?;
    let prorated = plan.prorated.as_ref()?;
    let form = if prorated.paid {
        "<p>Paid</p>"
    } else {
        "<form method=\"post\"><button>Pay</button></form>"
    };
    Some(page(
        &plan.name,
        &format!("<p>Rp {}</p>{form}", prorated.amount),
    ))
}

fn pay_prorated(world: &mut World, bill_id: &str, _: &[u8]) -> Option<Html<String>> {
    let row = world.plans.row_of(&Plan::bill_key(bill_id))?;
    let result = world.pay_prorated(row);
    Some(told(world, row, result))
}

fn told(world: &World, row: u64, result: Result<(), CustomerError>) -> Html<String> {
    let text = match result {
        Ok(()) => world
            .plans
            .get(row)
            .map_or("", |plan| plan.status.word())
            .to_owned(),
        Err(error) => escape(&error.to_string()),
    };
    page("Subscription", &format!("<p>{text}</p>"))
}
