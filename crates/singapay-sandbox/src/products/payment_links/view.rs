//! Payment links as answers show them.

use serde_json::{Value, json};

use super::record::{PaymentLink, echoed};
use crate::{http::refusal::Refusal, state::World, wire_time};

pub(super) fn view_v1(world: &World, row: u64) -> Result<Value, Refusal> {
    let link = world.links.get(row).ok_or(Refusal::Bare(500))?;
    let account = world.accounts.get(link.account).ok_or(Refusal::Bare(500))?;
    let mut data = shared(world, row, link);
    let own = json!({
        "required_customer_detail": link.required_customer_detail,
        "total_amount": format!("{}.00", link.total_amount),
        "items": items(link),
        "redirect_url": link.redirect_url,
        "account": {
            "id": account.id,
            "name": account.name,
            "email": null,
            "phone": null,
            "status": if account.active { "active" } else { "inactive" },
        },
    });
    merge(&mut data, own);
    Ok(data)
}

pub(super) fn view_v2(world: &World, row: u64) -> Result<Value, Refusal> {
    let link = world.links.get(row).ok_or(Refusal::Bare(500))?;
    let text = |text: &str| {
        if text.is_empty() {
            Value::Null
        } else {
            json!(text)
        }
    };
    let mut data = shared(world, row, link);
    let own = json!({
        "description": link.description,
        "source": link.source,
        "total_amount": link.total_amount,
        "customer_pays_fee": false,
        "is_multiple_payment": link.max_usage != 1,
        "is_unlimited_usage": link.max_usage == 0,
        "required_customer_detail": link.required_customer_detail,
        "required_customer_number": link.required_customer_number.unwrap_or(false),
        "required_customer_email": link.required_customer_email.unwrap_or(false),
        "success_redirect_url": link.redirect_url,
        "expired_redirect_url": link.expired_redirect_url,
        "customer_name": text(&link.customer.name),
        "customer_email": text(&link.customer.email),
        "customer_phone": text(&link.customer.phone),
    });
    merge(&mut data, own);
    if !link.items.is_empty() {
        data["items"] = json!(items(link));
    }
    Ok(data)
}

fn shared(world: &World, row: u64, link: &PaymentLink) -> Value {
    json!({
        "id": row,
        "reff_no": link.reff_no,
        "title": link.title,
        "payment_url": world.payment_url(&link.reff_no),
        "status": link.status,
        "status_computed": link.status_computed(world.now),
        "is_expired": link.is_expired(world.now),
        "max_usage": link.max_usage,
        "current_usage": link.current_usage,
        "expired_at": link.expired_at.map(wire_time::iso),
        "whitelisted_payment_method": link.whitelist.iter().map(|c| echoed(c)).collect::<Vec<_>>(),
        "optional_metadata": world.settings.quirks.map(link.optional_metadata.clone()),
        "payment_date": link.payment_date.map(wire_time::iso),
        "created_at": wire_time::iso(link.created_at),
        "updated_at": wire_time::iso(link.updated_at),
    })
}

fn items(link: &PaymentLink) -> Vec<Value> {
    link.items
        .iter()
        .map(|item| {
            json!({
                "name": item.name,
                "quantity": item.quantity,
                "unit_price": item.unit_price,
                "subtotal": item.subtotal(),
            })
        })
        .collect()
}

fn merge(into: &mut Value, from: Value) {
    if let (Value::Object(into), Value::Object(from)) = (into, from) {
        into.extend(from);
    }
}
