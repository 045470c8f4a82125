//! The facts of a stored payout, for a person who compares them with what should be paid.

use std::fmt;

use serde::Serialize;
use serde_json::Value;
use singapay::{PayoutFacts, Rupiah};

use super::{file::Row, report::grouped};
use crate::terminal::printable;

/// What is paid to whom, with no more of the beneficiary than tells it apart.
#[derive(Debug, Serialize)]
pub(crate) struct Facts {
    operation: String,
    amount: Option<i64>,
    /// Account that pays.
    account: Option<String>,
    /// Bank or wallet.
    bank: Option<String>,
    beneficiary_end: Option<String>,
}

impl Facts {
    pub(crate) fn of(facts: &PayoutFacts) -> Self {
        let wallet = || member(&body(facts), "ewallet_code");
        Self {
            operation: facts.operation.clone(),
            amount: facts.amount.map(Rupiah::value),
            account: facts.account.clone(),
            bank: facts.bank.clone().or_else(wallet),
            beneficiary_end: facts.beneficiary.as_ref().map(|it| end(it.expose())),
        }
    }
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let amount = self.amount.map_or_else(|| "?".to_owned(), grouped);
        write!(f, "{}  {amount} rupiah", printable(&self.operation))?;
        if let Some(account) = &self.account {
            write!(f, "  from account {}", printable(account))?;
        }
        f.write_str("  to")?;
        if let Some(bank) = &self.bank {
            write!(f, " {}", printable(bank))?;
        }
        match &self.beneficiary_end {
            Some(end) => write!(f, " *{}", printable(end)),
            None => f.write_str(" ?"),
        }
    }
}

/// The columns in which a row differs from what is stored under its reference.
pub(crate) fn differences(row: &Row, facts: &PayoutFacts) -> Vec<&'static str> {
    if row.operation.id() != facts.operation {
        return vec!["operation"];
    }
    let body = body(facts);
    let mut differs = Vec::new();
    if row.amount != facts.amount {
        differs.push("amount");
    }
    // Without one the settings name it, which are not needed here.
    if let Some(account) = row.text("account_id")
        && facts.account.as_deref() != Some(account)
    {
        differs.push("account_id");
    }
    let columns = row.operation.columns().iter().copied();
    differs.extend(columns.filter(|column| row.text(column) != member(&body, column).as_deref()));
    differs
}

fn body(facts: &PayoutFacts) -> Value {
    serde_json::from_str(&facts.body).unwrap_or_default()
}

fn member(body: &Value, name: &str) -> Option<String> {
    let text = match body.get(name)? {
        Value::String(text) => text.clone(),
        Value::Null => return None,
        other => other.to_string(),
    };
    Some(text).filter(|text| !text.is_empty())
}

/// The last four characters, and never more than half.
fn end(text: &str) -> String {
    let count = text.chars().count();
    text.chars().skip(count - (count / 2).min(4)).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_more_than_half_of_a_number_is_shown() {
        for (text, end) in [("1000123456", "3456"), ("12345", "45"), ("1", ""), ("", "")] {
            assert_eq!(super::end(text), end);
        }
    }
}
