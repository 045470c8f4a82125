//! The event of a payment from a wallet.

use serde_json::{Value, json};

use crate::{
    state::World,
    webhook::{announce_money_in, event_id, v1},
    wire_money::number,
    wire_time,
};

pub(crate) fn announce_ewallet_payment(world: &mut World, payment: u64) {
    let Some(body) = ewallet_payment(world, payment) else {
        return;
    };
    let account = world.ewallet_payments.get(payment).map(|p| p.account);
    announce_money_in(world, account, &body);
}

fn ewallet_payment(world: &World, row: u64) -> Option<Value> {
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
            "amount": number(payment.amount - payment.fee),
            "total_amount": number(payment.amount),
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
