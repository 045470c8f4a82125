//! Members by which an answer says how a payment stands.

use serde_json::{Value, json};
use singapay_core::{Operation, TransactionStatusCode};

/// State of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Open,
    Paid,
    Expired,
    Failed,
}

/// When something was paid: an answer tells it, and nobody compares it.
const PAID_AT: &str = "2026-08-21T10:00:00+07:00";

/// Members of data in this state; `None` if the operation does not tell it.
pub(super) fn members(
    operation: &Operation,
    data: &Value,
    state: State,
) -> Option<Vec<(&'static str, Value)>> {
    use State::{Expired, Failed, Open, Paid};
    if data.get("transaction_status").is_some() {
        let (code, text) = match state {
            Open => (TransactionStatusCode::Pending, "Pending"),
            Paid => (TransactionStatusCode::Success, "Success"),
            Failed => (TransactionStatusCode::Failed, "Failed"),
            Expired => return None,
        };
        return Some(vec![(
            "transaction_status",
            json!({"code": code.as_str(), "desc": text}),
        )]);
    }
    data.get("status")?;
    let word = |words: [&'static str; 4]| {
        let [open, paid, expired, failed] = words;
        Some(match state {
            Open => open,
            Paid => paid,
            Expired => expired,
            Failed => failed,
        })
        .filter(|word| !word.is_empty())
    };
    let mut members = match operation.product {
        "payment_links" => {
            let used = i64::from(state == Paid);
            let date = (state == Paid).then_some(PAID_AT);
            vec![
                ("status", json!(word(["open", "closed", "open", ""])?)),
                (
                    "status_computed",
                    json!(word(["open", "closed", "expired", ""])?),
                ),
                ("current_usage", json!(used)),
                ("payment_date", json!(date)),
            ]
        }
        "virtual_accounts" => vec![
            ("status", json!(word(["active", "active", "expired", ""])?)),
            ("current_usage", json!(i64::from(state == Paid))),
        ],
        "qris" => {
            let word = json!(word(["open", "paid", "expired", ""])?);
            vec![("status", word.clone()), ("status_computed", word)]
        }
        "ewallets" => {
            let word = json!(word(["open", "success", "expired", "failed"])?);
            vec![("status", word.clone()), ("status_computed", word)]
        }
        "va_transactions" | "payment_link_histories" => {
            vec![("status", json!(word(["", "paid", "expired", "failed"])?))]
        }
        "direct_debits" => {
            vec![(
                "status",
                json!(word(["pending", "success", "expired", "failed"])?.to_ascii_uppercase()),
            )]
        }
        "plans" | "accounts" | "identity" => return None,
        // Cards, withdrawals, transfers and bills have a word.
        _ => vec![("status", json!(word(["pending", "success", "", "failed"])?))],
    };
    for (name, is_over) in [
        ("is_expired", json!(state == Expired)),
        ("expired_at", Value::Null),
    ] {
        if data.get(name).is_some() {
            members.push((name, is_over));
        }
    }
    Some(members)
}
