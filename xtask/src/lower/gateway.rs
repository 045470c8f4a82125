//! Kinds of values that only documents of the gateway have: amounts, times and secrets.

use serde_json::{Value, json};

use super::{
    Side, free_form,
    merge::SCALARS,
    money::{self, is_money_object},
    rust_type,
    schema::{DECIMAL, Place, Schemas},
    sensitive, time,
};
use crate::document::{Pointer, items, text};

/// Says if a value is an amount, and if it has decimals.
const MONEY: &str = "x-singapay-money";

impl Schemas<'_> {
    /// Kinds that only documents of the gateway have.
    pub(super) fn gateway_kind(
        &mut self,
        schema: &Value,
        at: &Pointer,
        place: &Place,
    ) -> Option<Value> {
        if text(schema, free_form::EXTENSION).is_some() {
            return Some(free_form::lower(self, schema, at));
        }
        if let Some(reason) = text(schema, DECIMAL) {
            self.change("decimal-text", at, reason);
            return Some(json!({"type": "string"}));
        }
        if place.as_text {
            return None;
        }
        if place.side == Side::Response
            && money::is_amount(&place.field, place.beside_currency)
            && is_amount_or_money(schema)
        {
            self.change("money", at, "bare or with currency: Money");
            return Some(rust_type::money(place.side));
        }
        let kinds = scalar_kinds(schema);
        let format = text(schema, "format").unwrap_or_default();
        if let Some(path) = time::rust_type(format).filter(|_| kinds.is_some()) {
            self.change("time", at, format!("{format}: {path}"));
            return Some(rust_type::core(path));
        }
        let kinds = kinds.filter(|_| schema.get("enum").is_none())?;
        if text(schema, MONEY) == Some("exact") {
            self.change("money", at, format!("{}: Amount", kinds.join(" or ")));
            if place.side == Side::Request {
                self.problem(at, "requests take whole rupiah");
            }
            return Some(rust_type::core("Amount"));
        }
        let marked =
            |mark: &str, guess: bool| schema.get(mark).and_then(Value::as_bool).unwrap_or(guess);
        let textual = kinds.contains(&"string");
        let secret = format == "password" || (textual && sensitive::is_sensitive(&place.field));
        if marked("x-singapay-sensitive", secret) {
            if !textual {
                self.problem(at, "only text can be sensitive");
            }
            self.change("sensitive", at, "");
            return Some(rust_type::core("Sensitive"));
        }
        let amount = money::is_amount(&place.field, place.beside_currency);
        if !kinds.contains(&"boolean") && marked(MONEY, amount) {
            self.change("money", at, format!("{}: Rupiah", kinds.join(" or ")));
            // The type writes a number, and a gateway that wants text refuses that.
            if place.side == Side::Request && kinds == ["string"] {
                self.problem(at, "an amount that is sent as text: `Rupiah` is a number");
            }
            return Some(rust_type::core("Rupiah"));
        }
        None
    }
}

/// True if a schema allows a bare amount and one with its currency; `Money` reads both.
fn is_amount_or_money(schema: &Value) -> bool {
    let is_scalar = |one: &Value| {
        matches!(text(one, "type"), Some("string" | "integer" | "number"))
            && one.get("enum").is_none()
    };
    ["oneOf", "anyOf"].iter().any(|key| {
        let some = items(schema, key);
        some.iter().any(is_money_object)
            && some
                .iter()
                .all(|one| is_money_object(one) || is_scalar(one))
    })
}

/// The scalar types that a schema allows; `None` if it allows anything else.
fn scalar_kinds(schema: &Value) -> Option<Vec<&str>> {
    let kinds: Vec<&str> = match (schema.get("type"), schema.get("oneOf"), schema.get("anyOf")) {
        (Some(kind), None, None) => vec![kind.as_str()?],
        (None, Some(Value::Array(some)), None) | (None, None, Some(Value::Array(some))) => some
            .iter()
            .map(|one| text(one, "type").filter(|_| one.get("enum").is_none()))
            .collect::<Option<_>>()?,
        _ => return None,
    };
    let scalar = !kinds.is_empty() && kinds.iter().all(|kind| SCALARS.contains(kind));
    scalar.then_some(kinds)
}
