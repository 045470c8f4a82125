//! The event of a paid QR code.

use serde_json::{Value, json};

use crate::{
    state::World,
    webhook::{announce_money_in, event_id, v1},
    wire_money::number,
    wire_time,
};

pub(crate) fn announce_qris_payment(world: &mut World, code: u64) {
    let Some(body) = qris_payment(world, code) else {
        return;
    };
    let account = world.qris_codes.get(code).map(|c| c.account);
    announce_money_in(world, account, &body);
}

fn qris_payment(world: &World, row: u64) -> Option<Value> {
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
            "amount": number(code.amount),
            "tip": number(0),
            "total_amount": number(code.amount),
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
