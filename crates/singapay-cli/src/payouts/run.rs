//! `singapay payouts run`.

use std::{
    io::{IsTerminal, Write},
    time::Duration,
};

use futures_util::{StreamExt, stream};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use singapay::{AbsenceRule, MoneyOutPolicy, PayoutError, PayoutLimits, Payouts, Rupiah, Singapay};

use super::{
    args::Run,
    check::{self, Standing},
    desk::Desk,
    failure::Failure,
    file::{self, Row},
    follow, place,
    quote::{self, Estimate},
    report::{self, End, Line, Summary, grouped},
    store::{self, Missing},
};
use crate::{exit, terminal};

pub(crate) async fn run(args: Run, json: bool) -> Result<u8, Failure> {
    if json && !args.yes && !args.dry_run {
        let text = "--json asks nothing: say --yes or --dry-run";
        return Err(Failure::Unusable(text.to_owned()));
    }
    let (rows, problems) = file::read(&args.file)?;
    let path = args
        .report
        .clone()
        .unwrap_or_else(|| args.file.with_extension("report.csv"));
    place::check(&path, &args.file, &args.store.url)?;
    let desk = desk(&args).await?;
    // Now the store's file is there, wherever links lead.
    place::check(&path, &args.file, &args.store.url)?;
    let standings = check::check(&args, &desk, &rows, problems).await?;
    let estimate = quote::estimate(&args, &desk, &rows, &standings).await;
    let closed = |_| Failure::Unusable("standard output is closed".to_owned());
    show(&estimate, json && args.dry_run, json).map_err(closed)?;
    if args.dry_run {
        return Ok(0);
    }
    if !args.yes && estimate.can_pay() && !terminal::confirm("Pay?") {
        return Err(Failure::Declined);
    }
    let mut lines = submit(&desk, &rows).await;
    // What was shown as waiting, and is approved since, was not among what was said yes to.
    let is_meant = |at: usize| args.yes || standings[at] != Standing::NeedsApproval;
    let followed: Vec<usize> = (0..rows.len())
        .filter(|at| is_meant(*at) && !lines[*at].state.is_empty())
        .collect();
    pay(&args, &desk, &rows, (&mut lines, &followed), json).await;
    let mut summary = Summary::of(&lines);
    // What was paid is told, whether or not the report can be written.
    let written = report::write(&path, &lines);
    if written.is_ok() {
        summary.report = Some(path.clone());
    }
    let _ = summary.print(&mut std::io::stdout().lock(), json);
    let Err(cause) = written else {
        return Ok(summary.status());
    };
    let (path, to) = (path.display(), &mut std::io::stderr());
    let _ = writeln!(to, "singapay: the report {path} cannot be written: {cause}");
    Ok(match summary.status() {
        0 => exit::NEEDS_PERSON,
        status => status,
    })
}

async fn desk(args: &Run) -> Result<Desk, Failure> {
    let unusable = |error: singapay::Error| Failure::Unusable(error.to_string());
    let client = Singapay::from_env().map_err(unusable)?;
    let mut policy = MoneyOutPolicy::new();
    if args.allow_production {
        policy = policy.allow_production();
    }
    if let Some(most) = args.max_amount {
        policy = policy.max_amount(Rupiah::new(most));
    }
    // All that it refuses is real money that was not allowed.
    let money_out = client.money_out(policy).map_err(|_| {
        Failure::Refused(
            "this gateway moves real money: say --allow-production if it is to".to_owned(),
        )
    })?;
    let mut limits = PayoutLimits::new(Rupiah::new(args.max_fee.unwrap_or_default()));
    if let Some(most) = args.max_per_day {
        limits = limits.per_day(Rupiah::new(most));
    }
    if let Some(above) = args.approve_above {
        limits = limits.approval_above(Rupiah::new(above));
    }
    let missing = match args.dry_run {
        true => Missing::Pretend,
        false => Missing::Make,
    };
    let store = store::open(&args.store.url, missing).await?;
    let mut flow = Payouts::new(&money_out, store).with_limits(limits);
    if args.haste {
        let second = Duration::from_secs(1);
        flow = flow
            .with_call_timeout(2 * second)
            .with_lease_margin(second / 2)
            .with_absence_rule(AbsenceRule::new(2, second, second));
    }
    Ok(Desk {
        money_out,
        flow,
        by: args.by.clone(),
    })
}

fn show(estimate: &Estimate, whole: bool, json: bool) -> std::io::Result<()> {
    let to = &mut std::io::stdout().lock();
    if json {
        return match whole {
            true => writeln!(to, "{}", serde_json::to_string(estimate)?),
            false => Ok(()),
        };
    }
    let count = estimate.to_pay;
    writeln!(
        to,
        "to pay          {count:>8}  {} rupiah",
        grouped(estimate.sum)
    )?;
    for (name, count, sum) in [
        ("not known yet", estimate.unsure, estimate.unsure_sum),
        (
            "needs approval",
            estimate.needs_approval,
            estimate.needs_approval_sum,
        ),
    ] {
        if count > 0 {
            writeln!(to, "{name:<15} {count:>8}  {} rupiah", grouped(sum))?;
        }
    }
    if estimate.stored > 0 {
        writeln!(to, "stored before   {:>8}", estimate.stored)?;
    }
    let fees = grouped(estimate.fees);
    match estimate.fees_unknown {
        0 => writeln!(to, "fees            {:>8}  {fees} rupiah", count)?,
        unknown => {
            writeln!(to, "fees            {:>8}  {fees} rupiah", count - unknown)?;
            writeln!(to, "fee not known   {unknown:>8}")?;
        }
    }
    if !estimate.invalid.is_empty() {
        let lines: Vec<_> = estimate.invalid.iter().map(ToString::to_string).collect();
        writeln!(
            to,
            "the gateway calls these beneficiaries invalid: line {}",
            lines.join(", ")
        )?;
    }
    if estimate.short {
        writeln!(to, "the balance does not cover it")?;
    }
    Ok(())
}

/// Stores all rows; nothing is sent before all are. Lines are what is known of them by then.
async fn submit(desk: &Desk, rows: &[Row]) -> Vec<Line> {
    let stored = rows.iter().map(|row| async move {
        match desk.submit(row).await {
            Ok(Some(step)) => Line::of(Some(row.line), &step.record),
            Ok(None) => Line::not_stored(row, End::Open, "it was not stored".to_owned()),
            // It may be stored: the next run tells.
            Err(error @ PayoutError::Store(_)) => Line::maybe_stored(row, error.to_string()),
            Err(error) => Line::not_stored(row, End::NeedsPerson, error.to_string()),
        }
    });
    stream::iter(stored).buffered(16).collect().await
}

/// Follows what is stored to its end: lines by their places.
async fn pay(
    args: &Run,
    desk: &Desk,
    rows: &[Row],
    (lines, stored): (&mut [Line], &[usize]),
    json: bool,
) {
    let references: Vec<&str> = stored.iter().map(|at| rows[*at].reference()).collect();
    let bar = bar(references.len(), json);
    let mut ends = [0_usize; 3];
    let at_once = usize::from(args.at_once);
    let most = args.wait.map(Duration::from_secs);
    follow::follow(&desk.flow, &references, at_once, most, |place, known| {
        let line = &mut lines[stored[place]];
        match known {
            Ok(record) => *line = Line::of(line.line, &record),
            Err(reason) => line.reason = Some(reason),
        }
        match line.end {
            End::Paid => ends[0] += 1,
            End::Failed => ends[1] += 1,
            End::Open | End::NeedsPerson => ends[2] += 1,
        }
        bar.set_message(format!(
            "{} paid, {} failed, {} left to a person",
            ends[0], ends[1], ends[2]
        ));
        bar.inc(1);
    })
    .await;
    bar.finish_and_clear();
    // What did not end has come further than when it was stored.
    for &at in stored {
        if lines[at].end == End::Open
            && let Ok(record) = desk.flow.get(rows[at].reference()).await
        {
            let reason = lines[at].reason.take();
            lines[at] = Line::of(lines[at].line, &record);
            lines[at].reason = lines[at].reason.take().or(reason);
        }
    }
}

/// A bar on terminals, and nothing elsewhere.
fn bar(length: usize, json: bool) -> ProgressBar {
    let target = match !json && std::io::stderr().is_terminal() {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    };
    let bar = ProgressBar::with_draw_target(Some(length as u64), target);
    let template = "{bar:30} {pos}/{len}  {per_sec}, {eta} left  {msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_secs(1));
    bar
}
