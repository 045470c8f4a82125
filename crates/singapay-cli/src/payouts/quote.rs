//! What a file costs, before it is paid.

use futures_util::{StreamExt, stream};
use serde::Serialize;
use singapay::Rupiah;

use super::{args::Run, check::Standing, desk::Desk, file::Row};

/// Count, sum and fees of the rows that can still be sent.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Estimate {
    /// Rows of the file.
    pub(crate) rows: usize,
    /// Those that are stored already.
    pub(crate) stored: usize,
    /// Rows that are sent: those that are not stored, and those that are stored and not sent.
    pub(crate) to_pay: usize,
    /// Their sum, in rupiah.
    pub(crate) sum: i64,
    /// Rows of which nobody knows whether they arrived: they are sent if it is proven that they did not.
    pub(crate) unsure: usize,
    /// Their sum, in rupiah.
    pub(crate) unsure_sum: i64,
    /// Rows that wait for a second person, and are not sent.
    pub(crate) needs_approval: usize,
    /// Their sum, in rupiah.
    pub(crate) needs_approval_sum: i64,
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

impl Estimate {
    /// True if money can leave.
    pub(crate) fn can_pay(&self) -> bool {
        self.to_pay > 0 || self.unsure > 0
    }
}

pub(crate) async fn estimate(
    args: &Run,
    desk: &Desk,
    rows: &[Row],
    standings: &[Standing],
) -> Estimate {
    let of = |wanted: &[Standing]| -> Vec<&Row> {
        let rows = rows.iter().zip(standings);
        rows.filter(|(_, standing)| wanted.contains(standing))
            .map(|(row, _)| row)
            .collect()
    };
    let left = of(&[Standing::New, Standing::Unsent]);
    let unsure = of(&[Standing::Unsure]);
    let needs_approval = of(&[Standing::NeedsApproval]);
    let mut estimate = Estimate {
        rows: rows.len(),
        stored: rows.len() - of(&[Standing::New]).len(),
        to_pay: left.len(),
        sum: sum(&left),
        unsure: unsure.len(),
        unsure_sum: sum(&unsure),
        needs_approval: needs_approval.len(),
        needs_approval_sum: sum(&needs_approval),
        ..Estimate::default()
    };
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

fn sum(rows: &[&Row]) -> i64 {
    let amounts = rows.iter().filter_map(|row| row.amount);
    amounts.map(Rupiah::value).fold(0, i64::saturating_add)
}
