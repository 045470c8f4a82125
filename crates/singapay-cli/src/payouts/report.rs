//! The report: what became of every payout.

use std::{
    collections::hash_map::RandomState,
    fs::{self, File},
    hash::{BuildHasher, Hasher},
    io::{Result, Write},
    path::{Path, PathBuf},
};

use serde::Serialize;
use singapay::{PayoutRecord, PayoutState, Rupiah};

use super::file::Row;
use crate::exit;

/// What became of a payout, for who started the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum End {
    Paid,
    Failed,
    Open,
    NeedsPerson,
}

impl End {
    pub(crate) fn of(state: PayoutState) -> Self {
        match state {
            PayoutState::Paid => Self::Paid,
            PayoutState::Failed | PayoutState::Refused | PayoutState::Abandoned => Self::Failed,
            state if state.waits_for_a_person() => Self::NeedsPerson,
            _ => Self::Open,
        }
    }
}

/// A line of the report. Nothing in it is personal.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    pub(crate) line: Option<u64>,
    pub(crate) reference: String,
    pub(crate) operation: String,
    pub(crate) amount: Option<i64>,
    pub(crate) end: End,
    /// Empty if it is not stored.
    pub(crate) state: &'static str,
    /// What left the account, the fee included, in rupiah.
    pub(crate) gross: Option<i64>,
    pub(crate) transaction_id: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) advice: &'static str,
}

impl Line {
    pub(crate) fn of(line: Option<u64>, record: &PayoutRecord) -> Self {
        let (facts, progress) = (&record.facts, &record.progress);
        Self {
            line,
            reference: record.reference.clone(),
            operation: facts.operation.clone(),
            amount: facts.amount.map(Rupiah::value),
            end: End::of(record.state),
            state: record.state.as_str(),
            gross: progress.gross.map(Rupiah::value),
            transaction_id: progress.transaction_id.clone(),
            reason: progress.reason.clone(),
            advice: record.state.advice(),
        }
    }

    /// Of a row under whose reference another payout is stored.
    pub(crate) fn differing(row: &Row, record: &PayoutRecord, columns: &[&str]) -> Self {
        Self {
            end: End::NeedsPerson,
            reason: Some(format!("differs: {}", columns.join(", "))),
            advice: "The store holds another payout under this reference than the file: approve nothing before it is \
                     known which is right.",
            ..Self::of(Some(row.line), record)
        }
    }

    /// Of a row whose storing failed: the store may have it, and another run may have sent it.
    pub(crate) fn maybe_stored(row: &Row, reason: String) -> Self {
        Self {
            advice: "Nobody knows whether it is stored: start the same file on the same store again.",
            ..Self::not_stored(row, End::Open, reason)
        }
    }

    /// Of a row that is not in the store.
    pub(crate) fn not_stored(row: &Row, end: End, reason: String) -> Self {
        Self {
            line: Some(row.line),
            reference: row.reference().to_owned(),
            operation: row.operation.id().to_owned(),
            amount: row.amount.map(Rupiah::value),
            end,
            state: "",
            gross: None,
            transaction_id: None,
            reason: Some(reason),
            advice: "Nothing was sent: start the file again.",
        }
    }
}

/// Counts of a report.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Summary {
    pub(crate) paid: usize,
    pub(crate) failed: usize,
    pub(crate) open: usize,
    pub(crate) needs_person: usize,
    /// Sum of what was paid, without fees, in rupiah.
    pub(crate) paid_sum: i64,
    /// Sum of the fees of what was paid, in rupiah, as far as they were told.
    pub(crate) paid_fees: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) report: Option<PathBuf>,
}

impl Summary {
    pub(crate) fn of(lines: &[Line]) -> Self {
        let mut summary = Self::default();
        for line in lines {
            match line.end {
                End::Paid => {
                    summary.paid += 1;
                    let amount = line.amount.unwrap_or_default();
                    summary.paid_sum = summary.paid_sum.saturating_add(amount);
                    let fee = line.gross.unwrap_or(amount).saturating_sub(amount);
                    summary.paid_fees = summary.paid_fees.saturating_add(fee);
                }
                End::Failed => summary.failed += 1,
                End::Open => summary.open += 1,
                End::NeedsPerson => summary.needs_person += 1,
            }
        }
        summary
    }

    /// Exit status: what needs somebody most comes first.
    pub(crate) fn status(&self) -> u8 {
        match (self.needs_person, self.open, self.failed) {
            (1.., _, _) => exit::NEEDS_PERSON,
            (0, 1.., _) => exit::OPEN,
            (0, 0, 1..) => exit::FAILED,
            (0, 0, 0) => 0,
        }
    }

    pub(crate) fn print(&self, to: &mut impl Write, json: bool) -> Result<()> {
        if json {
            return writeln!(to, "{}", serde_json::to_string(self)?);
        }
        let (sum, fees) = (grouped(self.paid_sum), grouped(self.paid_fees));
        writeln!(
            to,
            "paid            {:>8}  {sum} rupiah, fees {fees}",
            self.paid
        )?;
        writeln!(to, "failed          {:>8}", self.failed)?;
        writeln!(to, "open            {:>8}", self.open)?;
        writeln!(to, "needs a person  {:>8}", self.needs_person)?;
        match &self.report {
            Some(path) => writeln!(to, "report          {}", path.display()),
            None => Ok(()),
        }
    }
}

/// Writes the report for its owner alone: it replaces an older one as a whole, or not at all.
pub(crate) fn write(path: &Path, lines: &[Line]) -> Result<()> {
    // A name that nobody can guess, so that nothing waits under it.
    let random = RandomState::new().build_hasher().finish();
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{random:016x}.new"));
    let next = path.with_file_name(name);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&next)?;
    let written = fill(file, lines).and_then(|()| fs::rename(&next, path));
    if written.is_err() {
        let _ = fs::remove_file(&next);
    }
    written
}

fn fill(file: File, lines: &[Line]) -> Result<()> {
    let mut writer = csv::Writer::from_writer(file);
    for line in lines {
        writer.serialize(line)?;
    }
    writer.flush()?;
    writer.get_ref().sync_all()
}

/// Digits in groups of three.
pub(crate) fn grouped(amount: i64) -> String {
    let digits = amount.unsigned_abs().to_string();
    let mut text = String::from(if amount < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_stored_is_not_called_unsent() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        let text = "reference,operation,amount\nA-1,pay_qris,1\n";
        fs::write(&file, text).unwrap();
        let (rows, _) = crate::payouts::file::read(&file).unwrap();
        let line = Line::maybe_stored(&rows[0], "the store failed".to_owned());
        assert_eq!(line.end, End::Open);
        assert!(!line.advice.contains("Nothing was sent"));
        assert!(line.advice.contains("the same file on the same store"));
    }

    #[test]
    fn a_report_replaces_what_was_there_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.report.csv");
        // What somebody laid under the name of old is left alone.
        let laid = folder.path().join("a.report.csv.new");
        fs::write(&laid, "laid").unwrap();
        for _ in 0..2 {
            write(&path, &[]).unwrap();
        }
        assert_eq!(fs::read_to_string(laid).unwrap(), "laid");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::MetadataExt::mode(&fs::metadata(&path).unwrap());
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(write(&path, &[]).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn every_state_has_an_end_and_what_needs_somebody_comes_first() {
        for state in PayoutState::ALL {
            let is_ended = matches!(End::of(state), End::Paid | End::Failed);
            assert_eq!(is_ended, state.is_final(), "{state}");
        }
        for (failed, open, needs_person, status) in [
            (0, 0, 0, 0),
            (1, 0, 0, 9),
            (1, 1, 0, 8),
            (1, 1, 1, 7),
            (0, 0, 1, 7),
        ] {
            let summary = Summary {
                paid: 1,
                failed,
                open,
                needs_person,
                ..Summary::default()
            };
            assert_eq!(summary.status(), status);
        }
    }

    #[test]
    fn amounts_are_told_in_groups() {
        for (amount, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (-12_345_678, "-12,345,678"),
        ] {
            assert_eq!(grouped(amount), text);
        }
    }
}
