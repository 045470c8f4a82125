//! The biller host: deposit, bills and prepaid products. Every operation is a POST whose body
//! names a command.

use serde_json::{Value, json};

use super::{
    catalogue::{GAMES, PRODUCTS},
    fields::{self, Order},
    inquiry, payment, records,
};
use crate::{
    http::{
        call::Call,
        operation::{Answer, Operation},
        refusal::Refusal,
    },
    state::World,
};

const DONE: &str = "Operation completed successfully";
const INQUIRED: &str = "Inquiry success";
const PAID: &str = "Payment success";

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::biller(
        "check_biller_balance",
        "/api/v1/check-balance",
        DONE,
        balance,
    ),
    Operation::biller(
        "get_bill_transaction",
        "/api/v1/detail-bill-transaction",
        DONE,
        records::detail,
    ),
    Operation::biller(
        "list_bill_transactions",
        "/api/v1/list-bill-transaction",
        DONE,
        records::list,
    ),
    Operation::biller(
        "reset_customer_id",
        "/api/v1/reset-customer-id",
        "Operation completed successfully.",
        reset,
    ),
    Operation::biller(
        "get_game_topup_parameters",
        "/api/v2/prepaid/get-parameter-game-topup",
        DONE,
        game,
    ),
    Operation::biller(
        "inquire_prepaid_v1",
        "/api/v1/prepaid/inquiry",
        INQUIRED,
        inquiry::prepaid_v1,
    ),
    Operation::biller(
        "inquire_prepaid",
        "/api/v2/prepaid/inquiry",
        INQUIRED,
        inquiry::prepaid,
    ),
    Operation::biller(
        "inquire_postpaid_v1",
        "/api/v1/postpaid/inquiry",
        INQUIRED,
        inquiry::postpaid_v1,
    ),
    Operation::biller(
        "inquire_postpaid",
        "/api/v2/postpaid/inquiry",
        INQUIRED,
        inquiry::postpaid,
    ),
    Operation::biller(
        "pay_prepaid_v1",
        "/api/v1/prepaid/payment",
        PAID,
        payment::prepaid_v1,
    ),
    Operation::biller(
        "pay_prepaid",
        "/api/v2/prepaid/payment",
        PAID,
        payment::prepaid,
    ),
    Operation::biller(
        "pay_postpaid_v1",
        "/api/v1/postpaid/payment",
        PAID,
        payment::postpaid_v1,
    ),
    Operation::biller(
        "pay_postpaid",
        "/api/v2/postpaid/payment",
        PAID,
        payment::postpaid,
    ),
];

fn balance(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    fields::command(call, &["check-balance"]).1.finish()?;
    Ok(json!({"balance": format!("{}.00", world.deposit()), "currency": "IDR"}).into())
}

fn reset(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    fields::command(call, &["reset-customer-id"]).1.finish()?;
    world.free_customer_ids();
    Ok(Value::Null.into())
}

/// Tells the fields of a game's inquiry; the gateway's own shape is unknown.
fn game(_: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let mut order = Order::of(call, &["get-parameter-game-topup"]);
    let category = order.data.text("category_code", 50);
    let known = GAMES.iter().find(|game| game.category.0 == category);
    if !category.is_empty() && known.is_none() {
        order.data.invalid("category_code");
    }
    order.finish()?;
    let game = known.ok_or(Refusal::Bare(500))?;
    let parameters: Vec<Value> = game
        .parameters
        .iter()
        .map(|(name, options)| {
            let options: Vec<Value> = options
                .iter()
                .map(|(id, name)| json!({"id": id, "name": name}))
                .collect();
            json!({"name": name, "required": true, "options": options})
        })
        .collect();
    let products: Vec<Value> = PRODUCTS
        .iter()
        .filter(|product| product.command == "topupg" && product.category == game.category)
        .map(|product| json!({"code": product.code, "name": product.name}))
        .collect();
    Ok(json!({
        "category_code": game.category.0,
        "category_name": game.category.1,
        "parameters": parameters,
        "products": products,
    })
    .into())
}
