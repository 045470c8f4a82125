//! Payouts as answers and events show them; each product and place has a look of its own.

use serde_json::{Value, json};

use super::{NewPayout, Payout, PayoutStatus, Target};
use crate::{
    http::{operation::Answer, refusal::Refusal},
    settings::Settings,
    state::World,
    wire_money::{money, whole},
    wire_time::{self, At},
};

/// Places in which a payout is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PayoutView {
    /// Answer of the call that made it.
    Created,
    /// Answer of an inquiry. For e-wallets two amounts have other names there.
    Inquiry,
    /// Webhook: times in milliseconds.
    Webhook,
}

/// `data` of a payout, version 2.
pub(crate) fn payout_view(payout: &Payout, view: PayoutView, settings: &Settings) -> Value {
    let is_bank = matches!(payout.target, Target::Bank { .. });
    let time = |at: At| match view {
        PayoutView::Created | PayoutView::Inquiry if !is_bank => payout_time(settings, at),
        _ => wire_time::millis(at),
    };
    let mut data = json!({
        "transaction_id": payout.transaction_id,
        "reference_number": payout.reference,
        "transaction_status": {"code": payout.status.code(), "desc": payout.status.desc()},
        "post_timestamp": time(payout.posted_at),
        // Empty, not null, while there is no such time.
        "processed_timestamp": payout.processed_at.map(time).unwrap_or_default(),
        "balance_after": balance_after(payout),
        "gross_amount": money(payout.gross()),
    });
    let (net, fee) = match (&payout.target, view) {
        (Target::Wallet { .. }, PayoutView::Inquiry) => ("amount", "fee_amount"),
        _ => ("net_amount", "fee"),
    };
    data[net] = money(payout.net);
    // Without decimals for bank transfers (seen live).
    data[fee] = if is_bank {
        whole(payout.fee)
    } else {
        money(payout.fee)
    };
    match &payout.target {
        Target::Bank {
            code,
            short_name,
            account_number,
            ..
        } => {
            data["notes"] = json!(payout.notes.as_deref().unwrap_or_default());
            data["bank"] = json!({
                "code": code,
                "name": short_name,
                "account_name": account_name(payout),
                "account_number": account_number,
            });
        }
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

/// A time of a wallet's or a QR code's payout, as the API says it.
pub(crate) fn payout_time(settings: &Settings, at: At) -> String {
    if settings.quirks.payout_times_in_millis {
        wire_time::millis(at)
    } else {
        wire_time::iso(at)
    }
}

/// A bank transfer as version 1 shows it: a word for the status, the bank's short name for its
/// code, a name for the fee.
pub(crate) fn bank_record(payout: &Payout) -> Value {
    let (short_name, account_number) = match &payout.target {
        Target::Bank {
            short_name,
            account_number,
            ..
        } => (short_name.as_str(), account_number),
        _ => ("", &payout.reference),
    };
    let mut fee = money(payout.fee);
    fee["name"] = json!("Transfer Fee");
    json!({
        "transaction_id": payout.transaction_id,
        "reference_number": payout.reference,
        "status": match payout.status {
            PayoutStatus::Success => "success",
            PayoutStatus::Pending => "pending",
            PayoutStatus::Failed => "failed",
        },
        "bank": {
            "code": short_name,
            "account_name": account_name(payout),
            "account_number": account_number,
        },
        "gross_amount": money(payout.gross()),
        "fee": fee,
        "net_amount": money(payout.net),
        "post_timestamp": wire_time::millis(payout.posted_at),
        "processed_timestamp": payout.processed_at.map(wire_time::millis).unwrap_or_default(),
        "balance_after": balance_after(payout),
        "notes": payout.notes.as_deref().unwrap_or_default(),
    })
}

/// Empty on a failed transfer.
fn account_name(payout: &Payout) -> &str {
    match &payout.target {
        Target::Bank { account_name, .. } if payout.status != PayoutStatus::Failed => account_name,
        _ => "",
    }
}

/// "0" on a failed payout (seen live).
fn balance_after(payout: &Payout) -> Value {
    match payout.status {
        PayoutStatus::Failed => whole(0),
        _ => money(payout.balance_after),
    }
}

/// Accepts a payout, and shows it as the call that made it is answered.
pub(crate) fn accept(world: &mut World, new: NewPayout) -> Result<Answer, Refusal> {
    let row = world.accept_payout(new);
    let payout = world.payouts.get(row).ok_or(Refusal::Bare(500))?;
    Ok(payout_view(payout, PayoutView::Created, &world.settings).into())
}
