//! What an answer repeats of a request.

use serde_json::Value;
use singapay_core::{Amount, Money, Operation, Rupiah, operation::Payout};
use singapay_webhook::testing::place::{self, put};

/// A request as the double looks at it.
pub(super) struct Asked<'a> {
    /// Path, without query.
    pub(super) path: &'a str,
    pub(super) body: &'a Value,
    /// The payout that it makes or asks about: how it was described, and with which body.
    pub(super) payout: Option<(&'static Payout, &'a Value)>,
}

/// Writes into the data what was asked.
pub(super) fn echo(data: &mut Value, operation: &Operation, asked: &Asked<'_>) {
    let inner = asked.body.get("data").and_then(Value::as_object);
    let members = asked.body.as_object().into_iter().chain(inner).flatten();
    for (name, value) in members {
        same_name(data, name, value);
    }
    let places = operation.path.split('/').zip(asked.path.split('/'));
    for (place, id) in places.filter(|(place, _)| place.starts_with('{')) {
        let name = place.trim_matches(['{', '}']);
        let name = [name, "id"]
            .into_iter()
            .find(|name| data.get(name).is_some());
        if let Some(name) = name.filter(|_| place != "{account_id}") {
            let value = place::text(data.get(name), id);
            put(data, name, value);
        }
    }
    if let Some((payout, request)) = asked.payout {
        pay(data, payout, request);
    }
}

/// Times are written otherwise than they are asked for, lists with other members.
fn same_name(data: &mut Value, name: &str, value: &Value) {
    let Some(before) = data.get(name) else { return };
    let after = match (amount(value), value) {
        _ if name.ends_with("_at") => return,
        (Some(asked), _) if amount(before).is_some() => place::amount(Some(before), asked),
        (_, Value::String(text)) if !before.is_object() && !before.is_array() => {
            place::text(Some(before), text)
        }
        (_, Value::Bool(_) | Value::Number(_)) => value.clone(),
        _ => return,
    };
    put(data, name, after);
}

fn amount(value: &Value) -> Option<Rupiah> {
    let is_money = value.is_number() || value.get("value").is_some() || value.is_string();
    let money = serde_json::from_value::<Money<Amount>>(value.clone()).ok();
    money.filter(|_| is_money)?.rupiah()
}

fn pay(data: &mut Value, payout: &Payout, request: &Value) {
    let asked = |path: &str| at(request, path).cloned();
    let paid = payout.amount.and_then(asked);
    if let Some(paid) = paid.as_ref().and_then(amount) {
        let echo = payout.echo;
        let there = echo.amounts.iter().filter(|path| at(data, path).is_some());
        let mut there: Vec<&str> = there.copied().collect();
        if there.is_empty() {
            there.extend(echo.amounts.first());
        }
        let fee = at(data, "fee").and_then(amount).unwrap_or(Rupiah::ZERO);
        let gross = paid.checked_add(fee).unwrap_or(paid);
        let gross = echo.gross.map(|path| (path, gross));
        for (path, value) in there.into_iter().map(|path| (path, paid)).chain(gross) {
            let value = place::amount(at(data, path), value);
            put(data, path, value);
        }
    }
    let echo = payout.echo;
    let same = echo.same.iter().map(|(asked, told)| (*asked, Some(*told)));
    let named = [
        (Some(payout.beneficiary), echo.beneficiary),
        (payout.bank, echo.bank),
    ];
    let named = named
        .into_iter()
        .filter_map(|(asked, told)| Some((asked?, told)));
    for (path, told) in named.chain(same) {
        if let (Some(told), Some(value)) = (told, asked(path)) {
            put(data, told, value);
        }
    }
}

fn at<'a>(json: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.')
        .try_fold(json, |value, member| value.get(member))
        .filter(|value| !value.is_null())
}
