//! Payments from the deposit. None of them carries a reference of the merchant's.

use serde_json::{Value, json};

use super::{
    catalogue::{Kind, Product},
    fields::{Order, POSTPAID, Version, already_paid, known, phone},
    record::{Bill, BillStatus},
};
use crate::{
    http::{call::Call, operation::Answer, refusal::Refusal},
    state::World,
    wire_time,
};

/// Paid without an inquiry, which alone answers a reference number.
const DIRECT: [&str; 3] = ["pulsa", "data", "vouchg"];

pub(super) fn prepaid_v1(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    pay(world, call, &["pulsa", "data", "plntok"], Version::V1)
}

pub(super) fn prepaid(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let commands = ["pulsa", "data", "plntok", "topupg", "vouchg"];
    pay(world, call, &commands, Version::V2)
}

pub(super) fn postpaid_v1(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    pay(world, call, &POSTPAID, Version::V1)
}

pub(super) fn postpaid(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    pay(world, call, &POSTPAID, Version::V2)
}

fn pay(
    world: &mut World,
    call: &Call,
    commands: &[&str],
    version: Version,
) -> Result<Answer, Refusal> {
    let mut order = Order::of(call, commands);
    let (product, customer_id) = order.product();
    let password = order.data.text("password", 255);
    let reference = if DIRECT.contains(&order.command.as_str()) {
        order.data.prohibited("reference_number");
        String::new()
    } else {
        order.data.text("reference_number", 100)
    };
    if version == Version::V2 && commands == POSTPAID {
        order.data.optional_text("phone_number", 25);
    }
    let right = world
        .billers
        .values()
        .any(|biller| biller.password == password);
    if !password.is_empty() && !right {
        order
            .data
            .fail("password", "The data.password is incorrect.");
    }
    order.finish()?;
    let product = product.ok_or(Refusal::Bare(500))?;
    phone(product, &customer_id)?;
    known(&customer_id)?;
    let row = charge(world, product, &customer_id, &reference)?;
    let bill = world.bills.get(row).ok_or(Refusal::Bare(500))?;
    if bill.status == BillStatus::Failed {
        return Err(Refusal::code(200, "02", "Payment canceled"));
    }
    let mut answer = Answer::from(view(bill, product, version));
    if bill.status == BillStatus::Pending {
        answer.beside = vec![
            ("response_code", json!("01")),
            ("response_text", json!("Payment pending")),
        ];
    }
    Ok(answer)
}

/// Everything that can stand in the way, and then the payment.
fn charge(
    world: &mut World,
    product: &Product,
    customer_id: &str,
    reference: &str,
) -> Result<u64, Refusal> {
    let (inquiry, price) = match product.kind {
        Kind::Direct(price) => (None, price),
        Kind::Inquired { .. } | Kind::Bill { .. } => {
            let row = world.payable_inquiry(reference, product, customer_id);
            let found = row.and_then(|row| Some((row, world.bill_inquiries.get(row)?)));
            let (row, inquiry) =
                found.ok_or_else(|| Refusal::code(404, "06", "inquiry not found"))?;
            (Some(row), inquiry.price)
        }
    };
    if world.is_bill_paid(product, customer_id) {
        return Err(already_paid());
    }
    if world.is_used_today(customer_id) {
        return Err(Refusal::code(200, "07", "customer id was used today"));
    }
    if world.deposit() < price {
        // No code for this is known; the general one proves nothing, which is the hardest case.
        return Err(Refusal::code(200, "99", "General failure"));
    }
    match inquiry {
        Some(row) => world.pay_inquiry(row).ok_or(Refusal::Bare(500)),
        None => Ok(world.pay_direct(product, customer_id, price)),
    }
}

fn view(bill: &Bill, product: &Product, version: Version) -> Value {
    let amount = version.amount(bill.amount, bill.late_fee);
    let mut data = json!({
        "customer_id": bill.customer_id,
        "amount": amount.to_string(),
        "price": bill.price.to_string(),
        "transaction_id": bill.transaction_id,
        "created_at": wire_time::date_time(bill.created_at),
    });
    if let Some(name) = &bill.customer_name {
        data["customer_name"] = json!(name);
    }
    if let Some(period) = version.period(bill.period.as_ref()) {
        data["period"] = json!(period);
    }
    if product.command == "plntok" {
        // Null until the vendor has delivered it.
        data["token"] = bill.other_info.get("token").cloned().unwrap_or_default();
    }
    data
}
