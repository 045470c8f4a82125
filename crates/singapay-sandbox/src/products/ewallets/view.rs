//! A payment from a wallet in answers: the same members for every wallet and operation (seen live).

use serde_json::{Value, json};

use super::record::EwalletPayment;
use crate::{
    http::{operation::Answer, refusal::Refusal},
    state::World,
    wire_time,
};

pub(super) fn view(world: &World, row: u64, payment: &EwalletPayment) -> Value {
    let settlement = world.collections.settled(&payment.reff_no);
    let wallet = payment.wallet();
    let base_url = &world.settings.base_url;
    let page = format!("{base_url}/ewallet/{}", payment.reff_no);
    let paid = payment.paid_at;
    json!({
        "id": row,
        // The internal number, not the ULID of the request.
        "account_id": payment.account,
        "reff_no": payment.reff_no,
        "merchant_reff_no": payment.merchant_reff_no,
        "status": payment.status,
        "status_computed": payment.status_computed(world.now),
        "is_expired": payment.is_expired(world.now),
        "ewallet_vendor": payment.vendor,
        "amount": payment.amount,
        "total_amount": payment.amount,
        "merchant_fee": payment.fee,
        "net_amount": payment.amount - payment.fee,
        "checkout_url": wallet.has_page.then_some(page),
        "checkout_url_app": wallet.app.map(|app| format!("{app}{}", payment.reff_no)),
        "vendor_reference_no": payment.vendor_reference_no,
        "merchant_redirect_url": payment.redirect_url,
        "additional_info": null,
        "customer_name": payment.customer_name,
        "customer_email": payment.customer_email,
        "customer_phone": payment.customer_phone,
        "has_recon": false,
        "recon_at": null,
        "has_settle": settlement.is_some(),
        "settle_at": settlement.map(|collection| wire_time::iso(collection.settle_at)),
        "has_settle_request": false,
        "settle_request_at": null,
        "payment_channel": paid.map(|_| wallet.channel),
        "payment_vendor_code": null,
        "settlement_method": null,
        "processed_timestamp": paid.map(wire_time::iso),
        "expired_at": wire_time::iso(payment.expired_at),
        "created_at": wire_time::iso(payment.created_at),
        "updated_at": wire_time::iso(payment.updated_at),
        "deleted_at": null,
        "events_count": payment.events,
    })
}

pub(super) fn shown(world: &World, row: u64) -> Result<Answer, Refusal> {
    let payment = world.ewallet_payments.get(row).ok_or(Refusal::Bare(500))?;
    Ok(view(world, row, payment).into())
}
