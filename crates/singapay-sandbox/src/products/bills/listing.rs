//! Bill payments, as the admin side lists them.

use serde_json::json;

use super::record::{Bill, BillStatus};
use crate::{
    listing::{Listed, Listing, listing},
    state::World,
};

pub(super) const LISTING: Listing = listing!("bills", Out, bills, show);

fn show(_: &World, row: u64, bill: &Bill) -> Listed {
    let pending = bill.status == BillStatus::Pending;
    let decide = format!("/bills/{}/decide", bill.transaction_id);
    let name = bill.customer_name.as_deref().unwrap_or_default();
    Listed::new(row, &bill.transaction_id, bill.status.word())
        .reference(Some(&bill.reference_number))
        .amount(bill.price)
        .about(&format!(
            "{} {} {name}",
            bill.product_code, bill.customer_id
        ))
        .at(bill.created_at)
        .next(pending, "end", bill.due_at)
        .can(pending, "complete", &decide, json!({"approve": true}))
        .can(pending, "fail", &decide, json!({"approve": false}))
}
