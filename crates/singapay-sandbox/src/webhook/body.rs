//! What the events say (fact sheet 05, section B).

use serde_json::{Value, json};

use crate::{
    http::{payout_view, payouts::PayoutView},
    settings::Fees,
    state::{METHODS, Payout, PayoutStatus, Swept, Target, World},
    wire_time::{self, At},
};

/// Version 1 envelope. `success` only says that the event was emitted.
pub(super) fn v1(world: &World, event: &str, data: Value) -> Value {
    json!({
        "status": 200,
        "success": true,
        "event": event,
        "timestamp": wire_time::text(world.now),
        "data": data,
    })
}

/// Version 2 envelope: SP000 with status 00, SP001 with 06.
pub(super) fn payout(world: &World, payout: &Payout) -> Value {
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

pub(super) fn link_payment(world: &World, attempt: u64) -> Option<Value> {
    let attempt = world.attempts.get(attempt)?;
    let link = world.links.get(attempt.link)?;
    let paid = wire_time::text(attempt.payment_date?);
    let data = json!({
        "transaction": {
            "reff_no": attempt.reff_no,
            "type": "pl",
            "status": attempt.status,
            "amount": {"value": decimal(attempt.amount), "currency": "IDR"},
            "tip": null,
            "post_timestamp": paid,
            "processed_timestamp": paid,
        },
        "customer": {
            "id": null,
            "name": attempt.customer.name,
            "email": attempt.customer.email,
            "phone": attempt.customer.phone,
        },
        "payment": {
            "method": "payment_link",
            "additional_info": {"payment_link": {
                "id": attempt.link,
                "reff_no": link.reff_no,
                "title": link.title,
                "payment_date": link.payment_date.map(wire_time::iso_micros_utc),
                "payment_url": world.payment_url(&link.reff_no),
                "status": link.status,
                "required_customer_detail": link.required_customer_detail,
                "max_usage": link.max_usage,
                "current_usage": link.current_usage,
                "expired_at": link.expired_at.map(wire_time::iso_micros_utc),
                "total_amount": decimal(link.total_amount),
                // The internal number, not the ULID used everywhere else.
                "account_id": link.account,
                "created_at": wire_time::iso_micros_utc(link.created_at),
                "updated_at": wire_time::iso_micros_utc(link.updated_at),
            }},
        },
    });
    Some(v1(world, "payment-link-transaction", data))
}

pub(super) fn link_inquiry(world: &World, attempt: u64) -> Option<Value> {
    let attempt = world.attempts.get(attempt)?;
    let method = METHODS.iter().find(|(code, _, _)| *code == attempt.method);
    let name = method.map_or("", |(_, name, _)| *name);
    let fee = world.settings.fees.payment_link.min(attempt.amount);
    let margin = Fees::margin(fee);
    let data = json!({
        "payment_link_history": {
            "reff_no": attempt.reff_no,
            "status": attempt.status,
            "payment_method_name": name,
            "payment_method_value": attempt.method_value,
            // A JSON text inside a string, as seen live.
            "payment_method_additional": attempt.additional,
            "amount": attempt.amount,
            "vendor_fee": fee - margin,
            "our_margin": margin,
            "merchant_fee": fee,
            "net_amount": attempt.amount - fee,
        },
    });
    Some(v1(world, "payment-link-inquiry", data))
}

/// The sweep's batch; e-wallets are never in it.
pub(super) fn expiry(world: &World, swept: &Swept) -> Value {
    let attempts: Vec<Value> = swept
        .attempts
        .iter()
        .filter_map(|row| Some((row, world.attempts.get(*row)?)))
        .map(|(row, a)| expired(*row, &a.reff_no, &a.status, a.amount, a.expired_at))
        .collect();
    let va_transactions: Vec<Value> = swept
        .va_transactions
        .iter()
        .filter_map(|row| Some((row, world.va_transactions.get(*row)?)))
        .map(|(row, t)| expired(*row, &t.transaction_id, &t.status, t.amount, t.expires_at))
        .collect();
    let qris_codes: Vec<Value> = swept
        .qris_codes
        .iter()
        .filter_map(|row| Some((row, world.qris_codes.get(*row)?)))
        .filter_map(|(row, c)| {
            Some(expired(
                *row,
                &c.reff_no,
                &c.status,
                c.amount,
                c.expired_at?,
            ))
        })
        .collect();
    let summary = json!({
        "payment_link_histories": attempts.len(),
        "virtual_account_transactions": va_transactions.len(),
        "qris_histories": qris_codes.len(),
    });
    let data = json!({
        "payment_link_histories": attempts,
        "virtual_account_transactions": va_transactions,
        "qris_histories": qris_codes,
        "summary": summary,
    });
    v1(world, "transaction-expiration", data)
}

/// The sections are documented, and of what is in them no more than that it has an id.
pub(super) fn product_expiry(world: &World, swept: &Swept) -> Value {
    let ids = |rows: &[u64]| rows.iter().map(|id| json!({"id": id})).collect::<Vec<_>>();
    let virtual_accounts: Vec<Value> = swept
        .virtual_accounts
        .iter()
        .filter_map(|row| world.virtual_accounts.get(*row))
        .map(|va| json!({"id": va.id}))
        .collect();
    let data = json!({
        "payment_links": ids(&swept.links),
        "virtual_accounts": virtual_accounts,
        "qris_transactions": ids(&swept.qris_codes),
    });
    v1(world, "product-expiration", data)
}

fn expired(row: u64, reff_no: &str, status: &str, amount: i64, expired_at: At) -> Value {
    json!({
        "id": row,
        "reff_no": reff_no,
        "status": status,
        "amount": decimal(amount),
        "expired_at": wire_time::text(expired_at),
    })
}

pub(super) fn decimal(rupiah: i64) -> String {
    format!("{rupiah}.00")
}
