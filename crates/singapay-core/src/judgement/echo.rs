//! Comparison of an accepted payout with the one that was asked for.

use serde_json::{Map, Value};

use super::{
    Failure, FailureKind, Proof, Reason,
    members::{Members, Node},
    numbers, object,
};
use crate::{
    bank,
    envelope::Refusal,
    money::{Amount, Currency, Money},
    operation::{Operation, Payout},
    tolerant,
    transport::Answer,
};

/// The objection to the success of a payout, if there is one. An answer without its transaction id, or
/// that says something twice, proves nothing; one that repeats another amount, bank, beneficiary or
/// reference is about another payout.
pub(super) fn objection(
    operation: &Operation,
    payout: &Payout,
    request: &[u8],
    answer: &Answer,
    body: Option<&Members<'_>>,
) -> Option<Failure> {
    let body = body.filter(|body| !body.repeated && !names_failure(body));
    let data = body.and_then(|body| body.object("data"));
    let has = |name: &&str| {
        let node = data.and_then(|data| data.at(name));
        node.is_some_and(Node::is_named)
    };
    let (kind, reason, proof) = match data {
        Some(data) if operation.essential.iter().all(has) => {
            let asked = Members::of(request)?;
            if !is_another(payout, &asked, data) {
                return None;
            }
            let reason = Some(Reason::DuplicateReference);
            (FailureKind::Refused, reason, Proof::Duplicate)
        }
        _ => (FailureKind::Decode, None, Proof::Nothing),
    };
    Some(Failure {
        kind,
        reason,
        proof,
        rejects_token: false,
        undisputed: false,
        refusal: Refusal::of(answer.status, object(&answer.body).as_ref()),
    })
}

/// An error, or a failing status, beside the success.
fn names_failure(body: &Members<'_>) -> bool {
    let status = match body.at("status") {
        Some(Node::Number(status)) => status.as_u64(),
        _ => None,
    };
    body.at("error").is_some_and(|error| !error.is_blank()) || status.is_some_and(|it| it >= 400)
}

fn is_another(payout: &Payout, asked: &Members<'_>, data: &Members<'_>) -> bool {
    let pair = |asked_at: Option<&str>, told_at: Option<&str>| {
        let (asked, told) = (asked.at(asked_at?)?, data.at(told_at?)?);
        if asked == told {
            return None;
        }
        Some((text(asked)?, text(told)?))
    };
    let echo = &payout.echo;
    let beneficiary = pair(Some(payout.beneficiary), echo.beneficiary);
    // A number has lost its zeros, and an account of a bank is no telephone.
    let by = numbers::Spelling {
        bare: echo
            .beneficiary
            .and_then(|name| data.at(name))
            .is_some_and(|told| matches!(told, Node::Number(_))),
        telephone: payout.bank.is_none(),
    };
    is_another_amount(payout, asked, data)
        || pair(payout.bank, echo.bank).is_some_and(|(asked, told)| bank::differ(&asked, &told))
        || beneficiary.is_some_and(|(asked, told)| numbers::differ(&asked, &told, by))
        || echo.same.iter().any(|(asked, told)| {
            pair(Some(asked), Some(told))
                .is_some_and(|(asked, told)| !asked.eq_ignore_ascii_case(&told))
        })
}

/// Result of comparing what is told of a payout with the request that asked for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// Amount, bank, beneficiary and reference are those that were asked for, as far as both are told.
    Same,
    /// One of them is another.
    Another,
    /// It does not tell this, or something twice, so that nobody knows whose payout it is.
    Untold(&'static str),
}

impl Compared {
    /// Compares the data of an answer, of a list's row or of an event with the body of a request.
    ///
    /// `payout` says where both have what. A gross amount counts if it is the one that was asked for; the
    /// fee is not known.
    pub fn of(payout: &Payout, request: &[u8], data: &[u8]) -> Self {
        let (Some(asked), Some(data)) = (Members::of(request), Members::of(data)) else {
            return Self::Untold("data");
        };
        if data.repeated {
            return Self::Untold("data");
        }
        if is_another(payout, &asked, &data) {
            return Self::Another;
        }
        let echo = &payout.echo;
        let asked_amount = payout.amount.and_then(|name| amount_at(&asked, name));
        let mut amounts = echo.amounts.iter().chain(&echo.gross);
        if asked_amount.is_some() && !amounts.any(|name| amount_at(&data, name) == asked_amount) {
            return Self::Untold("amount");
        }
        let told = |name: &str| data.at(name).is_some_and(Node::is_named);
        match echo.beneficiary {
            Some(name) if !told(name) => Self::Untold("beneficiary"),
            _ => Self::Same,
        }
    }
}

fn is_another_amount(payout: &Payout, asked: &Members<'_>, data: &Members<'_>) -> bool {
    let Some(asked) = payout.amount.and_then(|name| amount_at(asked, name)) else {
        return false;
    };
    let told = payout.echo.amounts.iter();
    let mut told = told.filter_map(|name| amount_at(data, name)).peekable();
    let gross = || payout.echo.gross.and_then(|name| amount_at(data, name));
    if told.peek().is_none() {
        // The fee is not known, but it is none that is paid to the merchant.
        gross().is_some_and(|gross| gross.0 < asked.0 || gross.1 != asked.1)
    } else {
        !told.any(|told| told == asked) && gross() != Some(asked)
    }
}

/// The member with a dotted name.
pub(super) fn at<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    name.split('.')
        .try_fold(value, |value, name| value.get(name))
}

/// Nothing, or what PHP makes of nothing.
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Number(_) => false,
    }
}

/// True if it is an id, a code or a word.
pub(super) fn is_named(value: &Value) -> bool {
    (value.is_string() || value.is_number()) && !is_blank(value)
}

fn text(node: &Node<'_>) -> Option<String> {
    let text = tolerant::text_of(node.to_value())?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// An amount in any of its shapes; what cannot be read is not compared.
fn amount_at(members: &Members<'_>, name: &str) -> Option<(Amount, Currency)> {
    let money: Money<Amount> = match members.at(name)? {
        Node::Object(money) => {
            let member = |name| money.at(name).map(Node::to_value);
            Money::from_members(member("value"), member("currency"), Map::new())?
        }
        node => Money::from_value(node.to_value())?,
    };
    Some((money.value, money.currency))
}
