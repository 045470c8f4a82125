//! Reads of transfers.

use std::time::Duration;

use crate::{
    http::{
        call::Call,
        list::{PAGE, page},
        operation::Answer,
        refusal::Refusal,
        validate::Fields,
    },
    payouts::{PayoutView, Target, bank_record, payout_view},
    state::World,
};

/// Reach of the list.
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

/// Transfers of both versions, newest first.
pub(super) fn list(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let rows: Vec<_> = world
        .payouts
        .values()
        .rev()
        .filter(|p| p.account == account && matches!(p.target, Target::Bank { .. }))
        .take_while(|payout| world.now.since(payout.posted_at) <= YEAR)
        .collect();
    Ok(page(world, call, rows, PAGE, bank_record))
}

pub(super) fn show(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let found = world
        .payouts
        .find(&format!("id:{}", call.param("transaction_id")))
        .filter(|p| p.account == account && matches!(p.target, Target::Bank { .. }));
    found
        .map(|payout| bank_record(payout).into())
        .ok_or_else(|| Refusal::v1(404, "Disbursement Transaction not found"))
}

/// SP000 also for a transfer that failed: the status tells.
pub(super) fn status(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let mut fields = Fields::of(&call.body);
    let reference = fields.text("reference_number", 64);
    fields.finish()?;
    let payout = world
        .payout_by_reference("disbursement", account, &reference)
        .ok_or_else(Refusal::transaction_not_found)?;
    Ok(payout_view(payout, PayoutView::Inquiry, &world.settings).into())
}
