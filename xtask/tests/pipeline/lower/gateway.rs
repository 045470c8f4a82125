//! Amounts, times and secrets.

use serde_json::json;

use xtask::lower::Side;

use super::{core_type, field, good};

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

#[test]
fn names_tell_amounts_and_secrets() {
    let kind_of = |name: &str| {
        let lowered = good(Side::Response, name, json!({"type": "string"}));
        core_type(&lowered.schema).to_owned()
    };
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
        assert_eq!(kind_of(name), "Rupiah", "{name}");
    }
    for name in [
        "card_number",
        "card_cvv",
        "customer_phone",
        "phone_no",
        "otp",
        "nik",
    ] {
        assert_eq!(kind_of(name), "Sensitive", "{name}");
    }
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
        "token_type",
        "payment_otp_mode",
        "otp_expired_at",
        "masked_card",
        "id",
    ] {
        assert_eq!(kind_of(name), "", "{name}");
    }
}

#[test]
fn only_value_and_currency_make_money() {
    let text = json!({"type": "string"});
    let money = |names: &[&str]| {
        let fields = names.iter().map(|name| ((*name).to_owned(), text.clone()));
        let fields: serde_json::Map<_, _> = fields.collect();
        good(
            Side::Response,
            "x",
            json!({"type": "object", "properties": fields}),
        )
    };
    assert_eq!(core_type(&money(&["value", "currency"]).schema), "Money");
    assert_eq!(core_type(&money(&["value"]).schema), "");
    let more = money(&["value", "currency", "name"]);
    assert_eq!(core_type(&more.schema), "");
    let value = &more.components["ParentX"]["properties"]["value"];
    assert_eq!(core_type(value), "Rupiah", "beside a currency");
}

#[test]
fn a_plain_date_stays_text() {
    for (format, expected) in [("date", ""), ("date-time", "time::Iso8601")] {
        let schema = json!({"type": "string", "format": format});
        assert_eq!(
            core_type(&good(Side::Response, "day", schema).schema),
            expected
        );
    }
}
