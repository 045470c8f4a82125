//! The event of a payout that has ended.

use serde_json::{Value, json};

use super::{Payout, PayoutStatus, PayoutView, Target, payout_view};
use crate::{
    state::World,
    webhook::{WebhookKind, announce},
};

/// Money out is signed by the merchant's Default credential, whoever made the call (seen live).
pub(crate) fn announce_payout(world: &mut World, payout: &Payout) {
    let body = body(world, payout);
    let default = world.default_credential();
    let subject = &payout.transaction_id;
    announce(world, default, WebhookKind::Disbursement, subject, &body);
}

/// Version 2 envelope: SP000 with status 00, SP001 with 06.
fn body(world: &World, payout: &Payout) -> Value {
    let event = match payout.target {
        Target::Bank { .. } => "disbursement",
        Target::Wallet { .. } => "ewallet-topup",
        Target::Qris { .. } => "qris-issuer",
    };
    let (code, message) = match payout.status {
        PayoutStatus::Failed => ("SP001", "Transaction Failure"),
        _ => ("SP000", "Successfully"),
    };
    let data = payout_view(payout, PayoutView::Webhook, &world.settings);
    json!({"response_code": code, "response_message": message, "event": event, "data": data})
}
