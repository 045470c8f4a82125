//! Fields that are amounts in rupiah.

/// Names that are amounts as they stand.
const WORDS: &[&str] = &[
    "amount",
    "balance",
    "cost",
    "discount",
    "fee",
    "margin",
    "price",
    "subtotal",
    "tip",
    "total_paid",
    "total_refunded",
    "total_to_transfer",
];
const SUFFIXES: &[&str] = &[
    "_amount",
    "_balance",
    "_cost",
    "_discount",
    "_fee",
    "_margin",
    "_price",
];
const PREFIXES: &[&str] = &["amount_", "balance_", "price_", "total_amount_"];
/// Last parts of names that speak about an amount without being one.
const ABOUT: &[&str] = &[
    "at",
    "code",
    "count",
    "currency",
    "desc",
    "description",
    "formatted",
    "id",
    "indicator",
    "info",
    "label",
    "mode",
    "name",
    "number",
    "percent",
    "percentage",
    "rate",
    "status",
    "text",
    "type",
    "unit",
    "words",
];

/// True if a scalar field of this name is an amount. `value` is one beside a currency.
pub(super) fn is_amount(field: &str, beside_currency: bool) -> bool {
    if field == "value" {
        return beside_currency;
    }
    let last = field.rsplit('_').next().unwrap_or_default();
    WORDS.contains(&field)
        || (!ABOUT.contains(&last)
            && (SUFFIXES.iter().any(|suffix| field.ends_with(suffix))
                || PREFIXES.iter().any(|prefix| field.starts_with(prefix))))
}

/// True if an object with these fields is `singapay_core::Money`.
pub(super) fn is_money_object<'a>(fields: impl Iterator<Item = &'a str>) -> bool {
    let mut fields: Vec<_> = fields.collect();
    fields.sort_unstable();
    fields == ["currency", "value"]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_known_by_name() {
        for name in [
            "amount",
            "total_amount",
            "amount_min",
            "total_amount_max",
            "unit_price",
            "fee",
            "late_fee",
            "balance_after",
            "held_balance",
            "tip",
            "tip_amount",
            "subtotal",
            "our_margin",
            "mdr_cost",
            "price",
            "net_price",
            "total_paid",
        ] {
            assert!(is_amount(name, false), "{name}");
        }
    }

    #[test]
    fn names_about_amounts_are_not_amounts() {
        for name in [
            "amount_type",
            "balance_type",
            "fee_percentage",
            "price_currency",
            "total",
            "total_pages",
            "max_usage",
            "quantity",
            "feedback",
            "display_price_name",
            "value",
            "customer_pays_fees",
        ] {
            assert!(!is_amount(name, false), "{name}");
        }
        assert!(is_amount("value", true));
    }

    #[test]
    fn only_value_and_currency_make_money() {
        assert!(is_money_object(["value", "currency"].into_iter()));
        assert!(!is_money_object(["value", "currency", "name"].into_iter()));
        assert!(!is_money_object(["value"].into_iter()));
    }
}
