//! The event of a transfer to a virtual account.

use serde_json::{Value, json};

use crate::{
    state::World,
    webhook::{announce_money_in, v1},
    wire_money::decimal,
    wire_time,
};

/// A transfer to a virtual account; only one that was paid is announced.
pub(crate) fn announce_va_payment(world: &mut World, transaction: u64) {
    let Some(body) = va_payment(world, transaction) else {
        return;
    };
    let account = world.va_transactions.get(transaction).map(|t| t.account);
    announce_money_in(world, account, &body);
}

fn va_payment(world: &World, transaction: u64) -> Option<Value> {
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
