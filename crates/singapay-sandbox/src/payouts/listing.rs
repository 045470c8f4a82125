//! Payouts, as the admin side lists them.

use serde_json::json;

use super::{Payout, Target};
use crate::{
    listing::{Listed, Listing, listing},
    state::World,
};

pub(super) const LISTING: Listing = listing!("payouts", Out, payouts, show);

fn show(world: &World, row: u64, payout: &Payout) -> Listed {
    let pending = payout.is_pending();
    let decide = format!("/payouts/{}/decide", payout.transaction_id);
    let about = match &payout.target {
        Target::Bank {
            short_name,
            account_name,
            account_number,
            ..
        } => format!("{short_name} {account_number} {account_name}"),
        Target::Wallet {
            code,
            customer_number,
            customer_name,
        } => format!("{code} {customer_number} {customer_name}"),
        Target::Qris { kind, .. } => format!("QRIS {kind}"),
    };
    Listed::new(row, &payout.transaction_id, payout.status.desc())
        .of(world, payout.account)
        .reference(Some(&payout.reference))
        .amount(payout.net)
        .about(&about)
        .at(payout.posted_at)
        .next(pending, "payout", payout.settle_at)
        .can(pending, "complete", &decide, json!({}))
        .can(
            pending,
            "fail",
            &decide,
            json!({"failed_reason": "Declined by the bank"}),
        )
}
