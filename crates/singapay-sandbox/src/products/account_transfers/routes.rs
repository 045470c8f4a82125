//! Transfers between sub-accounts.

use serde_json::{Value, json};

use super::record::AccountTransfer;
use crate::{
    http::{
        call::Call,
        list::{PAGE, page},
        operation::{Answer, Operation, SignatureFailure},
        refusal::Refusal,
        validate::Fields,
    },
    state::World,
    wire_time,
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::v1(
        "list_account_transfers",
        "GET",
        "/api/v1.0/account-transfer/{account_id}",
        list,
    ),
    Operation::v1(
        "get_account_transfer",
        "GET",
        "/api/v1.0/account-transfer/{account_id}/{transaction_id}",
        show,
    ),
    Operation::v1(
        "transfer_between_accounts",
        "POST",
        "/api/v1.0/account-transfer/{account_id}/transfer",
        transfer,
    )
    .signed(SignatureFailure::Disputed),
];

fn list(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    // Every transfer that exists has succeeded.
    let none = call
        .query("status")
        .is_some_and(|status| status != "success");
    let part = call.query("transaction_id").unwrap_or_default();
    let rows: Vec<&AccountTransfer> = world
        .transfers
        .values()
        .rev()
        .filter(|t| t.remitter == account || t.beneficiary == account)
        .filter(|t| !none && t.transaction_id.contains(part))
        .collect();
    Ok(page(world, call, rows, PAGE, |transfer| {
        view(world, transfer)
    }))
}

fn show(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let found = world
        .transfers
        .find(&format!("id:{}", call.param("transaction_id")))
        .filter(|t| t.remitter == account || t.beneficiary == account);
    found
        .map(|transfer| view(world, transfer).into())
        .ok_or_else(|| Refusal::v1(404, "Account transfer not found"))
}

fn transfer(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let remitter = call.account(world)?;
    let mut fields = Fields::of(&call.body);
    let amount = fields.integer("amount", 1, i64::MAX);
    let number = fields.text("beneficiary_account_number", 12);
    if !number.is_empty() && (number.len() != 12 || !number.bytes().all(|b| b.is_ascii_digit())) {
        fields.fail(
            "beneficiary_account_number",
            "The beneficiary account number field must be 12 digits.",
        );
    }
    let merchant_ref_no = fields.optional_text("merchant_ref_no", 191);
    fields.finish()?;
    // A used reference answers the original, whatever else is asked; nothing moves.
    if let Some(original) = merchant_ref_no
        .as_deref()
        .and_then(|reference| world.transfer_by_reference(reference))
        .and_then(|row| world.transfers.get(row))
    {
        return Ok(view(world, original).into());
    }
    let beneficiary = world
        .accounts
        .row_of(&format!("number:{number}"))
        .filter(|row| *row != remitter)
        .filter(|row| {
            world
                .accounts
                .get(*row)
                .is_some_and(|account| account.active)
        });
    let Some(beneficiary) = beneficiary else {
        return Err(Refusal::field(
            "beneficiary_account_number",
            "The selected beneficiary account number is invalid.",
        ));
    };
    if amount > world.available(remitter) {
        return Err(Refusal::field(
            "amount",
            "The amount exceeds the available balance.",
        ));
    }
    let row = world.transfer(remitter, beneficiary, amount, merchant_ref_no);
    let transfer = world.transfers.get(row).ok_or(Refusal::Bare(500))?;
    Ok(view(world, transfer).into())
}

fn view(world: &World, transfer: &AccountTransfer) -> Value {
    let party = |row: u64, balance_after: i64| {
        let account = world.accounts.get(row);
        json!({
            "account_id": account.map(|a| &a.id),
            "account_name": account.map(|a| &a.name),
            "account_number": account.map(|a| &a.number),
            "balance_after": balance_after.to_string(),
        })
    };
    json!({
        "transaction_id": transfer.transaction_id,
        "merchant_ref_no": transfer.merchant_ref_no,
        "status": "success",
        "amount": {"currency": "IDR", "value": transfer.amount.to_string()},
        "remitter": party(transfer.remitter, transfer.remitter_after),
        "beneficiary": party(transfer.beneficiary, transfer.beneficiary_after),
        "processed_timestamp": wire_time::millis(transfer.at),
        "created_at": wire_time::millis(transfer.at),
    })
}
