//! QR codes, as the admin side lists them.

use serde_json::json;

use super::record::QrisCode;
use crate::{
    listing::{Listed, Listing, listing},
    state::World,
};

pub(super) const LISTING: Listing = listing!("qris", In, qris_codes, show);

fn show(world: &World, row: u64, code: &QrisCode) -> Listed {
    let status = code.status_computed(world.now);
    let open = status == "open";
    let pay = format!("/qris/{}/pay", code.reff_no);
    Listed::new(row, &code.reff_no, status)
        .of(world, code.account)
        .reference(code.merchant_reff_no.as_deref())
        .amount(code.amount)
        .about(&code.qr_data)
        .at(code.created_at)
        .next(open, "expiry", code.expired_at)
        .can(open, "pay", &pay, json!({"outcome": "paid"}))
        .can(open, "decline", &pay, json!({"outcome": "failed"}))
}
