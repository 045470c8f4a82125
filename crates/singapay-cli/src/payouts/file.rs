//! Files of payouts: what stands in each row, and what is wrong with it.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    path::Path,
};

use serde::Serialize;
use singapay::{Bank, Rupiah, types::EwalletCode};

use super::failure::Failure;
use crate::input;

/// What a row pays with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Transfer,
    Topup,
    Qris,
    BetweenAccounts,
}

impl Operation {
    const ALL: [Self; 4] = [
        Self::Transfer,
        Self::Topup,
        Self::Qris,
        Self::BetweenAccounts,
    ];

    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Transfer => "transfer_disbursement",
            Self::Topup => "topup_ewallet",
            Self::Qris => "pay_qris",
            Self::BetweenAccounts => "transfer_between_accounts",
        }
    }

    /// Columns beside those of all operations.
    pub(crate) fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Transfer => &["bank_code", "bank_account_number", "notes"],
            Self::Topup => &["ewallet_code", "customer_number", "notes"],
            Self::Qris => &["qr_data", "customer_name"],
            Self::BetweenAccounts => &["beneficiary_account_number"],
        }
    }
}

/// Columns of all operations; the first three are in every file.
const COMMON: [&str; 4] = ["reference", "operation", "amount", "account_id"];

/// A payout of a file.
#[derive(Debug)]
pub(crate) struct Row {
    /// Where it stands in the file.
    pub(crate) line: u64,
    pub(crate) operation: Operation,
    pub(crate) amount: Option<Rupiah>,
    values: BTreeMap<&'static str, String>,
}

impl Row {
    pub(crate) fn reference(&self) -> &str {
        self.text("reference").unwrap_or_default()
    }

    /// The value of a column, if it has one.
    pub(crate) fn text(&self, column: &str) -> Option<&str> {
        self.values.get(column).map(String::as_str)
    }
}

/// Something wrong with a file. It tells no value that may be personal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Problem {
    pub(crate) line: u64,
    /// Empty where it is about the whole row.
    pub(crate) column: String,
    pub(crate) problem: String,
}

impl Problem {
    pub(crate) fn new(line: u64, column: &str, problem: impl Into<String>) -> Self {
        let (column, problem) = (column.to_owned(), problem.into());
        Self {
            line,
            column,
            problem,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        if !self.column.is_empty() {
            write!(f, "{} ", self.column)?;
        }
        f.write_str(&self.problem)
    }
}

/// All rows that can be read, and all problems of the others and of these.
pub(crate) fn read(path: &Path) -> Result<(Vec<Row>, Vec<Problem>), Failure> {
    let name = path.to_str().filter(|name| *name != "-");
    let name =
        name.ok_or_else(|| Failure::Unusable("the file needs a name that is text".to_owned()))?;
    Ok(parse(&input::read(name)?))
}

fn parse(bytes: &[u8]) -> (Vec<Row>, Vec<Problem>) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut problems = Vec::new();
    let head = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    // Spreadsheets write semicolons where the comma is the decimal sign, as in Indonesia.
    let delimiter = match head.contains(&b';') && !head.contains(&b',') {
        true => b';',
        false => b',',
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let columns = match reader.headers() {
        Ok(header) => columns(header, &mut problems),
        Err(_) => {
            problems.push(Problem::new(1, "", "the header is not text in UTF-8"));
            Vec::new()
        }
    };
    if !problems.is_empty() {
        return (Vec::new(), problems);
    }
    let mut rows = Vec::new();
    let mut lines = HashMap::new();
    let mut place = Place::default();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = place.line(bytes, error.position());
                problems.push(Problem::new(line, "", "is not text in UTF-8"));
                continue;
            }
        };
        let line = place.line(bytes, record.position());
        if record.len() != columns.len() {
            let text = format!("has {} values, the header {}", record.len(), columns.len());
            problems.push(Problem::new(line, "", text));
            continue;
        }
        let values = columns
            .iter()
            .copied()
            .zip(record.iter().map(str::to_owned));
        let values: BTreeMap<_, _> = values.filter(|(_, value)| !value.is_empty()).collect();
        match values.get("reference") {
            None => {
                let text = "is missing: every payout needs one of its own, and none is made up";
                problems.push(Problem::new(line, "reference", text));
            }
            Some(reference) => {
                if let Some(first) = lines.insert(reference.clone(), line) {
                    let text = format!("stands in line {first} already");
                    problems.push(Problem::new(line, "reference", text));
                }
            }
        }
        rows.extend(row(line, values, &mut problems));
    }
    if rows.is_empty() && problems.is_empty() {
        problems.push(Problem::new(1, "", "there is no payout below the header"));
    }
    (rows, problems)
}

/// Counts lines as an editor does: the reader leaves out those that are empty, and half of each CR LF.
#[derive(Debug, Default)]
struct Place {
    seen: usize,
    lines: u64,
}

impl Place {
    fn line(&mut self, bytes: &[u8], position: Option<&csv::Position>) -> u64 {
        let start = position.and_then(|position| usize::try_from(position.byte()).ok());
        let mut start = start.unwrap_or(self.seen).clamp(self.seen, bytes.len());
        while matches!(bytes.get(start), Some(b'\r' | b'\n')) {
            start += 1;
        }
        let passed = bytes[self.seen..start]
            .iter()
            .filter(|byte| **byte == b'\n');
        self.lines += passed.count() as u64;
        self.seen = start;
        self.lines + 1
    }
}

/// The columns of a header, all of which are known.
fn columns(header: &csv::StringRecord, problems: &mut Vec<Problem>) -> Vec<&'static str> {
    let of_operations = Operation::ALL
        .iter()
        .flat_map(|operation| operation.columns());
    let known: Vec<&'static str> = COMMON.iter().chain(of_operations).copied().collect();
    let mut columns = Vec::new();
    for name in header {
        match known.iter().find(|known| known.eq_ignore_ascii_case(name)) {
            None => problems.push(Problem::new(1, name, "is no column of any operation")),
            Some(column) if columns.contains(column) => {
                problems.push(Problem::new(1, column, "stands in the header twice"));
            }
            Some(column) => columns.push(*column),
        }
    }
    for column in COMMON
        .iter()
        .take(3)
        .filter(|column| !columns.contains(column))
    {
        problems.push(Problem::new(1, column, "is missing in the header"));
    }
    columns
}

/// A row, as far as it can be read.
fn row(
    line: u64,
    mut values: BTreeMap<&'static str, String>,
    problems: &mut Vec<Problem>,
) -> Option<Row> {
    let mut wrong =
        |column: &str, problem: String| problems.push(Problem::new(line, column, problem));
    let amount = match values.get("amount") {
        None => {
            wrong("amount", "is missing".to_owned());
            None
        }
        Some(text) => {
            let amount = whole(text);
            if amount.is_none() {
                wrong(
                    "amount",
                    "must be whole rupiah, digits alone, at least 1".to_owned(),
                );
            }
            amount
        }
    };
    let id = values.get("operation").map_or("", String::as_str);
    let Some(operation) = Operation::ALL
        .into_iter()
        .find(|operation| operation.id() == id)
    else {
        let known = Operation::ALL.map(Operation::id).join(", ");
        wrong("operation", format!("must be one of: {known}"));
        return None;
    };
    let own = operation.columns();
    for column in values
        .keys()
        .filter(|column| !COMMON.contains(column) && !own.contains(column))
    {
        wrong(column, format!("must be empty for {id}"));
    }
    if let Some(bank) = values.get_mut("bank_code") {
        match Bank::find(bank) {
            Some(known) => *bank = known.code().to_owned(),
            // The gateway has more banks than are known here.
            None if bank.len() == 3 && bank.bytes().all(|byte| byte.is_ascii_digit()) => {}
            None => wrong(
                "bank_code",
                "is no bank that is known: use its three digits".to_owned(),
            ),
        }
    }
    if let Some(wallet) = values.get_mut("ewallet_code") {
        wallet.make_ascii_uppercase();
        if matches!(EwalletCode::from(wallet.as_str()), EwalletCode::Other(_)) {
            wrong("ewallet_code", "is no wallet that is known".to_owned());
        }
    }
    Some(Row {
        line,
        operation,
        amount,
        values,
    })
}

/// Whole rupiah. A dot or comma could mean thousands or cents.
fn whole(text: &str) -> Option<Rupiah> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let amount = text.parse().ok().filter(|amount| digits && *amount >= 1);
    amount.map(Rupiah::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        "reference,operation,amount,bank_code,bank_account_number,ewallet_code,customer_number\n";

    fn problems(rows: &str) -> Vec<String> {
        let (_, problems) = parse(format!("{HEADER}{rows}").as_bytes());
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_problem_of_every_row_is_told_at_once() {
        let told = problems(
            "A-1,transfer_disbursement,10000,BCA,1234567890,,\n\
             ,transfer_disbursement,10.000,Bank Nowhere,1234567890,,\n\
             A-1,topup_ewallet,-5,,,PAYPAL,081200000001\n\
             A-2,send,1e5,,,,\n\
             A-3,topup_ewallet,9,014,,OVO,081200000001\n\
             A-4,topup_ewallet\n\
             A-5,topup_ewallet,99999999999999999999,,,ovo,081200000001\n",
        );
        let known = "transfer_disbursement, topup_ewallet, pay_qris, transfer_between_accounts";
        let whole = "amount must be whole rupiah, digits alone, at least 1";
        assert_eq!(
            told,
            [
                "line 3: reference is missing: every payout needs one of its own, and none is made up",
                &format!("line 3: {whole}"),
                "line 3: bank_code is no bank that is known: use its three digits",
                "line 4: reference stands in line 2 already",
                &format!("line 4: {whole}"),
                "line 4: ewallet_code is no wallet that is known",
                &format!("line 5: {whole}"),
                &format!("line 5: operation must be one of: {known}"),
                "line 6: bank_code must be empty for topup_ewallet",
                "line 7: has 2 values, the header 7",
                &format!("line 8: {whole}"),
            ]
        );
    }

    #[test]
    fn the_header_says_what_the_columns_are() {
        let told = |header: &str| {
            let (_, problems) = parse(header.as_bytes());
            problems.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            told("reference,amount,amount,phone\n"),
            [
                "line 1: amount stands in the header twice",
                "line 1: phone is no column of any operation",
                "line 1: operation is missing in the header",
            ]
        );
        let empty = "line 1: there is no payout below the header";
        assert_eq!(told("reference,operation,amount\n"), [empty]);
        assert_eq!(told("").len(), 3);
    }

    #[test]
    fn spreadsheets_write_semicolons_marks_and_spaces() {
        let text = "\u{feff}Reference;operation;amount;bank_code;bank_account_number\r\n\
                    A-1 ; transfer_disbursement;10000;bca;1234567890\r\n\r\n\
                    \"A-2\";transfer_disbursement;1;999;1234567890";
        let (rows, problems) = parse(text.as_bytes());
        assert_eq!(problems, []);
        let banks: Vec<_> = rows
            .iter()
            .map(|row| (row.line, row.reference(), row.text("bank_code")))
            .collect();
        assert_eq!(banks, [(2, "A-1", Some("014")), (4, "A-2", Some("999"))]);
    }

    #[test]
    fn bytes_that_are_no_text_are_a_problem_of_their_row() {
        let mut text = HEADER.as_bytes().to_vec();
        text.extend(
            b"A-1,transfer_disbursement,1,014,\xff,,\nA-2,transfer_disbursement,x,014,1,,\n",
        );
        let (_, problems) = parse(&text);
        let told: Vec<_> = problems.iter().map(|problem| problem.line).collect();
        assert_eq!(told, [2, 3]);
    }
}
