//! E-wallet money out.

use std::time::Duration;

use serde_json::json;

use super::fields::{LARGEST, WALLETS, customer_number, may_stand_in_notes, wallet_amount};
use crate::{
    http::{
        call::Call,
        operation::{Answer, Operation, SignatureFailure},
        refusal::Refusal,
        validate::Fields,
    },
    payouts::{NewPayout, PayoutOutcome, PayoutView, Target, accept, payout_view},
    sample_names,
    state::World,
    wire_money::money,
};

const SUCCESS: &str = "Successful";

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::v2(
        "inquire_ewallet_account",
        "POST",
        "/api/v2.0/ewallet/account-inquiry",
        SUCCESS,
        inquire,
    ),
    Operation::v2(
        "topup_ewallet",
        "POST",
        "/api/v2.0/ewallet/trigger-topup",
        SUCCESS,
        topup,
    )
    .signed(SignatureFailure::Internal),
    Operation::v2(
        "get_ewallet_topup_status",
        "POST",
        "/api/v2.0/ewallet/{account_id}/inquiry-status",
        SUCCESS,
        status,
    ),
];

/// The wallet of the documentation, which the real sandbox cannot reach.
const DOCUMENTED_WALLET: &str = "085733347341";
/// Time for which a reference is remembered.
const REFERENCE_WINDOW: Duration = Duration::from_secs(24 * 3600);

/// The same checks as the top-up, and what it would cost.
fn inquire(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(&call.body);
    let account_id = fields.text("account_id", 64);
    let code = fields.text("ewallet_code", 20);
    let customer_number = customer_number(&mut fields);
    let amount = wallet_amount(&mut fields, &code);
    fields.finish()?;
    call.own(world, &account_id)?;
    reachable(world, &customer_number)?;
    let fee = world.settings.fees.ewallet_topup;
    let least = WALLETS
        .iter()
        .find(|(name, _)| *name == code)
        .map_or(0, |(_, least)| *least);
    Ok(json!({
        "ewallet_code": code,
        "customer_name": sample_names::holder(&customer_number),
        "customer_number": customer_number,
        "min_amount": money(least),
        "max_amount": money(LARGEST),
        "amount": money(amount),
        "fee_amount": money(fee),
        "gross_amount": money(amount + fee),
    })
    .into())
}

/// Numbers that begin with 0899 have no wallet; the sandbox's own convention.
fn reachable(world: &World, customer_number: &str) -> Result<(), Refusal> {
    let quirk = world.settings.quirks.documented_wallet_unreachable;
    if customer_number.starts_with("0899") || (quirk && customer_number == DOCUMENTED_WALLET) {
        return Err(Refusal::code(404, "SP010", "Beneficiary Account Not Found"));
    }
    Ok(())
}

fn topup(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(&call.body);
    let account_id = fields.text("account_id", 64);
    let reference = fields.text("reference_number", 64);
    let code = fields.text("ewallet_code", 20);
    let customer_number = customer_number(&mut fields);
    let notes = fields.optional_text("notes", 50);
    if notes
        .as_deref()
        .is_some_and(|text| !text.chars().all(may_stand_in_notes))
    {
        fields.bad_format("notes");
    }
    let amount = wallet_amount(&mut fields, &code);
    fields.finish()?;

    let account = call.own(world, &account_id)?;
    let earlier = world.payout_by_reference("ewallet", account, &reference);
    if earlier.is_some_and(|p| world.now.since(p.posted_at) < REFERENCE_WINDOW) {
        return Err(Refusal::duplicate_reference());
    }
    reachable(world, &customer_number)?;
    let fee = world.settings.fees.ewallet_topup;
    if world.available(account) < amount + fee {
        return Err(Refusal::insufficient_balance());
    }
    let delay = world.settings.delays.payout;
    let new = NewPayout {
        account,
        reference,
        net: amount,
        fee,
        notes,
        target: Target::Wallet {
            code,
            customer_name: sample_names::holder(&customer_number),
            customer_number,
        },
        outcome: PayoutOutcome::Success,
        delay,
    };
    accept(world, new)
}

fn status(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let mut fields = Fields::of(&call.body);
    let reference = fields.text("reference_number", 64);
    fields.finish()?;
    let payout = world
        .payout_by_reference("ewallet", account, &reference)
        .ok_or_else(Refusal::transaction_not_found)?;
    Ok(payout_view(payout, PayoutView::Inquiry, &world.settings).into())
}
