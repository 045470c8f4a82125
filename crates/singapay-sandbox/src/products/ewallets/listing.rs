//! Payments from wallets, as the admin side lists them.

use serde_json::json;

use super::record::EwalletPayment;
use crate::{
    listing::{Listed, Listing, listing},
    state::World,
};

pub(super) const LISTING: Listing = listing!("ewallets", In, ewallet_payments, show);

fn show(world: &World, row: u64, payment: &EwalletPayment) -> Listed {
    let status = payment.status_computed(world.now);
    let open = status == "open" && payment.at_vendor.is_none();
    let pay = format!("/ewallets/{}/pay", payment.reff_no);
    let name = payment.customer_name.as_deref().unwrap_or_default();
    let base_url = &world.settings.base_url;
    let page = format!("{base_url}/ewallet/{}", payment.reff_no);
    Listed::new(row, &payment.reff_no, status)
        .of(world, payment.account)
        .reference(payment.merchant_reff_no.as_deref())
        .amount(payment.amount)
        .about(&format!("{} {name}", payment.vendor))
        .at(payment.created_at)
        .next(open, "end", Some(payment.expired_at))
        .page(payment.wallet().has_page.then_some(page))
        .can(open, "pay", &pay, json!({"outcome": "paid"}))
        .can(open, "decline", &pay, json!({"outcome": "failed"}))
}
