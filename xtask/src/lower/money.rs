//! Fields that are amounts in rupiah.

use serde_json::Value;

use crate::document::members;

const PREFIXES: [&str; 4] = ["amount_", "balance_", "price_", "total_amount_"];

/// True if a scalar field of this name is an amount. `value` is one beside a currency.
pub(super) fn is_amount(field: &str, beside_currency: bool) -> bool {
    match field {
        "value" => return beside_currency,
        // Names that are amounts as they stand.
        "subtotal" | "tip" | "total_paid" | "total_refunded" | "total_to_transfer" => return true,
        _ => {}
    }
    match field.rsplit('_').next().unwrap_or_default() {
        // Last parts of names of amounts, or whole names.
        "amount" | "balance" | "cost" | "discount" | "fee" | "margin" | "price" => true,
        // Last parts of names that speak about an amount without being one.
        "at" | "code" | "count" | "currency" | "desc" | "description" | "formatted" | "id"
        | "indicator" | "info" | "label" | "mode" | "name" | "number" | "percent"
        | "percentage" | "rate" | "status" | "text" | "type" | "unit" | "words" => false,
        _ => PREFIXES.iter().any(|prefix| field.starts_with(prefix)),
    }
}

/// True if an object with the fields of this schema is `singapay_core::Money`.
pub(super) fn is_money_object(schema: &Value) -> bool {
    let mut fields: Vec<_> = members(schema, "properties")
        .map(|(name, _)| name)
        .collect();
    fields.sort_unstable();
    fields == ["currency", "value"]
}
