//! The events of an attempt to pay a link.

use serde_json::{Value, json};

use crate::{
    products::payment_links::record::METHODS,
    settings::Fees,
    state::World,
    webhook::{WebhookKind, announce, v1},
    wire_money::decimal,
    wire_time,
};

pub(crate) fn announce_link_payment(world: &mut World, attempt: u64) {
    if let Some(body) = link_payment(world, attempt) {
        tell_of_attempt(world, attempt, WebhookKind::Transaction, &body);
    }
}

pub(crate) fn announce_link_inquiry(world: &mut World, attempt: u64) {
    if let Some(body) = link_inquiry(world, attempt) {
        tell_of_attempt(world, attempt, WebhookKind::PaymentLinkInquiry, &body);
    }
}

/// The channel that the customer picked arrives before the payment, always (seen live).
fn tell_of_attempt(world: &mut World, attempt: u64, kind: WebhookKind, body: &Value) {
    let Some(attempt) = world.attempts.get(attempt) else {
        return;
    };
    let (owner, subject) = (
        world.credential_of(attempt.account),
        attempt.reff_no.clone(),
    );
    announce(world, owner, kind, &subject, body);
}

fn link_payment(world: &World, attempt: u64) -> Option<Value> {
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

fn link_inquiry(world: &World, attempt: u64) -> Option<Value> {
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
