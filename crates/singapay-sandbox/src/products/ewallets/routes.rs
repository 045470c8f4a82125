//! E-wallet money in.

use super::{
    checkout,
    record::EwalletPayment,
    view::{shown, view},
};
use crate::{
    http::{
        call::Call,
        filter::Filter,
        list::{page, per_page},
        operation::{Answer, Operation},
        refusal::Refusal,
    },
    state::World,
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::v1(
        "create_ewallet_checkout",
        "POST",
        "/api/v1.0/ewallet-native/{account_id}/create-checkout",
        checkout::create_v1,
    ),
    Operation::v2(
        "create_ewallet_order",
        "POST",
        "/api/v2.0/ewallet-native/create-order",
        "Successfully",
        checkout::create_v2,
    ),
    Operation::v1(
        "list_ewallet_transactions",
        "GET",
        "/api/v1.0/ewallet-native-transactions/{account_id}",
        list,
    ),
    Operation::v1(
        "get_ewallet_transaction",
        "GET",
        "/api/v1.0/ewallet-native-transactions/{account_id}/{transaction_id}",
        show,
    ),
    Operation::v1(
        "get_ewallet_status",
        "GET",
        "/api/v1.0/ewallet-native/{account_id}/inquiry-status/{id}",
        inquire,
    ),
];

fn list(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let filter = Filter(call);
    let mut rows: Vec<(u64, &EwalletPayment)> = world
        .ewallet_payments
        .iter()
        .filter(|(_, payment)| payment.account == account && takes(&filter, world, payment))
        .collect();
    if call.query("sort_by") == Some("expired_at") {
        rows.sort_by_key(|(_, payment)| payment.expired_at);
        filter.direct(&mut rows);
    } else {
        filter.sort(&mut rows, |(_, payment)| payment.amount);
    }
    Ok(page(world, call, rows, per_page(call), |(row, payment)| {
        view(world, row, payment)
    }))
}

fn takes(filter: &Filter<'_>, world: &World, payment: &EwalletPayment) -> bool {
    let settlement = world.collections.settled(&payment.reff_no);
    Filter::reaches(world.now, payment.created_at)
        && filter.part("reff_no", &payment.reff_no)
        && filter.exactly("status", &payment.status)
        && filter.exactly("ewallet_vendor", &payment.vendor)
        && filter.amount("amount", payment.amount)
        && filter.flag("has_settle", settlement.is_some())
        // Nothing is reconciled here.
        && filter.flag("has_recon", false)
        && filter.within("settle_at", settlement.map(|c| c.settle_at))
        && filter.within("created_at", Some(payment.created_at))
        && filter.within("expired_at", Some(payment.expired_at))
}

fn show(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let row = named(world, call, "transaction_id")?;
    shown(world, row)
}

/// A read that writes: the gateway asks the wallet, and runs the payment when it hears of one.
fn inquire(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let row = named(world, call, "id")?;
    world.ask_wallet(row);
    shown(world, row)
}

/// The payment in the path, by its number, which must be the account's.
fn named(world: &World, call: &Call, parameter: &str) -> Result<u64, Refusal> {
    let account = call.account(world)?;
    let row = call.param(parameter).parse().ok();
    row.filter(|row| {
        let payment = world.ewallet_payments.get(*row);
        payment.is_some_and(|payment| payment.account == account)
    })
    .ok_or_else(|| Refusal::v1(404, "E-Wallet Transaction not found"))
}
