//! Fields that payment links of both versions share.

use serde_json::{Map, Value};

use super::record::{Customer, Item, METHODS};
use crate::{http::validate::Fields, state::World};

pub(super) const SMALLEST: i64 = 10_000;

/// At most 40 characters, no white space, no slash; it becomes part of the hosted page's address.
pub(super) fn reff_no(fields: &mut Fields<'_>, world: &World) -> String {
    let reff_no = fields.text("reff_no", 40);
    if reff_no.contains(|c: char| c.is_whitespace() || c == '/') {
        fields.bad_format("reff_no");
    } else if world.links.row_of(&reff_no).is_some() {
        fields.fail("reff_no", "The reff no has already been taken.");
    }
    reff_no
}

pub(super) fn items(fields: &mut Fields<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    if fields.value("items").is_some() {
        fields.each("items", |item| {
            items.push(Item {
                name: item.text("name", 255),
                quantity: item.integer("quantity", 1, 1_000_000),
                unit_price: item.integer("unit_price", -1_000_000_000_000, 1_000_000_000_000),
            });
        });
    }
    items
}

/// Codes are case-sensitive; none and an empty list select all; whatever the request's order, the
/// catalogue's comes back (all seen live).
pub(super) fn whitelist(fields: &mut Fields<'_>) -> Vec<String> {
    let those = |chosen: &[&str]| {
        let codes = METHODS.iter().map(|(code, _, _)| *code);
        let codes = codes.filter(|code| chosen.is_empty() || chosen.contains(code));
        codes.map(str::to_owned).collect()
    };
    let Some(value) = fields.value("whitelisted_payment_method") else {
        return those(&[]);
    };
    let Some(list) = value.as_array() else {
        fields.fail(
            "whitelisted_payment_method",
            "The whitelisted payment method field must be an array.",
        );
        return Vec::new();
    };
    let known = |entry: &Value| {
        let code = entry.as_str()?;
        let known = METHODS.iter().find(|(known, _, _)| *known == code);
        known.map(|(code, _, _)| *code)
    };
    match list.iter().map(known).collect::<Option<Vec<_>>>() {
        Some(chosen) => those(&chosen),
        None => {
            fields.invalid("whitelisted_payment_method");
            Vec::new()
        }
    }
}

/// An object; PHP writes an empty one as a list.
pub(super) fn metadata(fields: &mut Fields<'_>) -> Option<Map<String, Value>> {
    match fields.value("optional_metadata")? {
        Value::Object(map) => Some(map.clone()),
        Value::Array(list) if list.is_empty() => Some(Map::new()),
        _ => {
            fields.fail(
                "optional_metadata",
                "The optional metadata field must be an array.",
            );
            None
        }
    }
}

/// Only for links that are used once; name and e-mail come together, a phone never alone.
pub(super) fn customer(fields: &mut Fields<'_>, max_usage: i64) -> Customer {
    let name = fields.optional_text("customer_name", 255);
    let email = fields
        .value("customer_email")
        .map(|_| fields.email("customer_email", 255));
    let phone = fields.optional_text("customer_phone", 50);
    if max_usage != 1 {
        for field in ["customer_name", "customer_email", "customer_phone"] {
            if fields.value(field).is_some() {
                fields.fail(
                    field,
                    "Customer details are only allowed for single use links.",
                );
            }
        }
    } else if name.is_some() || email.is_some() || phone.is_some() {
        fields.required("customer_name");
        fields.required("customer_email");
    }
    Customer {
        name: name.unwrap_or_default(),
        email: email.unwrap_or_default(),
        phone: phone.unwrap_or_default(),
    }
}
