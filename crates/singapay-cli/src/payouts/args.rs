//! Arguments of `singapay payouts`.

use std::path::PathBuf;

use clap::{Args as Arguments, Subcommand};

#[derive(Debug, Arguments)]
pub(crate) struct Payouts {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

const STATUSES: &str = "\
Exit status, the first that holds:
  1  nothing was sent: the file has problems, or real money was not allowed
  2  nothing was sent: arguments, settings, file or store cannot be used
  6  nothing was sent: a person said no
  7  at least one payout needs a person, or waits for an approval
  8  at least one payout is still open: start the same file again
  9  at least one payout failed
  0  all are paid";

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Pay what a CSV file lists, each reference once, however often it is started.
    ///
    /// The whole file is checked first, and nothing is stored if anything is wrong with it. Then every payout is
    /// stored, sent, and followed to its end. The same file on the same store goes on where a killed run was.
    /// Settings and secrets come from the variables of the SDK (`SINGAPAY_ENVIRONMENT` or `SINGAPAY_BASE_URL`,
    /// `SINGAPAY_PARTNER_ID`, `SINGAPAY_CLIENT_ID`, `SINGAPAY_CLIENT_SECRET`, `SINGAPAY_ACCOUNT_ID` and so on).
    #[command(after_help = STATUSES)]
    Run(Run),
    /// Show what became of the payouts of a file, or of single ones, or what is not final in a store.
    #[command(after_help = STATUSES)]
    Status(Status),
    /// Approve payouts as the second person, and show what is approved. The next run sends them.
    ///
    /// `--file` refuses what the store holds with other facts than the file.
    Approve(Approve),
    /// Decide that payouts will never be sent: what waits, was not sent yet, or needs a person.
    Abandon(Decide),
}

#[derive(Debug, Arguments)]
pub(crate) struct Store {
    /// Store of the payouts: `sqlite://FILE` for one machine, `postgres://USER@HOST/NAME` for many. A password comes
    /// from `PGPASSWORD` or `~/.pgpass`.
    #[arg(long = "store", value_name = "URL")]
    pub(crate) url: String,
}

#[derive(Debug, Arguments)]
pub(crate) struct Run {
    /// CSV file with a header; `reference`, `operation` and `amount` in every row.
    #[arg(value_name = "FILE.csv")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) store: Store,
    /// Do not ask.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Check and show, and store and send nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask the gateway for names and fees.
    #[arg(long)]
    pub(crate) no_quote: bool,
    /// Real money may leave.
    #[arg(long)]
    pub(crate) allow_production: bool,
    /// Largest amount of one payout, in rupiah.
    #[arg(long, value_name = "RUPIAH", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) max_amount: Option<i64>,
    /// Most that all payouts of the store may cost on a day of Jakarta, fees included, in rupiah.
    #[arg(long, value_name = "RUPIAH", requires = "max_fee", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) max_per_day: Option<i64>,
    /// Largest fee of one payout, in rupiah: counts for the limit of the day until the true one is told.
    #[arg(long, value_name = "RUPIAH", value_parser = clap::value_parser!(i64).range(0..))]
    pub(crate) max_fee: Option<i64>,
    /// Above this amount, in rupiah, a second person has to approve.
    #[arg(long, value_name = "RUPIAH", requires = "by", value_parser = clap::value_parser!(i64).range(0..))]
    pub(crate) approve_above: Option<i64>,
    /// Name of the person who submits the file.
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// Payouts on their way at once.
    #[arg(long, value_name = "COUNT", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) at_once: u16,
    /// Stop waiting after so many seconds; what is open then stays stored. Without it, it runs until nothing happens by
    /// itself any more.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) wait: Option<u64>,
    /// File for the report; without it FILE.report.csv beside the file. It is replaced.
    #[arg(long, value_name = "FILE.csv")]
    pub(crate) report: Option<PathBuf>,
    /// Make every wait short, to try things out without real money.
    #[arg(long, conflicts_with = "allow_production")]
    pub(crate) haste: bool,
}

#[derive(Debug, Arguments)]
pub(crate) struct Status {
    /// File whose payouts are shown, and compared with what is stored; without it and without `--reference`, all that are not final.
    #[arg(value_name = "FILE.csv", conflicts_with = "reference")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) store: Store,
    /// Show one payout, with its history.
    #[arg(long)]
    pub(crate) reference: Option<String>,
}

#[derive(Debug, Arguments)]
pub(crate) struct Approve {
    #[command(flatten)]
    pub(crate) decide: Decide,
    /// File that the payouts have to stand in as they are stored.
    #[arg(long, value_name = "FILE.csv")]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, Arguments)]
pub(crate) struct Decide {
    /// References of the payouts.
    #[arg(required = true)]
    pub(crate) references: Vec<String>,
    #[command(flatten)]
    pub(crate) store: Store,
    /// Name of the person who decides.
    #[arg(long, value_name = "NAME")]
    pub(crate) by: String,
}
