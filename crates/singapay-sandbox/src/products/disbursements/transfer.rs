//! The transfer itself, in both versions.

use super::{
    fields::{LARGEST, SMALLEST, account_number, bank_by_code, bank_by_swift},
    outcome,
};
use crate::{
    banks::Bank,
    http::{call::Call, operation::Answer, refusal::Refusal, validate::Fields},
    payouts::{NewPayout, PayoutStatus, PayoutView, Target, bank_record, payout_view},
    sample_names,
    state::World,
};

pub(super) fn v2(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(&call.body);
    let account_id = fields.text("account_id", 50);
    let reference = fields.text("reference_number", 64);
    let bank = bank_by_code(&mut fields);
    let number = account_number(&mut fields, 30);
    let amount = fields.integer("amount", SMALLEST, LARGEST);
    let notes = fields.optional_text("notes", 100);
    fields.finish()?;
    let Some(bank) = bank else {
        return Err(Refusal::Bare(500));
    };
    let account = call.own(world, &account_id)?;
    if world
        .payout_by_reference("disbursement", account, &reference)
        .is_some()
    {
        return Err(Refusal::duplicate_reference());
    }
    let gross = amount + world.settings.fees.disbursement;
    if world.available(account) < gross {
        return Err(Refusal::insufficient_balance());
    }
    let row = accept(world, account, reference, bank, number, amount, notes);
    let payout = world.payouts.get(row).ok_or(Refusal::Bare(500))?;
    let data = payout_view(payout, PayoutView::Created, &world.settings);
    if payout.status == PayoutStatus::Failed {
        // The refusal carries the transaction.
        let message = "Transaction Failure".to_owned();
        return Err(Refusal::Code {
            http: 400,
            code: "SP001",
            message,
            data,
        });
    }
    Ok(data.into())
}

/// Legacy: SWIFT codes only, shorter limits, HTTP statuses instead of codes.
pub(super) fn v1(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let mut fields = Fields::of(&call.body);
    let reference = fields.text("reference_number", 64);
    let bank = bank_by_swift(&mut fields);
    let number = account_number(&mut fields, 20);
    let amount = fields.integer("amount", SMALLEST, LARGEST);
    let notes = fields.optional_text("notes", 50);
    fields.finish()?;
    let Some(bank) = bank else {
        return Err(Refusal::Bare(500));
    };
    if world
        .payout_by_reference("disbursement", account, &reference)
        .is_some()
    {
        return Err(Refusal::v1(409, "Duplicate Reference Number"));
    }
    let gross = amount + world.settings.fees.disbursement;
    if world.available(account) < gross {
        return Err(Refusal::v1(403, "Insufficient Balance"));
    }
    let row = accept(world, account, reference, bank, number, amount, notes);
    let payout = world.payouts.get(row).ok_or(Refusal::Bare(500))?;
    let http = match payout.status {
        PayoutStatus::Success => 200,
        PayoutStatus::Pending => 202,
        PayoutStatus::Failed => return Err(Refusal::v1(500, "Transaction Failure")),
    };
    Ok(Answer {
        http,
        data: bank_record(payout),
        beside: Vec::new(),
    })
}

fn accept(
    world: &mut World,
    account: u64,
    reference: String,
    bank: &Bank,
    account_number: String,
    net: i64,
    notes: Option<String>,
) -> u64 {
    let (outcome, delay) = outcome::decide(bank, &account_number, &world.settings);
    world.accept_payout(NewPayout {
        account,
        reference,
        net,
        fee: world.settings.fees.disbursement,
        notes,
        target: Target::Bank {
            code: bank.code.to_owned(),
            short_name: bank.short_name.to_owned(),
            account_name: sample_names::holder(&account_number),
            account_number,
        },
        outcome,
        delay,
    })
}
