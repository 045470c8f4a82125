//! QRIS money out.

use super::{acquirer, merchant};
use crate::{
    http::{
        call::Call,
        operation::{Answer, Operation, SignatureFailure},
        refusal::Refusal,
        validate::Fields,
    },
    payouts::{NewPayout, PayoutOutcome, PayoutView, Target, accept, payout_view},
    products::qris::data,
    state::World,
};

const SUCCESS: &str = "Successful";

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::v2(
        "inquire_qris_merchant",
        "POST",
        "/api/v2.0/qris/issuer/mpm/inquiry-merchant",
        SUCCESS,
        inquire,
    ),
    Operation::v2(
        "pay_qris",
        "POST",
        "/api/v2.0/qris/issuer/mpm/payment-credit",
        SUCCESS,
        pay,
    )
    .signed(SignatureFailure::Listed),
    Operation::v2(
        "get_qris_status",
        "POST",
        "/api/v2.0/qris/status/{account_id}",
        SUCCESS,
        status,
    ),
];

const MISMATCH: &str = "amount inside 'qr_data' and 'amount' request param does not match";

fn inquire(_: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(&call.body);
    let qr_data = fields.text("qr_data", 500);
    let merchant = merchant::read(&qr_data);
    if merchant.is_none() && !qr_data.is_empty() {
        fields.bad_format("qr_data");
    }
    fields.finish()?;
    merchant.map(Answer::from).ok_or(Refusal::Bare(500))
}

fn pay(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let mut fields = Fields::of(&call.body);
    let account_id = fields.text("account_id", 99);
    let reference = fields.text("reference_number", 64);
    let amount = fields.integer("amount", 1_000, 10_000_000);
    let qr_data = fields.text("qr_data", 500);
    if !qr_data.is_empty() && !qr_data.starts_with("000201") {
        fields.bad_format("qr_data");
    }
    fields.text("customer_name", 100);
    fields.optional_text("customer_email", 100);
    fields.optional_text("customer_phone", 50);
    fields.optional_text("customer_location", 100);
    fields.finish()?;
    if data::amount(&qr_data).is_some_and(|inside| inside != Ok(amount)) {
        return Err(Refusal::field("amount", MISMATCH));
    }

    let account = call.own(world, &account_id)?;
    if world
        .payout_by_reference("qris", account, &reference)
        .is_some()
    {
        return Err(Refusal::duplicate_reference());
    }
    if world.settings.quirks.qris_not_provisioned {
        return Err(Refusal::code(500, "SP019", "General Error"));
    }
    let fee = world.settings.fees.qris_payout;
    if world.available(account) < amount + fee {
        return Err(Refusal::insufficient_balance());
    }
    let kind = data::kind(&qr_data).to_owned();
    let delay = world.settings.delays.payout;
    let new = NewPayout {
        account,
        reference,
        net: amount,
        fee,
        notes: None,
        target: Target::Qris { qr_data, kind },
        outcome: PayoutOutcome::Success,
        delay,
    };
    accept(world, new)
}

fn status(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let mut fields = Fields::of(&call.body);
    let reference = fields.text("reference_number", 64);
    let scope = fields.text("scope", 20);
    if !scope.is_empty() && !["issuer", "acquirer"].contains(&scope.as_str()) {
        fields.invalid("scope");
    }
    // Documented as required, not needed live.
    let kind = fields.optional_text("type", 20);
    if kind
        .as_deref()
        .is_some_and(|k| !["mpm-static", "mpm-dynamic", "cpm"].contains(&k))
    {
        fields.invalid("type");
    }
    fields.finish()?;
    let found = if scope == "acquirer" {
        acquirer::paid(world, account, &reference)
    } else {
        let payout = world.payout_by_reference("qris", account, &reference);
        payout.map(|payout| payout_view(payout, PayoutView::Inquiry, &world.settings))
    };
    found
        .map(Answer::from)
        .ok_or_else(Refusal::transaction_not_found)
}
