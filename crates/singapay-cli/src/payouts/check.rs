//! The check of a whole file, before anything is stored.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use singapay::{Clock, PayoutError, PayoutState, SystemClock};

use super::{
    args::Run,
    desk::Desk,
    failure::Failure,
    file::{Problem, Row},
};

/// Rows that are looked up in the store at once.
const AT_ONCE: usize = 16;

/// What this run can still do with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Not stored yet: it is stored and sent.
    New,
    /// Stored by an earlier run and not sent, or proven never to have arrived: it is sent.
    Unsent,
    /// Nobody knows whether it arrived: it is asked about, and sent if it is proven that it did not.
    Unsure,
    /// Waits for a second person: it is not sent.
    NeedsApproval,
    /// It is not sent any more.
    Settled,
}

impl Standing {
    fn of(state: PayoutState) -> Self {
        match state {
            PayoutState::Stored | PayoutState::Absent => Self::Unsent,
            PayoutState::Sending | PayoutState::Unknown => Self::Unsure,
            PayoutState::NeedsApproval => Self::NeedsApproval,
            PayoutState::Accepted
            | PayoutState::Refusing
            | PayoutState::NeedsPerson
            | PayoutState::Paid
            | PayoutState::Failed
            | PayoutState::Refused
            | PayoutState::Abandoned => Self::Settled,
            // A state that is not known here may send.
            _ => Self::Unsure,
        }
    }
}

/// The standing of each row, or all problems.
pub(crate) async fn check(
    args: &Run,
    desk: &Desk,
    rows: &[Row],
    mut problems: Vec<Problem>,
) -> Result<Vec<Standing>, Failure> {
    let looks = rows.iter().map(|row| look(desk, row));
    let looks: Vec<_> = stream::iter(looks).buffered(AT_ONCE).collect().await;
    let day = SystemClock
        .now()
        .plus(Duration::from_secs(7 * 3600))
        .to_string();
    let mut used = desk
        .flow
        .store()
        .used(day.get(..10).unwrap_or(&day), "all")
        .await?;
    let mut standings = Vec::new();
    for (row, look) in rows.iter().zip(looks) {
        let (standing, refusals) = look?;
        let is_new = standing == Standing::New;
        if let (Some(most), Some(amount)) = (args.max_amount, row.amount)
            && amount.value() > most
        {
            let text = format!("is above the limit of {most} rupiah");
            problems.push(Problem::new(row.line, "amount", text));
        }
        if let (true, Some(most), Some(amount)) = (is_new, args.max_per_day, row.amount) {
            used = used.saturating_add(
                amount
                    .value()
                    .saturating_add(args.max_fee.unwrap_or_default()),
            );
            if used > most {
                let text = "is with its fee, all rows before it and what was paid today above the limit of a day";
                problems.push(Problem::new(row.line, "amount", text));
            }
        }
        for refusal in &refusals {
            tell(row, refusal, &mut problems);
        }
        standings.push(standing);
    }
    if problems.is_empty() {
        return Ok(standings);
    }
    problems.sort_by_key(|problem| problem.line);
    Err(Failure::Problems(problems))
}

async fn look(desk: &Desk, row: &Row) -> Result<(Standing, Vec<PayoutError>), Failure> {
    let standing = match desk.flow.get(row.reference()).await {
        Ok(record) => Standing::of(record.state),
        Err(PayoutError::NotFound) => Standing::New,
        Err(error) => return Err(error.into()),
    };
    match desk.check(row).await {
        Ok(refusals) => Ok((standing, refusals)),
        Err(PayoutError::Store(error)) => Err(error.into()),
        Err(refusal) => Ok((standing, vec![refusal])),
    }
}

/// Adds what is not told about the column already.
fn tell(row: &Row, refusal: &PayoutError, problems: &mut Vec<Problem>) {
    let fields = match refusal {
        PayoutError::Request(error) => error.field_errors(),
        PayoutError::Limits(fields) => fields,
        // The sum of the day is told by row.
        PayoutError::OverLimit(_) => return,
        _ => &[],
    };
    if fields.is_empty() {
        problems.push(Problem::new(row.line, "", refusal.to_string()));
    }
    for field in fields {
        let column = match field.field.split('.').next().unwrap_or_default() {
            "reference_number" | "merchant_ref_no" => "reference",
            column => column,
        };
        let is_told = |told: &Problem| told.line == row.line && told.column == column;
        if !problems.iter().any(is_told) {
            problems.push(Problem::new(row.line, column, field.messages.join(", ")));
        }
    }
}
