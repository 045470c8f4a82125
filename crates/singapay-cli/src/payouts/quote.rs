//! What a file costs, before it is paid.

use futures_util::{StreamExt, stream};
use serde::Serialize;
use singapay::Rupiah;

use super::{args::Run, desk::Desk, file::Row};

/// Count, sum and fees of the rows that are not stored yet.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Estimate {
    /// Rows of the file.
    pub(crate) rows: usize,
    /// Those that are stored already.
    pub(crate) stored: usize,
    /// Sum of the others, in rupiah.
    pub(crate) sum: i64,
    /// Fees that are known, in rupiah.
    pub(crate) fees: i64,
    /// Payouts whose fee is not known.
    pub(crate) fees_unknown: usize,
    /// Lines whose beneficiary the gateway calls invalid.
    pub(crate) invalid: Vec<u64>,
    /// Least balance that is left if all fees are as told; unknown where they are of several accounts.
    #[serde(skip)]
    pub(crate) short: bool,
}

pub(crate) async fn estimate(args: &Run, desk: &Desk, rows: &[Row], new: &[bool]) -> Estimate {
    let mut estimate = Estimate {
        rows: rows.len(),
        stored: new.iter().filter(|is_new| !**is_new).count(),
        ..Estimate::default()
    };
    let left: Vec<&Row> = rows
        .iter()
        .zip(new)
        .filter(|(_, new)| **new)
        .map(|(row, _)| row)
        .collect();
    estimate.sum = left
        .iter()
        .filter_map(|row| row.amount)
        .map(Rupiah::value)
        .fold(0, i64::saturating_add);
    if args.no_quote {
        estimate.fees_unknown = left.len();
        return estimate;
    }
    let quotes = left.iter().map(|row| desk.quote(row));
    let mut quotes = stream::iter(quotes)
        .buffered(usize::from(args.at_once))
        .zip(stream::iter(&left));
    let mut available = None;
    while let Some((quote, row)) = quotes.next().await {
        let quote = quote.unwrap_or_default();
        match quote.fee {
            Some(fee) => estimate.fees = estimate.fees.saturating_add(fee.value()),
            None => estimate.fees_unknown += 1,
        }
        if quote.is_valid == Some(false) {
            estimate.invalid.push(row.line);
        }
        if row.text("account_id").is_none() {
            available = quote.available.or(available);
        }
    }
    let one_account = left.iter().all(|row| row.text("account_id").is_none());
    let cost = estimate.sum.saturating_add(estimate.fees);
    estimate.short = one_account && available.is_some_and(|available| available.value() < cost);
    estimate
}
