//! Fields of a top-up and of the inquiry before it.

use serde_json::Value;

use crate::http::validate::Fields;

/// Wallets, with their smallest top-up.
pub(super) const WALLETS: [(&str, i64); 4] = [
    ("DANA", 1_000),
    ("OVO", 10_000),
    ("GOPAY", 1_000),
    ("SHOPEEPAY", 1_000),
];
pub(super) const LARGEST: i64 = 20_000_000;

pub(super) fn customer_number(fields: &mut Fields<'_>) -> String {
    let number = fields.text("customer_number", 15);
    if !number.is_empty() && number.chars().count() < 10 {
        fields.fail(
            "customer_number",
            "The customer number field must be at least 10 characters.",
        );
    }
    number
}

/// `{"value": "10000.00", "currency": "IDR"}`; a bare number is refused (seen live).
pub(super) fn wallet_amount(fields: &mut Fields<'_>, code: &str) -> i64 {
    let wallet = WALLETS.iter().find(|(name, _)| *name == code);
    if !code.is_empty() && wallet.is_none() {
        fields.invalid("ewallet_code");
    }
    let Some(amount) = fields.required("amount") else {
        return 0;
    };
    let Value::Object(object) = amount else {
        fields.fail("amount", "The amount field must be an array.");
        return 0;
    };
    let mut inner = Fields::nested(object, "amount");
    let currency = inner.text("currency", 3);
    if !currency.is_empty() && currency != "IDR" {
        inner.invalid("currency");
    }
    let text = inner.text("value", 20);
    let rupiah = text
        .strip_suffix(".00")
        .filter(|whole| whole.bytes().all(|b| b.is_ascii_digit()));
    let value = rupiah.and_then(|whole| whole.parse().ok()).unwrap_or(0);
    if !text.is_empty() {
        let least = wallet.map_or(1_000, |(_, least)| *least);
        if rupiah.is_none_or(str::is_empty) {
            inner.bad_format("value");
        } else if value < least {
            inner.fail(
                "value",
                format!("The amount.value field must be at least {least}."),
            );
        } else if value > LARGEST {
            inner.fail(
                "value",
                format!("The amount.value field must not be greater than {LARGEST}."),
            );
        }
    }
    fields.absorb(inner);
    value
}

pub(super) fn may_stand_in_notes(c: char) -> bool {
    c.is_alphanumeric() || c == ' ' || c == '/'
}
