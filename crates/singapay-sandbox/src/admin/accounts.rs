//! Accounts with their balances, and what moved them.

use axum::{
    Json,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ask, refuse};
use crate::{
    app::App,
    state::{Account, Entry, World},
};

/// Rows of all statements that one question looks at.
const SCANNED: usize = 10_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    /// Accounts after this row.
    #[serde(default)]
    after: u64,
    limit: Option<usize>,
}

#[derive(Serialize)]
struct Told<'a> {
    row: u64,
    id: &'a str,
    number: &'a str,
    name: &'a str,
    account_type: &'a str,
    active: bool,
    kyb_status: Option<&'a str>,
    credential: Option<&'a str>,
    available: i64,
    pending: i64,
    held: i64,
}

#[derive(Serialize)]
struct ToldEntry<'a> {
    row: u64,
    at_millis: i64,
    transaction_id: &'a str,
    reference: Option<&'a str>,
    kind: &'a str,
    debit: i64,
    credit: i64,
    balance_after: i64,
}

pub(super) async fn accounts(State(app): State<App>, Query(page): Query<Page>) -> Json<Value> {
    Json(app.store.run(|world| {
        let rows = world.accounts.iter_from(page.after.saturating_add(1));
        let rows = rows.take(ask::rows(page.limit));
        json!(
            rows.map(|(row, account)| tell(world, row, account))
                .collect::<Vec<_>>()
        )
    }))
}

fn tell<'a>(world: &'a World, row: u64, account: &'a Account) -> Told<'a> {
    let credential = world.credential_of(row);
    let credential = credential.and_then(|row| world.credentials.get(row));
    Told {
        row,
        id: &account.id,
        number: &account.number,
        name: &account.name,
        account_type: &account.account_type,
        active: account.active,
        kyb_status: account.kyb_status.as_deref(),
        credential: credential.map(|credential| credential.name.as_str()),
        available: account.available,
        pending: account.pending,
        held: account.held,
    }
}

/// The newest rows of a statement, oldest first. `last` is the newest row of all statements, to ask
/// what came after it.
pub(super) async fn statement(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(page): Query<Page>,
) -> Response {
    let told = app.store.run(|world| {
        let account = world.accounts.row_of(&id)?;
        let newest = world.entries.iter().rev().take(SCANNED);
        let newer = newest.take_while(|(row, _)| *row > page.after);
        let mut rows: Vec<ToldEntry<'_>> = newer
            .filter(|(_, entry)| entry.account == account)
            .take(ask::rows(page.limit))
            .map(|(row, entry)| tell_entry(row, entry))
            .collect();
        rows.reverse();
        let last = world.entries.iter().next_back().map_or(0, |(row, _)| row);
        Some(json!({"last": last, "entries": rows}))
    });
    match told {
        Some(told) => Json(told).into_response(),
        None => refuse(StatusCode::NOT_FOUND, "no such account"),
    }
}

fn tell_entry(row: u64, entry: &Entry) -> ToldEntry<'_> {
    ToldEntry {
        row,
        at_millis: entry.at.0,
        transaction_id: &entry.transaction_id,
        reference: entry.merchant_reff_no.as_deref(),
        kind: &entry.kind,
        debit: entry.debit,
        credit: entry.credit,
        balance_after: entry.balance_after,
    }
}
