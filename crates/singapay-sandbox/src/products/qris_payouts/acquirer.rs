//! A paid code of the merchant's own, as a QRIS credit is shown.

use serde_json::{Value, json};

use crate::{payouts::payout_time, products::qris::data, state::World, wire_money::money};

/// A code that was paid, by the gateway's reference or the merchant's, in the members that a QRIS
/// credit has. The merchant's need not be unique: the newest one counts.
pub(super) fn paid(world: &World, account: u64, reference: &str) -> Option<Value> {
    let code = world.qris_codes.values().rev().find(|code| {
        let named =
            code.reff_no == reference || code.merchant_reff_no.as_deref() == Some(reference);
        named && code.account == account && code.paid_at.is_some()
    })?;
    let settings = &world.settings;
    let entry = world.entries.find(&format!("{account}:{}", code.reff_no));
    Some(json!({
        "transaction_id": code.reff_no,
        "reference_number": reference,
        "transaction_status": {"code": "00", "desc": "Success"},
        "qr_data": code.qr_data,
        "type": data::kind(&code.qr_data),
        "scope": "acquirer",
        "post_timestamp": payout_time(settings, code.created_at),
        "processed_timestamp": code.paid_at.map(|at| payout_time(settings, at)),
        "balance_after": entry.map(|entry| money(entry.balance_after)),
        "gross_amount": money(code.amount),
        "fee": money(code.fee),
        "net_amount": money(code.amount - code.fee),
    }))
}
