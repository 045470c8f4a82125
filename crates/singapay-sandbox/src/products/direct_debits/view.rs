//! Bindings and charges as answers and webhooks show them.

use serde_json::{Value, json};

use super::record::{Binding, Debit, DebitStatus};
use crate::{state::World, wire_time::iso};

pub(crate) fn binding_view(binding: &Binding) -> Value {
    json!({
        "binding_id": binding.binding_id,
        "customer_ref": binding.customer_ref,
        "bank_code": binding.bank_code,
        "masked_card": binding.masked_card,
        "status": binding.status.word(),
        "payment_otp_mode": binding.payment_otp_mode,
        "created_at": iso(binding.created_at),
        "updated_at": iso(binding.updated_at),
        "failure_reason": binding.failure_reason,
    })
}

pub(crate) fn debit_view(world: &World, debit: &Debit) -> Value {
    let binding = world.bindings.get(debit.binding);
    let account = world.accounts.get(debit.account);
    let mut data = json!({
        "transaction_id": debit.transaction_id,
        "binding_id": binding.map(|b| &b.binding_id),
        "account_id": account.map(|a| &a.id),
        "merchant_reference": debit.merchant_reference,
        "amount": debit.amount,
        "currency": "IDR",
        "description": debit.description,
        "status": debit.status.word(),
        // Stays true after the code was entered.
        "requires_otp": debit.requires_otp,
        "paid_at": debit.paid_at.map(iso),
        "failure_code": debit.failure.as_ref().map(|(code, _)| code),
        "failure_reason": debit.failure.as_ref().map(|(_, text)| text),
        "web_redirect_url": null,
        "created_at": iso(debit.created_at),
        "updated_at": iso(debit.updated_at),
    });
    if debit.status == DebitStatus::Success {
        data["fees"] = json!({"name": "Direct Debit", "amount": debit.fee, "currency": "IDR"});
    }
    data
}
