//! How a payout is shown; the same transaction has another look per product and place.

use serde_json::{Value, json};

use super::balances::money;
use crate::{
    settings::Settings,
    state::{Payout, PayoutStatus, Target},
    wire_time::{self, At},
};

/// Who is looking at a payout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PayoutView {
    /// Answer of the call that made it.
    Created,
    /// Answer of an inquiry. For e-wallets two amounts have other names there.
    Inquiry,
    /// Webhook: times in milliseconds.
    Webhook,
}

/// `data` of a payout.
pub(crate) fn payout_view(payout: &Payout, view: PayoutView, settings: &Settings) -> Value {
    let millis = view == PayoutView::Webhook || settings.quirks.payout_times_in_millis;
    let time = |at: At| {
        if millis {
            wire_time::millis(at)
        } else {
            wire_time::iso(at)
        }
    };
    let failed = payout.status == PayoutStatus::Failed;
    let balance_after = if failed {
        json!({"value": "0", "currency": "IDR"})
    } else {
        money(payout.balance_after)
    };
    let mut data = json!({
        "transaction_id": payout.transaction_id,
        "reference_number": payout.reference,
        "transaction_status": {"code": payout.status.code(), "desc": payout.status.desc()},
        "post_timestamp": time(payout.posted_at),
        // Empty, not null, while there is no such time.
        "processed_timestamp": payout.processed_at.map(time).unwrap_or_default(),
        "balance_after": balance_after,
        "gross_amount": money(payout.gross()),
    });
    let (net, fee) = match (&payout.target, view) {
        (Target::Wallet { .. }, PayoutView::Inquiry) => ("amount", "fee_amount"),
        _ => ("net_amount", "fee"),
    };
    data[net] = money(payout.net);
    data[fee] = money(payout.fee);
    match &payout.target {
        Target::Wallet {
            code,
            customer_number,
            customer_name,
        } => {
            data["notes"] = json!(payout.notes);
            data["ewallet"] = json!({
                "code": code,
                "customer_number": customer_number,
                "customer_name": customer_name,
            });
        }
        Target::Qris { qr_data, kind } => {
            data["qr_data"] = json!(qr_data);
            data["type"] = json!(kind);
            data["scope"] = json!("issuer");
        }
    }
    if let Some(reason) = payout.failed_reason() {
        data["failed_reason"] = json!(reason);
        data["failed_code"] = json!("500");
    }
    data
}
