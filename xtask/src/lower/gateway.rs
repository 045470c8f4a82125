//! Kinds of values that only documents of the gateway have: amounts, times and secrets.

use serde_json::{Value, json};

use super::{
    Side, free_form, money, rust_type,
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
            self.report.change("decimal-text", at, reason);
            return Some(json!({"type": "string"}));
        }
        if place.as_text {
            return None;
        }
        if place.side == Side::Response
            && money::is_amount(&place.field, place.beside_currency)
            && is_amount_or_money(schema)
        {
            self.report
                .change("money", at, "bare or with currency: Money");
            return Some(rust_type::money(place.side));
        }
        let kinds = scalar_kinds(schema);
        let format = text(schema, "format").unwrap_or_default();
        if let Some(path) = time::rust_type(format).filter(|_| kinds.is_some()) {
            self.report.change("time", at, format!("{format}: {path}"));
            return Some(rust_type::core(path));
        }
        let kinds = kinds.filter(|_| schema.get("enum").is_none())?;
        if text(schema, MONEY) == Some("exact") {
            self.report
                .change("money", at, format!("{}: Amount", kinds.join(" or ")));
            if place.side == Side::Request {
                self.report.problem(at, "requests take whole rupiah");
            }
            return Some(rust_type::core("Amount"));
        }
        let marked =
            |mark: &str, guess: bool| schema.get(mark).and_then(Value::as_bool).unwrap_or(guess);
        let textual = kinds.contains(&"string");
        let secret = format == "password" || (textual && sensitive::is_sensitive(&place.field));
        if marked("x-singapay-sensitive", secret) {
            if !textual {
                self.report.problem(at, "only text can be sensitive");
            }
            self.report.change("sensitive", at, "");
            return Some(rust_type::core("Sensitive"));
        }
        let amount = money::is_amount(&place.field, place.beside_currency);
        if !kinds.contains(&"boolean") && marked(MONEY, amount) {
            self.report
                .change("money", at, format!("{}: Rupiah", kinds.join(" or ")));
            // The type writes a number, and a gateway that wants text refuses that.
            if place.side == Side::Request && kinds == ["string"] {
                self.report
                    .problem(at, "an amount that is sent as text: `Rupiah` is a number");
            }
            return Some(rust_type::core("Rupiah"));
        }
        None
    }
}

/// True if a schema allows a bare amount and one with its currency; `Money` reads both.
fn is_amount_or_money(schema: &Value) -> bool {
    let is_money = |one: &Value| {
        one.get("properties")
            .and_then(Value::as_object)
            .is_some_and(|fields| money::is_money_object(fields.keys().map(String::as_str)))
    };
    let is_scalar = |one: &Value| {
        matches!(text(one, "type"), Some("string" | "integer" | "number"))
            && one.get("enum").is_none()
    };
    ["oneOf", "anyOf"].iter().any(|key| {
        let some = items(schema, key);
        some.iter().any(is_money) && some.iter().all(|one| is_money(one) || is_scalar(one))
    })
}

/// The scalar types that a schema allows; `None` if it allows anything else.
fn scalar_kinds(schema: &Value) -> Option<Vec<&str>> {
    const SCALARS: [&str; 4] = ["string", "integer", "number", "boolean"];
    let kinds: Vec<&str> = match (schema.get("type"), schema.get("oneOf"), schema.get("anyOf")) {
        (Some(kind), None, None) => vec![kind.as_str()?],
        (None, Some(Value::Array(some)), None) | (None, None, Some(Value::Array(some))) => some
            .iter()
            .map(|one| text(one, "type").filter(|_| one.get("enum").is_none()))
            .collect::<Option<_>>()?,
        _ => return None,
    };
    kinds
        .iter()
        .all(|kind| SCALARS.contains(kind))
        .then_some(kinds)
        .filter(|k| !k.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{
        super::testing::{core_type, field, good},
        *,
    };

    #[test]
    fn amounts_times_and_secrets_get_their_types() {
        for (side, name, schema, expected) in [
            (
                Side::Request,
                "amount",
                json!({"type": "integer"}),
                "Rupiah",
            ),
            (Side::Response, "fee", json!({"type": "number"}), "Rupiah"),
            (
                Side::Response,
                "total_amount",
                json!({"oneOf": [{"type": "string"}, {"type": "number"}]}),
                "Rupiah",
            ),
            (
                Side::Request,
                "phone",
                json!({"type": "string"}),
                "Sensitive",
            ),
            (
                Side::Request,
                "anything",
                json!({"type": "string", "format": "password"}),
                "Sensitive",
            ),
            (
                Side::Response,
                "expired_at",
                json!({"oneOf": [{"type": "string"}, {"type": "integer"}], "format": "unix-millis"}),
                "time::UnixMillis",
            ),
            (
                Side::Request,
                "amount",
                json!({"type": "object", "properties": {
                    "value": {"type": "string"}, "currency": {"type": "string"}}}),
                "Money",
            ),
            (
                Side::Request,
                "rate",
                json!({"type": "number", "x-singapay-money": true}),
                "Rupiah",
            ),
        ] {
            assert_eq!(
                core_type(&good(side, name, schema).schema),
                expected,
                "{name}"
            );
        }
    }

    #[test]
    fn marks_and_enums_overrule_names() {
        let plain = |name, schema| good(Side::Response, name, schema).schema;
        let text = json!({"type": "string"});
        assert_eq!(
            plain(
                "token",
                json!({"type": "string", "x-singapay-sensitive": false})
            ),
            text
        );
        assert_eq!(
            plain("fee", json!({"type": "string", "x-singapay-money": false})),
            text
        );
        assert_eq!(
            plain(
                "mdr_cost",
                json!({"type": "number", "x-singapay-decimal": "may have a fraction"})
            ),
            text
        );
        assert_eq!(
            plain("amount", json!({"type": "string", "enum": ["open"]})),
            json!({"$ref": "#/components/schemas/ParentAmount"})
        );
    }

    #[test]
    fn amounts_with_decimals_are_in_answers_only() {
        let exact = json!({"type": "string", "x-singapay-money": "exact"});
        let balance = good(Side::Response, "balance_after", exact.clone());
        assert_eq!(core_type(&balance.schema), "Amount");
        assert_eq!(
            field(Side::Request, "amount", exact).problems,
            ["#/here: requests take whole rupiah"]
        );
    }

    #[test]
    fn an_amount_that_is_sent_as_text_is_a_problem() {
        let text = json!({"type": "string"});
        let found = field(Side::Request, "amount", text.clone()).problems;
        assert_eq!(
            found,
            ["#/here: an amount that is sent as text: `Rupiah` is a number"]
        );
        assert_eq!(
            core_type(&good(Side::Response, "amount", text).schema),
            "Rupiah"
        );
    }
}
