//! `singapay payouts status`.

use std::io::{Result as Written, Write};

use serde_json::json;
use singapay::{PayoutError, PayoutRecord, PayoutState};

use super::{
    args::Status,
    facts::{self, Facts},
    failure::Failure,
    file,
    report::{End, Line, Summary},
    store::{self, Missing, Store},
};
use crate::terminal::printable;

/// Rows that are read from the store at once.
const PAGE: u32 = 500;

pub(crate) async fn status(args: Status, json: bool) -> Result<u8, Failure> {
    let store = store::open(&args.store.url, Missing::Refuse).await?;
    let closed = |_| Failure::Unusable("standard output is closed".to_owned());
    if let Some(reference) = &args.reference {
        let record = store.get(reference).await?.ok_or(PayoutError::NotFound)?;
        one(&store, &record, json).await?.map_err(closed)?;
        return Ok(Summary::of(&[Line::of(None, &record)]).status());
    }
    let lines = match &args.file {
        Some(path) => of_file(&store, path).await?,
        None => not_final(&store).await?,
    };
    let summary = Summary::of(&lines);
    print(&lines, &summary, args.file.is_some(), json).map_err(closed)?;
    Ok(summary.status())
}

/// A payout and its steps.
async fn one(store: &Store, record: &PayoutRecord, json: bool) -> Result<Written<()>, Failure> {
    let line = Line::of(None, record);
    let facts = Facts::of(&record.facts);
    let steps = store.history(&record.reference).await?;
    let by = &record.facts.submitted_by;
    let approved_by = record.progress.approval.as_ref().map(|it| &it.by);
    let to = &mut std::io::stdout().lock();
    if json {
        let steps: Vec<_> = steps
            .iter()
            .map(|step| json!({"state": step.state, "at": step.at.to_string(), "reason": step.reason}))
            .collect();
        return Ok(writeln!(
            to,
            "{}",
            json!({
                "payout": line, "facts": facts, "steps": steps,
                "submitted_by": by, "approved_by": approved_by,
            })
        ));
    }
    Ok(one_line(to, &line).and_then(|()| {
        writeln!(to, "  {facts}")?;
        for (what, who) in [("submitted", by.as_ref()), ("approved", approved_by)] {
            if let Some(who) = who {
                writeln!(to, "  {what} by {}", printable(who))?;
            }
        }
        steps.iter().try_for_each(|step| {
            let reason = step.reason.as_deref().unwrap_or_default();
            writeln!(to, "  {}  {:<15} {reason}", step.at, step.state.as_str())
        })
    }))
}

async fn of_file(store: &Store, path: &std::path::Path) -> Result<Vec<Line>, Failure> {
    let (rows, problems) = file::read(path)?;
    if !problems.is_empty() {
        return Err(Failure::Problems(problems));
    }
    let mut lines = Vec::new();
    for row in &rows {
        lines.push(match store.get(row.reference()).await? {
            Some(record) => match &*facts::differences(row, &record.facts) {
                [] => Line::of(Some(row.line), &record),
                columns => Line::differing(row, &record, columns),
            },
            None => Line::not_stored(row, End::Open, "it is not stored".to_owned()),
        });
    }
    Ok(lines)
}

async fn not_final(store: &Store) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    for state in PayoutState::ALL
        .into_iter()
        .filter(|state| !state.is_final())
    {
        let mut after = String::new();
        loop {
            let page = store.in_state(state, &after, PAGE).await?;
            lines.extend(page.iter().map(|record| Line::of(None, record)));
            match page.last() {
                Some(last) if page.len() == PAGE as usize => after.clone_from(&last.reference),
                _ => break,
            }
        }
    }
    Ok(lines)
}

fn print(lines: &[Line], summary: &Summary, of_file: bool, json: bool) -> Written<()> {
    let to = &mut std::io::stdout().lock();
    if json {
        return writeln!(to, "{}", json!({"payouts": lines, "summary": summary}));
    }
    let is_told = |line: &&Line| line.end != End::Paid;
    lines
        .iter()
        .filter(is_told)
        .try_for_each(|line| one_line(to, line))?;
    match of_file {
        true => summary.print(to, false),
        false => writeln!(
            to,
            "{} open, {} need a person",
            summary.open, summary.needs_person
        ),
    }
}

fn one_line(to: &mut impl Write, line: &Line) -> Written<()> {
    let amount = line
        .amount
        .map_or_else(|| "?".to_owned(), super::report::grouped);
    let reason = line.reason.as_deref().unwrap_or_default();
    let reference = printable(&line.reference);
    let (state, advice) = (line.state, line.advice);
    writeln!(
        to,
        "{reference}  {state}  {amount} rupiah  {reason}\n  {advice}"
    )
}
