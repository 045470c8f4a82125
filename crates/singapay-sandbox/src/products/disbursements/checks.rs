//! Questions before a transfer: what it costs, and whose account it is.

use serde_json::json;

use super::fields::{LARGEST, SMALLEST, account_number, bank_by_code, bank_by_swift};
use crate::{
    http::{call::Call, operation::Answer, refusal::Refusal, validate::Fields},
    sample_names,
    state::World,
};

/// Account numbers that no bank knows begin with this; the sandbox's own convention.
const UNKNOWN_ACCOUNT: &str = "0000";

/// Bare strings, not money objects.
pub(super) fn fee(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let mut fields = Fields::of(&call.body);
    let bank = bank_by_swift(&mut fields);
    let amount = fields.integer("amount", SMALLEST, LARGEST);
    fields.finish()?;
    let Some(bank) = bank else {
        return Err(Refusal::Bare(500));
    };
    let fee = world.settings.fees.disbursement;
    if world.available(account) < amount + fee {
        return Err(Refusal::v1(400, "Insufficient Balance"));
    }
    Ok(json!({
        "gross_amount": format!("{}.00", amount + fee),
        "transfer_fee": format!("{fee}.00"),
        "net_amount": format!("{amount}.00"),
        "currency": "IDR",
        "beneficiary": {"full_name": bank.full_name, "short_name": bank.short_name},
    })
    .into())
}

pub(super) fn beneficiary_v1(_: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(&call.body);
    let bank = bank_by_swift(&mut fields);
    let number = account_number(&mut fields, 30);
    fields.finish()?;
    let Some(bank) = bank else {
        return Err(Refusal::Bare(500));
    };
    let known = !number.starts_with(UNKNOWN_ACCOUNT);
    Ok(json!({
        "status": if known { "valid" } else { "invalid" },
        "bank_name": bank.short_name,
        "bank_number_code": bank.code,
        "bank_swift_code": bank.swift,
        "bank_account_number": number,
        "bank_account_name": if known { sample_names::holder(&number) } else { String::new() },
    })
    .into())
}

pub(super) fn beneficiary_v2(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(&call.body);
    let bank = bank_by_code(&mut fields);
    let number = account_number(&mut fields, 30);
    fields.finish()?;
    let Some(bank) = bank else {
        return Err(Refusal::Bare(500));
    };
    let quirks = &world.settings.quirks;
    let known = !number.starts_with(UNKNOWN_ACCOUNT);
    let as_answer = known || quirks.invalid_beneficiary_is_an_answer;
    if quirks.check_beneficiary_v2_not_found || !as_answer {
        return Err(Refusal::code(404, "SP014", "Not Found"));
    }
    Ok(json!({
        "bank_code": call.body.get("bank_code"),
        "bank_account_number": number,
        "status": if known { "valid" } else { "invalid" },
        "bank_account_name": if known { sample_names::holder(&number) } else { String::new() },
        "bank_name": bank.short_name,
        "message": (!known).then_some("Invalid account:Account inactive"),
    })
    .into())
}
