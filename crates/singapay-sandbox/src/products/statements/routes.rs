//! Statements: the rows that make up a balance.

use serde_json::{Value, json};

use crate::{
    http::{
        call::Call,
        list::{page, per_page},
        operation::{Answer, Operation},
        refusal::Refusal,
    },
    state::{Entry, World},
    wire_time::{self, At},
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::v1(
        "list_statements",
        "GET",
        "/api/v1.0/statements/{account_id}",
        list,
    ),
    Operation::v1(
        "get_statement",
        "GET",
        "/api/v1.0/statements/{account_id}/{statement_id}",
        show,
    ),
];

const DAY_MILLIS: i64 = 24 * 3600 * 1000;

fn list(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let (first, last) = wire_time::month_of(world.now);
    let start = date(call, "start_date")?.unwrap_or(first);
    let end = date(call, "end_date")?.unwrap_or(last);
    if end.0 - start.0 > 366 * DAY_MILLIS {
        return Err(Refusal::field(
            "end_date",
            "The date range must not exceed one year.",
        ));
    }
    let within = start..At(end.0 + DAY_MILLIS);
    let rows: Vec<&Entry> = world
        .entries
        .values()
        .rev()
        .filter(|entry| entry.account == account && within.contains(&entry.at))
        .collect();
    let mut answer = page(world, call, rows, per_page(call), view);
    let range = json!({"start_date": wire_time::date(start), "end_date": wire_time::date(end)});
    answer.beside.push(("additional_info", range));
    Ok(answer)
}

/// By transaction id; of several rows that share it, the first.
fn show(world: &mut World, call: &Call) -> Result<Answer, Refusal> {
    let account = call.account(world)?;
    let wanted = call.param("statement_id");
    let found = world
        .entries
        .values()
        .find(|e| e.account == account && e.transaction_id == wanted);
    found
        .map(|entry| view(entry).into())
        .ok_or_else(|| Refusal::v1(404, "Statement not found"))
}

fn date(call: &Call, name: &str) -> Result<Option<At>, Refusal> {
    let Some(text) = call.query(name) else {
        return Ok(None);
    };
    match wire_time::parse_date(text) {
        Some(at) => Ok(Some(at)),
        None => {
            let label = name.replace('_', " ");
            Err(Refusal::field(
                name,
                &format!("The {label} field must be a valid date."),
            ))
        }
    }
}

fn view(entry: &Entry) -> Value {
    json!({
        "transaction_id": entry.transaction_id,
        "merchant_reff_no": entry.merchant_reff_no,
        "type": if entry.credit > 0 { "credit" } else { "debit" },
        "kind": entry.kind,
        "balance_after": amount(entry.balance_after),
        "debit": amount(entry.debit),
        "credit": amount(entry.credit),
        "processed_timestamp": wire_time::millis(entry.at),
    })
}

/// An integer, but a string when it is zero: both in the same row (seen live).
fn amount(rupiah: i64) -> Value {
    match rupiah {
        0 => json!({"value": "0.00", "currency": "IDR"}),
        _ => json!({"value": rupiah, "currency": "IDR"}),
    }
}
