//! Balance inquiry, of one account and of the merchant.

use serde_json::{Value, json};

use crate::{
    http::{
        call::Call,
        operation::{Answer, Operation},
        refusal::Refusal,
    },
    state::World,
    wire_money::money,
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::v1(
        "get_merchant_balance",
        "GET",
        "/api/v1.0/balance-inquiry",
        merchant,
    ),
    Operation::v1(
        "get_account_balance",
        "GET",
        "/api/v1.0/balance-inquiry/{account_id}",
        account,
    ),
];

fn merchant(world: &mut World, _: &Call) -> Result<Answer, Refusal> {
    let (mut held, mut available, mut pending) = (0, 0, 0);
    for account in world.accounts.values() {
        held += account.held;
        available += account.available;
        pending += account.pending;
    }
    Ok(view(held, available, pending).into())
}

fn account(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let row = call.account(world)?;
    let account = world.accounts.get(row).ok_or(Refusal::AccountNotFound)?;
    let mut data = view(account.held, account.available, account.pending);
    data["account_id"] = json!(account.id);
    Ok(data.into())
}

fn view(held: i64, available: i64, pending: i64) -> Value {
    Value::from_iter([
        ("held_balance", money(held)),
        ("available_balance", money(available)),
        ("pending_balance", money(pending)),
        ("balance", money(held + available + pending)),
    ])
}
