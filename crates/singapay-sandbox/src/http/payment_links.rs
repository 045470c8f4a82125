//! Payment links, version 1.

use serde_json::{Value, json};

use super::{
    call::Call,
    operation::{Answer, Envelope, Operation, Proof},
    refusal::Refusal,
    validate::Fields,
};
use crate::{
    state::{Item, METHODS, PaymentLink, World},
    wire_time::{self, At},
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        id: "create_payment_link_v1",
        method: "POST",
        path: "/api/v1.0/payment-link-manage/{account_id}",
        envelope: Envelope::V1,
        proof: Proof::Bearer,
        run: create_v1,
    },
    Operation {
        id: "get_payment_link_v1",
        method: "GET",
        path: "/api/v1.0/payment-link-manage/{account_id}/{payment_link_id}",
        envelope: Envelope::V1,
        proof: Proof::Bearer,
        run: show_v1,
    },
];

const SMALLEST: i64 = 10_000;

fn create_v1(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    if !world.accounts.get(account).is_some_and(|a| a.active) {
        return Err(Refusal::v1(403, "Account is not active"));
    }
    let mut fields = Fields::of(&call.body);
    let reff_no = reff_no(&mut fields, world);
    let title = fields.text("title", 255);
    let max_usage = fields.integer("max_usage", 1, 1_000_000);
    let total_amount = fields.integer("total_amount", SMALLEST, i64::MAX);
    let items = items(&mut fields);
    let sum = items
        .iter()
        .fold(0_i64, |sum, item| sum.saturating_add(item.subtotal()));
    if total_amount != 0 && !items.is_empty() && sum != total_amount {
        fields.fail(
            "total_amount",
            "The total amount must equal the sum of the item subtotals.",
        );
    }
    let required_customer_detail = fields.optional_bool("required_customer_detail");
    let expired_at = expiry_millis(&mut fields, world.now);
    let whitelist = whitelist(&mut fields);
    let redirect_url = url(&mut fields, "redirect_url");
    let optional_metadata = match fields.value("optional_metadata") {
        Some(Value::Object(map)) => map.clone(),
        Some(Value::Array(list)) if list.is_empty() => serde_json::Map::new(),
        Some(_) => {
            fields.fail(
                "optional_metadata",
                "The optional metadata field must be an array.",
            );
            serde_json::Map::new()
        }
        None => serde_json::Map::new(),
    };
    fields.finish()?;
    let row = world.links.insert(PaymentLink {
        account,
        reff_no,
        title,
        status: "open".to_owned(),
        required_customer_detail: required_customer_detail.unwrap_or(false),
        max_usage,
        current_usage: 0,
        expired_at,
        total_amount,
        items,
        whitelist,
        redirect_url,
        optional_metadata,
        payment_date: None,
        created_at: world.now,
        updated_at: world.now,
    });
    view_v1(world, row).map(Answer::from)
}

fn show_v1(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let row = owned_link(world, account, call.param("payment_link_id"))?;
    view_v1(world, row).map(Answer::from)
}

fn owned_link(world: &World, account: u64, id: &str) -> Result<u64, Refusal> {
    let row: Option<u64> = id.parse().ok();
    row.filter(|row| {
        world
            .links
            .get(*row)
            .is_some_and(|link| link.account == account)
    })
    .ok_or_else(|| Refusal::v1(404, "Payment Link not found"))
}

fn view_v1(world: &World, row: u64) -> Result<Value, Refusal> {
    let link = world.links.get(row).ok_or(Refusal::Bare(500))?;
    let account = world.accounts.get(link.account).ok_or(Refusal::Bare(500))?;
    let items: Vec<Value> = link
        .items
        .iter()
        .map(|item| {
            json!({
                "name": item.name,
                "quantity": item.quantity,
                "unit_price": item.unit_price,
                "subtotal": item.subtotal(),
            })
        })
        .collect();
    Ok(json!({
        "id": row,
        "reff_no": link.reff_no,
        "title": link.title,
        "payment_url": world.payment_url(&link.reff_no),
        "status": link.status,
        "status_computed": link.status_computed(world.now),
        "is_expired": link.is_expired(world.now),
        "required_customer_detail": link.required_customer_detail,
        "max_usage": link.max_usage,
        "current_usage": link.current_usage,
        "expired_at": link.expired_at.map(wire_time::iso),
        "total_amount": format!("{}.00", link.total_amount),
        "items": items,
        "whitelisted_payment_method": link.whitelist,
        "redirect_url": link.redirect_url,
        // An empty PHP map is written as a list.
        "optional_metadata": if link.optional_metadata.is_empty() {
            json!([])
        } else {
            Value::Object(link.optional_metadata.clone())
        },
        "payment_date": link.payment_date.map(wire_time::iso),
        "created_at": wire_time::iso(link.created_at),
        "updated_at": wire_time::iso(link.updated_at),
        "account": {
            "id": account.id,
            "name": account.name,
            "email": null,
            "phone": null,
            "status": if account.active { "active" } else { "inactive" },
        },
    }))
}

/// At most 40 characters, no white space, no slash; it becomes part of the hosted page's address.
fn reff_no(fields: &mut Fields<'_>, world: &World) -> String {
    let reff_no = fields.text("reff_no", 40);
    if reff_no.contains(|c: char| c.is_whitespace() || c == '/') {
        fields.bad_format("reff_no");
    } else if world.links.row_of(&reff_no).is_some() {
        fields.fail("reff_no", "The reff no has already been taken.");
    }
    reff_no
}

fn items(fields: &mut Fields<'_>) -> Vec<Item> {
    let Some(value) = fields.required("items") else {
        return Vec::new();
    };
    let Some(list) = value.as_array().filter(|list| !list.is_empty()) else {
        fields.fail("items", "The items field must have at least 1 items.");
        return Vec::new();
    };
    let mut items = Vec::new();
    for (at, entry) in list.iter().enumerate() {
        let prefix = format!("items.{at}");
        let Some(object) = entry.as_object() else {
            fields.fail(&prefix, format!("The {prefix} field must be an array."));
            continue;
        };
        let mut item = Fields::nested(object, &prefix);
        let read = Item {
            name: item.text("name", 255),
            quantity: item.integer("quantity", 1, 1_000_000),
            unit_price: item.integer("unit_price", -1_000_000_000_000, 1_000_000_000_000),
        };
        items.push(read);
        fields.absorb(item);
    }
    items
}

/// Thirteen digits, as a number or a string; version 1 of the API knows no other form.
fn expiry_millis(fields: &mut Fields<'_>, now: At) -> Option<At> {
    let value = fields.value("expired_at")?;
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    if text.len() != 13 || !text.bytes().all(|b| b.is_ascii_digit()) {
        fields.bad_format("expired_at");
        return None;
    }
    let at = At(text.parse().ok()?);
    if at <= now {
        fields.fail(
            "expired_at",
            "The expired at field must be a date after now.",
        );
    }
    Some(at)
}

/// Codes are case-sensitive; none and an empty list select all; retail codes come back in their
/// vendor's spelling (fact sheet 02, section 1.0, seen live).
fn whitelist(fields: &mut Fields<'_>) -> Vec<String> {
    let all = || {
        METHODS
            .iter()
            .map(|(code, _, _)| (*code).to_owned())
            .collect()
    };
    let Some(value) = fields.value("whitelisted_payment_method") else {
        return all();
    };
    let Some(list) = value.as_array() else {
        fields.fail(
            "whitelisted_payment_method",
            "The whitelisted payment method field must be an array.",
        );
        return Vec::new();
    };
    let mut chosen: Vec<String> = Vec::new();
    for entry in list {
        match entry
            .as_str()
            .filter(|code| METHODS.iter().any(|(known, _, _)| known == code))
        {
            Some(code) if !chosen.iter().any(|c| c == code) => chosen.push(code.to_owned()),
            Some(_) => {}
            None => {
                fields.invalid("whitelisted_payment_method");
                return Vec::new();
            }
        }
    }
    if chosen.is_empty() { all() } else { chosen }
}

fn url(fields: &mut Fields<'_>, field: &str) -> Option<String> {
    let text = fields.optional_text(field, 2048)?;
    if !text.starts_with("http://") && !text.starts_with("https://") {
        fields.fail(
            field,
            format!("The {} field must be a valid URL.", field.replace('_', " ")),
        );
    }
    Some(text)
}
