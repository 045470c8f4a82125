//! Attempts to pay a link.

use serde_json::{Map, Value, json};

use super::record::LinkAttempt;
use crate::{
    http::{
        call::Call,
        filter::Filter,
        list::{page, per_page},
        operation::{Answer, Operation},
        refusal::Refusal,
    },
    products::payment_links::record::METHODS,
    state::World,
    wire_time,
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::v1(
        "list_payment_link_histories",
        "GET",
        "/api/v1.0/payment-link-histories/{account_id}",
        list,
    ),
    Operation::v1(
        "get_payment_link_history",
        "GET",
        "/api/v1.0/payment-link-histories/{account_id}/{history_id}",
        show,
    ),
];

fn list(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let filter = Filter(call);
    let mut rows: Vec<(u64, &LinkAttempt)> = world
        .attempts
        .iter()
        .filter(|(_, attempt)| attempt.account == account && takes(&filter, world, attempt))
        .collect();
    if call.query("sort_by") == Some("payment_date") {
        rows.sort_by_key(|(_, attempt)| attempt.payment_date);
        filter.direct(&mut rows);
    } else {
        filter.sort(&mut rows, |(_, attempt)| attempt.amount);
    }
    Ok(page(world, call, rows, per_page(call), |(row, attempt)| {
        view(world, row, attempt)
    }))
}

fn show(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let id = call.param("history_id");
    let row = id.parse().ok();
    let found = row.and_then(|row| Some((row, world.attempts.get(row)?)));
    match found.filter(|(_, attempt)| attempt.account == account) {
        Some((row, attempt)) => Ok(view(world, row, attempt).into()),
        // The words of the live gateway.
        None => Err(Refusal::v1(
            404,
            format!(
                "No result for account_id: {} with history_id: {id}",
                call.param("account_id")
            ),
        )),
    }
}

fn view(world: &World, row: u64, attempt: &LinkAttempt) -> Value {
    let link = world.links.get(attempt.link);
    let settlement = world.collections.settled(&attempt.reff_no);
    let expired = attempt.expired_at <= world.now;
    let computed = match attempt.status.as_str() {
        "pending" if expired => "expired",
        other => other,
    };
    json!({
        "id": row,
        "reff_no": attempt.reff_no,
        "payment_link_reff_no": link.map(|link| &link.reff_no),
        "payment_method_name": method_name(attempt),
        "payment_method_value": attempt.method_value,
        "payment_method_additional": attempt.additional,
        "expired_at": wire_time::iso(attempt.expired_at),
        "amount": format!("{}.00", attempt.amount),
        "payment_date": attempt.payment_date.map(wire_time::iso),
        "balance_after": attempt.balance_after.map(|rupiah| format!("{rupiah}.00")),
        "status": attempt.status,
        "status_computed": computed,
        "is_expired": expired,
        "customer_name": attempt.customer.name,
        "customer_email": attempt.customer.email,
        "customer_phone": attempt.customer.phone,
        "ip_address": "127.0.0.1",
        "locations": world.settings.quirks.map(Map::new()),
        "processed_timestamp": attempt.payment_date.map(wire_time::iso),
        "has_settle": settlement.is_some(),
        "settle_at": settlement.map(|c| wire_time::iso(c.settle_at)),
        "optional_metadata": world.settings.quirks.map(Map::new()),
        "created_at": wire_time::iso(attempt.created_at),
        "updated_at": wire_time::iso(attempt.updated_at),
    })
}

fn method_name(attempt: &LinkAttempt) -> &'static str {
    METHODS
        .iter()
        .find(|(code, _, _)| *code == attempt.method)
        .map_or("", |(_, name, _)| name)
}

/// True when the query asks for this attempt.
fn takes(filter: &Filter<'_>, world: &World, attempt: &LinkAttempt) -> bool {
    let settlement = world.collections.settled(&attempt.reff_no);
    // Looks at the attempt's own reference only, never at the link's (seen live).
    filter.part("reff_no", &attempt.reff_no)
        && filter.part("payment_method_name", method_name(attempt))
        && filter.part("payment_method_value", &attempt.method_value)
        && filter.exactly("status", &attempt.status)
        && filter.flag("has_settle", settlement.is_some())
        && filter.amount("amount", attempt.amount)
        && filter.within("created_at", Some(attempt.created_at))
        && filter.within("payment_date", attempt.payment_date)
        && filter.within("processed_timestamp", attempt.payment_date)
        && filter.within("settle_at", settlement.map(|c| c.settle_at))
}
