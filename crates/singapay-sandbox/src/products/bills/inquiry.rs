//! Inquiries: who the customer is, and what is to be paid.

use serde_json::json;

use super::{
    catalogue::{GAMES, Kind, Owed, Product, owed},
    fields::{Order, POSTPAID, Version, already_paid, known, phone},
};
use crate::{
    http::{call::Call, operation::Answer, refusal::Refusal},
    sample_names,
    state::World,
    wire_time,
};

pub(super) fn prepaid_v1(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    prepaid_of(world, call, &["plntok"], Version::V1)
}

pub(super) fn prepaid(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    prepaid_of(world, call, &["plntok", "topupg"], Version::V2)
}

fn prepaid_of(
    world: &mut World,
    call: &Call,
    commands: &[&str],
    version: Version,
) -> Result<Answer, Refusal> {
    let mut order = Order::of(call, commands);
    let (product, customer_id) = order.product();
    if let Some(product) = product {
        game_fields(&mut order, product);
    }
    if order.command == "plntok" {
        for field in ["server_id", "username", "platform"] {
            order.data.prohibited(field);
        }
    }
    order.finish()?;
    let product = product.ok_or(Refusal::Bare(500))?;
    known(&customer_id)?;
    let (amount, admin) = match product.kind {
        Kind::Inquired { amount, admin } => (amount, admin),
        Kind::Direct(_) | Kind::Bill { .. } => return Err(Refusal::Bare(500)),
    };
    let owed = Owed {
        amount,
        late_fee: 0,
        period: None,
    };
    Ok(answer(world, product, &customer_id, owed, admin, version))
}

/// Reads the fields that the product's game wants.
fn game_fields(order: &mut Order<'_>, product: &Product) {
    let game = GAMES
        .iter()
        .find(|game| product.command == "topupg" && game.category == product.category);
    for (field, options) in game.map_or(&[][..], |game| game.parameters) {
        let text = order.data.text(field, 100);
        let is_option = options.is_empty() || options.iter().any(|(id, _)| *id == text);
        if !text.is_empty() && !is_option {
            order.data.invalid(field);
        }
    }
}

pub(super) fn postpaid_v1(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    postpaid_of(world, call, Version::V1)
}

pub(super) fn postpaid(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    postpaid_of(world, call, Version::V2)
}

fn postpaid_of(world: &mut World, call: &Call, version: Version) -> Result<Answer, Refusal> {
    let mut order = Order::of(call, &POSTPAID);
    let (product, customer_id) = order.product();
    let months = months(&mut order);
    if version == Version::V2 {
        order.data.optional_text("phone_number", 25);
    }
    order.finish()?;
    let product = product.ok_or(Refusal::Bare(500))?;
    phone(product, &customer_id)?;
    known(&customer_id)?;
    if world.is_bill_paid(product, &customer_id) {
        return Err(already_paid());
    }
    let Kind::Bill { admin } = product.kind else {
        return Err(Refusal::Bare(500));
    };
    let owed = owed(product, &customer_id, months, world.now);
    Ok(answer(world, product, &customer_id, owed, admin, version))
}

/// Months to pay for, where the product is paid by the month. `putk` may leave them out: one source
/// lists them, another does not.
fn months(order: &mut Order<'_>) -> i64 {
    match order.command.as_str() {
        "bpjsks" => order.data.integer("period", 1, 12),
        "putk" => order.data.optional_integer("period", 1, 12).unwrap_or(1),
        "bputk" => {
            let months = order.data.integer("period", 1, 12);
            if months > 0 && ![1, 2, 3, 6, 12].contains(&months) {
                order.data.invalid("period");
            }
            months
        }
        _ => {
            order.data.prohibited("period");
            1
        }
    }
}

fn answer(
    world: &mut World,
    product: &Product,
    customer_id: &str,
    owed: Owed,
    admin: i64,
    version: Version,
) -> Answer {
    let name = sample_names::holder(customer_id).to_uppercase();
    let row = world.note_inquiry(product, customer_id, name, owed, admin);
    let Some(inquiry) = world.bill_inquiries.get(row) else {
        return json!({}).into();
    };
    let amount = version.amount(inquiry.amount, inquiry.late_fee);
    let mut data = json!({
        "amount": amount.to_string(),
        "customer_name": inquiry.customer_name,
        "customer_id": inquiry.customer_id,
        "reference_number": inquiry.reference_number,
        "price": inquiry.price.to_string(),
        "created_at": wire_time::date_time(inquiry.at),
    });
    if let Some(period) = version.period(inquiry.period.as_ref()) {
        data["period"] = json!(period);
    }
    let is_bill = matches!(product.kind, Kind::Bill { .. });
    if version == Version::V2 && is_bill {
        data["late_fee"] = json!(inquiry.late_fee.to_string());
    }
    data.into()
}
