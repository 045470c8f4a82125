//! What the events of virtual accounts, QR codes and wallets say (fact sheet 05, section B).

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

pub(super) fn qris_payment(world: &World, row: u64) -> Option<Value> {
    let code = world.qris_codes.get(row)?;
    let payer = code.payer.as_ref()?;
    let paid = wire_time::text(code.paid_at?);
    let data = json!({
        "transaction": {
            "id": row,
            "reff_no": code.reff_no,
            "merchant_reff_no": code.merchant_reff_no,
            "type": "qris",
            "status": code.status,
            "amount": money(code.amount),
            "tip": money(0),
            "total_amount": money(code.amount),
            "post_timestamp": paid,
            "processed_timestamp": paid,
        },
        "customer": {"id": payer.id, "name": payer.name},
        "payment": {
            "method": "qris",
            "additional_info": {
                "qr_string": code.qr_data,
                "payment_event_id": event_id(row, code.events),
            },
        },
    });
    Some(v1(world, "qris-acquirer-transaction", data))
}

pub(super) fn ewallet_payment(world: &World, row: u64) -> Option<Value> {
    let payment = world.ewallet_payments.get(row)?;
    let paid = wire_time::text(payment.paid_at?);
    let vendor = payment.vendor.trim_start_matches("EWALLET_");
    let data = json!({
        "transaction": {
            "id": row,
            "reff_no": payment.reff_no,
            "merchant_reff_no": payment.merchant_reff_no,
            "type": "ewallet",
            "ewallet_vendor": vendor,
            "status": "paid",
            // Net, and the total gross, as documented; for QRIS both are gross.
            "amount": money(payment.amount - payment.fee),
            "total_amount": money(payment.amount),
            "post_timestamp": wire_time::text(payment.created_at),
            "processed_timestamp": paid,
        },
        "customer": {
            "name": payment.customer_name,
            "email": payment.customer_email,
            "phone": payment.customer_phone,
        },
        "payment": {
            "method": "ewallet",
            "vendor": vendor,
            "additional_info": {
                "payment_event_id": event_id(row, payment.events),
                "vendor_reference_no": payment.vendor_reference_no,
            },
        },
    });
    Some(v1(world, "ewallet-native-transaction", data))
}

/// A number, where virtual accounts have a string.
fn money(rupiah: i64) -> Value {
    json!({"value": rupiah, "currency": "IDR"})
}

/// Of one try to pay.
fn event_id(row: u64, events: u64) -> u64 {
    row * 100 + events
}
