//! Whether the accepted payout is the one that was asked for.

use serde_json::Value;

use super::{Failure, FailureKind, Proof, Reason, banks, object};
use crate::{
    call::Answer,
    envelope::Refusal,
    money::Rupiah,
    operation::{Operation, Payout},
    tolerant,
};

/// What the success of a payout lacks or contradicts. An answer without its transaction id proves nothing; one
/// that repeats another amount, bank, beneficiary or reference is about another payout.
pub(super) fn objection(operation: &Operation, request: &[u8], answer: &Answer) -> Option<Failure> {
    let payout = operation.payout.as_ref()?;
    let body = object(&answer.body).unwrap_or_default();
    let data = body.get("data").unwrap_or(&Value::Null);
    let lacks = |name: &&str| at(data, name).is_none_or(is_blank);
    let (kind, reason, proof) = if operation.essential.iter().any(lacks) {
        (FailureKind::Decode, None, Proof::Nothing)
    } else if is_another(payout, request, data) {
        let reason = Some(Reason::DuplicateReference);
        (FailureKind::Refused, reason, Proof::Duplicate)
    } else {
        return None;
    };
    Some(Failure {
        kind,
        reason,
        proof,
        rejects_token: false,
        refusal: Refusal::of(answer.status, Some(&body)),
    })
}

fn is_another(payout: &Payout, request: &[u8], data: &Value) -> bool {
    let asked: Value = serde_json::from_slice(request).unwrap_or_default();
    let pair = |asked_at: Option<&str>, told_at: Option<&str>| {
        let asked = text(at(&asked, asked_at?)?)?;
        let told = text(at(data, told_at?)?)?;
        Some((asked, told))
    };
    let echo = &payout.echo;
    let beneficiary = pair(Some(payout.beneficiary), echo.beneficiary);
    let amount = payout.amount.and_then(|name| amount_at(&asked, name));
    let told = echo.amounts.iter().filter_map(|name| amount_at(data, name));
    let told: Vec<Rupiah> = told.collect();
    let gross = echo.gross.and_then(|name| amount_at(data, name));
    // A gross amount alone tells nothing, because the fee is not known.
    amount
        .is_some_and(|amount| !told.is_empty() && !told.contains(&amount) && gross != Some(amount))
        || pair(payout.bank, echo.bank).is_some_and(|(asked, told)| banks::differ(&asked, &told))
        || beneficiary
            .is_some_and(|(asked, told)| !is_masked(&told) && number(&asked) != number(&told))
        || echo.same.iter().any(|(asked, told)| {
            pair(Some(asked), Some(told)).is_some_and(|(asked, told)| asked != told)
        })
}

/// The member with a dotted name.
fn at<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    name.split('.')
        .try_fold(value, |value, name| value.get(name))
}

/// Nothing, or what PHP makes of nothing.
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

fn text(value: &Value) -> Option<String> {
    let text = tolerant::text_of(value.clone())?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn amount_at(value: &Value, name: &str) -> Option<Rupiah> {
    amount(at(value, name)?)
}

/// An amount in any of its shapes; what cannot be read is not compared.
fn amount(value: &Value) -> Option<Rupiah> {
    let value = value.get("value").unwrap_or(value);
    serde_json::from_value(value.clone()).ok()
}

fn is_masked(number: &str) -> bool {
    number.contains(['*', '•']) || number.to_ascii_lowercase().contains("xx")
}

/// The number without what people put between digits, and telephones without their prefix.
fn number(number: &str) -> String {
    let bare: String = number
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '+'))
        .collect();
    if !bare.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let local = bare.strip_prefix("62").or_else(|| bare.strip_prefix('0'));
    match local {
        Some(local) if local.starts_with('8') => local.to_owned(),
        _ => bare,
    }
}
