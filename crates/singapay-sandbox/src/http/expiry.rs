//! Fields that requests of several products share.

use serde_json::Value;

use super::validate::Fields;
use crate::wire_time::{self, At};

/// Unix milliseconds: thirteen digits, as a number or a string.
pub(crate) fn expiry_millis(fields: &mut Fields<'_>, now: At) -> Option<At> {
    let value = fields.value("expired_at")?;
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    if text.len() != 13 || !text.bytes().all(|b| b.is_ascii_digit()) {
        fields.bad_format("expired_at");
        return None;
    }
    let at = At(text.parse().ok()?);
    if at <= now {
        fields.fail(
            "expired_at",
            "The expired at field must be a date after now.",
        );
    }
    Some(at)
}

/// Any date text; must lie ahead.
pub(crate) fn expiry_date(fields: &mut Fields<'_>, now: At) -> Option<At> {
    let text = fields.optional_text("expired_at", 50)?;
    let at = wire_time::parse_any(&text);
    match at {
        None => fields.fail("expired_at", "The expired at field must be a valid date."),
        Some(at) if at <= now => {
            fields.fail(
                "expired_at",
                "The expired at field must be a date after now.",
            );
        }
        Some(_) => {}
    }
    at
}
