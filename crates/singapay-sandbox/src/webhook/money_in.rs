//! What the events of virtual accounts say (fact sheet 05, section B).

use serde_json::{Value, json};

use super::body::{decimal, v1};
use crate::{state::World, wire_time};

pub(super) fn va_payment(world: &World, transaction: u64) -> Option<Value> {
    let paid = world.va_transactions.get(transaction)?;
    let va = world.virtual_accounts.get(paid.virtual_account)?;
    let fee = world.collections.find(&paid.transaction_id)?.fee;
    let bank = va.bank();
    let data = json!({
        "transaction": {
            // The merchant's own; what stands here without one is unknown.
            "reff_no": paid.merchant_reff_no.as_ref().unwrap_or(&paid.transaction_id),
            "transaction_id": paid.transaction_id,
            "type": "va",
            "status": paid.status,
            // A string live, a number in the documentation.
            "amount": {"value": decimal(paid.amount), "currency": "IDR"},
            "amount_type": va.amount.word(),
            "tip": null,
            "post_timestamp": wire_time::text(paid.posted_at),
            "processed_timestamp": paid.processed_at.map(wire_time::text),
        },
        "payment": {
            "method": "va",
            "additional_info": {
                "va_number": paid.va_number,
                "va_name": va.name,
                "bank": {
                    "short_name": bank.short_name,
                    "number": bank.number,
                    "swift_code": bank.swift,
                    "bank_code": bank.code,
                },
                "fees": {
                    "name": format!("VA {}", bank.short_name),
                    "amount": fee,
                    "currency": "IDR",
                },
            },
        },
    });
    Some(v1(world, "va-transaction", data))
}
