//! Transfers that customers made to virtual accounts.

use serde_json::{Value, json};

use super::record::VaTransaction;
use crate::{
    http::{
        call::Call,
        filter::Filter,
        list::{self, PAGE, per_page_or},
        operation::{Answer, Operation},
        refusal::Refusal,
    },
    state::World,
    wire_money::money,
    wire_time,
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::v1(
        "list_va_transactions",
        "GET",
        "/api/v1.0/va-transactions/{account_id}",
        list,
    ),
    Operation::v1(
        "get_va_transaction",
        "GET",
        "/api/v1.0/va-transactions/{account_id}/{transaction_id}",
        show,
    ),
    Operation::v1(
        "list_va_transactions_by_number",
        "GET",
        "/api/v1.0/va-transactions/{account_id}/detail-by-va-number/{va_number}",
        list_by_number,
    ),
];

/// Rows per page of the list by number (documented).
const BY_NUMBER: usize = 50;

fn list(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let filter = Filter(call);
    page(world, call, PAGE, |transaction| {
        filter.exactly("va_number", &transaction.va_number)
    })
}

/// A number without payments has an empty list, and so has one that is unknown.
fn list_by_number(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let number = call.param("va_number");
    page(world, call, BY_NUMBER, |transaction| {
        transaction.va_number == number
    })
}

fn page(
    world: &World,
    call: &Call,
    size: usize,
    wanted: impl Fn(&VaTransaction) -> bool,
) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let filter = Filter(call);
    let mut rows: Vec<&VaTransaction> = world
        .va_transactions
        .values()
        .filter(|transaction| transaction.account == account && wanted(transaction))
        .filter(|transaction| takes(&filter, world, transaction))
        .collect();
    filter.sort(&mut rows, |transaction| transaction.amount);
    let size = per_page_or(call, size);
    Ok(list::page(world, call, rows, size, |row| view(world, row)))
}

fn show(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    world
        .va_transactions
        .find(call.param("transaction_id"))
        .filter(|transaction| transaction.account == account)
        .map(|transaction| view(world, transaction).into())
        .ok_or_else(|| Refusal::v1(404, "VA Transaction not found"))
}

fn takes(filter: &Filter<'_>, world: &World, transaction: &VaTransaction) -> bool {
    let reference = transaction.merchant_reff_no.as_deref().unwrap_or_default();
    let settlement = world.collections.settled(&transaction.transaction_id);
    Filter::reaches(world.now, transaction.posted_at)
        && filter.part("transaction_id", &transaction.transaction_id)
        && filter.part("merchant_reff_no", reference)
        && filter.exactly("status", &transaction.status)
        && filter.amount("amount", transaction.amount)
        && filter.flag("has_settle", settlement.is_some())
        && filter.within("post_timestamp", Some(transaction.posted_at))
        && filter.within("processed_timestamp", transaction.processed_at)
        && filter.within("settle_at", settlement.map(|c| c.settle_at))
}

fn view(world: &World, transaction: &VaTransaction) -> Value {
    let account = world.accounts.get(transaction.account);
    let va = world.virtual_accounts.get(transaction.virtual_account);
    let bank = va.map(|va| va.bank());
    let collection = world.collections.find(&transaction.transaction_id);
    let settlement = world.collections.settled(&transaction.transaction_id);
    json!({
        "transaction_id": transaction.transaction_id,
        "merchant_reff_no": transaction.merchant_reff_no,
        "va_number": transaction.va_number,
        "account": {
            "id": account.map(|account| &account.id),
            "name": account.map(|account| &account.name),
            "email": null,
            "phone": null,
        },
        "bank": bank.map(|bank| json!({
            "short_name": bank.short_name,
            "number": bank.number,
            "swift_code": bank.swift,
            "bank_code": bank.code,
        })),
        "notes": null,
        "status": transaction.status,
        "fees": collection.zip(bank).map(|(collection, bank)| json!({
            "name": format!("VA {}", bank.short_name),
            "amount": collection.fee,
            "currency": "IDR",
        })),
        "amount": money(transaction.amount),
        "post_timestamp": wire_time::millis(transaction.posted_at),
        "processed_timestamp": transaction.processed_at.map(wire_time::millis),
        "has_settle": settlement.is_some(),
        // An integer beside strings.
        "settle_at": settlement.map(|collection| collection.settle_at.0),
    })
}
