//! The fields of a plan.

use serde_json::{Value, json};

use super::record::{RetryPolicy, Schedule};
use crate::{http::validate::Fields, wire_time};

const UNITS: [&str; 4] = ["day", "week", "month", "year"];
const ACTIONS: [&str; 2] = ["continue_plan", "stop_plan"];
/// Least and largest amount of a card payment.
const CARD: (i64, i64) = (10_000, 999_999_999);

/// The schedule, when there is nothing wrong with it.
pub(super) fn schedule(fields: &mut Fields<'_>) -> Option<Schedule> {
    let mut inner = fields.member("schedule");
    let interval = inner.integer("interval", 1, 365);
    inner.required("interval_unit");
    let unit = inner.one_of("interval_unit", &UNITS);
    let total = inner.optional_integer("total_interval", 1, 1_000);
    let text = inner.text("start_time", 50);
    let start_time = wire_time::parse_any(&text);
    if start_time.is_none() && !text.is_empty() {
        inner.fail(
            "start_time",
            "The schedule.start time field must be a valid date.",
        );
    }
    fields.absorb(inner);
    Some(Schedule {
        interval,
        unit: unit?,
        total,
        start_time: start_time?,
    })
}

/// The policy, or its flat twins where it says nothing; three daily attempts unless told otherwise.
pub(super) fn retry_policy(fields: &mut Fields<'_>) -> RetryPolicy {
    let mut inner = match fields.value("retry_policy") {
        Some(_) => fields.member("retry_policy"),
        None => Fields::empty("retry_policy"),
    };
    let mut number = |name: &str, flat: &str, most: i64, least: i64, usual: i64| {
        let own = inner.optional_integer(name, least, most);
        let twin = fields.optional_integer(flat, least, most);
        own.or(twin).unwrap_or(usual)
    };
    let max_attempts = number("max_attempts", "retry_count", 30, 0, 3);
    let interval_days = number("interval_days", "retry_interval_days", 30, 1, 1);
    let own = inner.one_of("failed_payment_action", &ACTIONS);
    let twin = fields.one_of("failed_payment_action", &ACTIONS);
    fields.absorb(inner);
    RetryPolicy {
        max_attempts,
        interval_days,
        stops: own.or(twin).as_deref() == Some("stop_plan"),
    }
}

/// Reads the price of a cycle.
pub(super) struct Price {
    pub(super) amount: i64,
    pub(super) items: Option<Value>,
}

/// An amount or items; `None` when neither was sent, or when something is wrong.
pub(super) fn price(fields: &mut Fields<'_>) -> Option<Price> {
    let amount = fields.optional_integer("amount", CARD.0, CARD.1);
    let items = fields.value("items");
    if items.is_some() && fields.value("amount").is_some() {
        let message = "The amount field is prohibited when items is present.";
        fields.fail("amount", message);
        return None;
    }
    if items.is_none() {
        return Some(Price {
            amount: amount?,
            items: None,
        });
    }
    let mut total: i64 = 0;
    let mut kept = Vec::new();
    let is_list = fields.each("items", |item| {
        let name = item.text("item_name", 191);
        let quantity = item.integer("quantity", 1, 1_000_000);
        let unit_price = item.integer("unit_price", 0, CARD.1);
        let kind = item.optional_text("item_type", 50);
        total = total.saturating_add(quantity.saturating_mul(unit_price));
        kept.push(json!({
            "item_name": name, "quantity": quantity, "unit_price": unit_price, "item_type": kind,
        }));
    });
    if !is_list {
        return None;
    }
    if !(CARD.0..=CARD.1).contains(&total) {
        let (least, most) = CARD;
        fields.fail(
            "items",
            format!("The items must cost between {least} and {most}."),
        );
    }
    Some(Price {
        amount: total,
        items: Some(json!(kept)),
    })
}

/// The merchant's note; PHP writes an empty map as a list.
pub(super) fn description(fields: &mut Fields<'_>) -> Option<String> {
    if fields
        .value("metadata")
        .is_none_or(|value| *value == json!([]))
    {
        return None;
    }
    let mut inner = fields.member("metadata");
    let description = inner.optional_text("description", 1_000);
    fields.absorb(inner);
    description
}
