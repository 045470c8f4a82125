//! Attempts to pay a link (fact sheet 02, section 2).

use serde_json::{Map, Value, json};

use super::{
    super::{
        call::Call,
        list::{paginate, per_page},
        operation::Answer,
        refusal::Refusal,
    },
    view::map,
};
use crate::{
    state::{LinkAttempt, METHODS, World},
    wire_time::{self, At},
};

pub(super) fn list(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let filter = Filter::of(call);
    let mut rows: Vec<(u64, &LinkAttempt)> = world
        .attempts
        .iter()
        .filter(|(_, attempt)| attempt.account == account && filter.takes(world, attempt))
        .collect();
    match call.query("sort_by") {
        Some("amount") => rows.sort_by_key(|(row, attempt)| (attempt.amount, *row)),
        Some("payment_date") => rows.sort_by_key(|(row, attempt)| (attempt.payment_date, *row)),
        _ => {} // rows are in order of id and of creation
    }
    if call.query("sort_order") != Some("asc") {
        rows.reverse();
    }
    let (rows, beside) = paginate(world, call, rows, per_page(call));
    let data = rows
        .into_iter()
        .map(|(row, attempt)| view(world, row, attempt))
        .collect();
    Ok(Answer {
        http: 200,
        data,
        beside,
    })
}

pub(super) fn show(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
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
    let settlement = world.collections.find(&attempt.reff_no);
    let settled = settlement.is_some_and(|collection| collection.settled);
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
        "locations": map(world, &Map::new()),
        "processed_timestamp": attempt.payment_date.map(wire_time::iso),
        "has_settle": settled,
        "settle_at": settlement.filter(|_| settled).map(|c| wire_time::iso(c.settle_at)),
        "optional_metadata": map(world, &Map::new()),
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

/// What the query asks for.
struct Filter<'a> {
    call: &'a Call,
    has_settle: Option<bool>,
    amount: [Option<i64>; 3],
}

impl<'a> Filter<'a> {
    fn of(call: &'a Call) -> Self {
        let rupiah = |name: &str| {
            let text = call.query(name)?;
            text.split('.').next()?.parse().ok()
        };
        let has_settle = call
            .query("has_settle")
            .map(|text| text == "true" || text == "1");
        let amount = [rupiah("amount"), rupiah("amount_min"), rupiah("amount_max")];
        Self {
            call,
            has_settle,
            amount,
        }
    }

    fn takes(&self, world: &World, attempt: &LinkAttempt) -> bool {
        let settlement = world
            .collections
            .find(&attempt.reff_no)
            .filter(|c| c.settled);
        let [exactly, least, most] = self.amount;
        let part = |name: &str, text: &str| {
            self.call
                .query(name)
                .is_none_or(|part| text.to_lowercase().contains(&part.to_lowercase()))
        };
        // Looks at the attempt's own reference only, never at the link's (seen live).
        part("reff_no", &attempt.reff_no)
            && part("payment_method_name", method_name(attempt))
            && part("payment_method_value", &attempt.method_value)
            && self
                .call
                .query("status")
                .is_none_or(|status| status == attempt.status)
            && self
                .has_settle
                .is_none_or(|wanted| wanted == settlement.is_some())
            && exactly.is_none_or(|rupiah| attempt.amount == rupiah)
            && least.is_none_or(|rupiah| attempt.amount >= rupiah)
            && most.is_none_or(|rupiah| attempt.amount <= rupiah)
            && self.within("created_at", Some(attempt.created_at))
            && self.within("payment_date", attempt.payment_date)
            && self.within("processed_timestamp", attempt.payment_date)
            && self.within("settle_at", settlement.map(|c| c.settle_at))
    }

    /// Both ends belong to the range; without a time nothing is within it.
    fn within(&self, name: &str, at: Option<At>) -> bool {
        let bound = |end: &str| {
            self.call
                .query(&format!("{name}_{end}"))
                .and_then(wire_time::parse_any)
        };
        let (from, to) = (bound("from"), bound("to"));
        from.is_none_or(|from| at.is_some_and(|at| at >= from))
            && to.is_none_or(|to| at.is_some_and(|at| at <= to))
    }
}
