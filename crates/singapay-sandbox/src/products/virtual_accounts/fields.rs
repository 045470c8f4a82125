//! The fields that depend on what kind of virtual account it is.

use serde_json::Value;

use super::record::VaAmount;
use crate::{
    http::{expiry::expiry_millis, validate::Fields},
    wire_time::At,
};

const LEAST: i64 = 10_000;
const MOST_USES: i64 = 255;

/// Wordings of the complaint about a missing field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    /// `The amount field is required.`
    Framework,
    /// `Amount is required` (seen live on update).
    Own,
}

/// For how much, how often and how long it may be paid.
pub(super) struct Terms {
    pub(super) amount: VaAmount,
    pub(super) max_usage: Option<i64>,
    pub(super) expired_at: Option<At>,
}

/// Reads what this kind needs and ignores what belongs to another. Where the documents differ on
/// what may be left out, nothing may.
pub(super) fn terms(
    fields: &mut Fields<'_>,
    now: At,
    words: Words,
    is_open: bool,
    is_temporary: bool,
    most: i64,
) -> Terms {
    let amount = if is_open {
        let least = whole(fields, words, "min_amount", LEAST, most);
        let largest = whole(fields, words, "max_amount", LEAST, most);
        VaAmount::Open {
            least,
            most: largest,
        }
    } else {
        VaAmount::Closed(whole(fields, words, "amount", LEAST, most))
    };
    bounds(fields);
    let mut terms = Terms {
        amount,
        max_usage: None,
        expired_at: None,
    };
    if is_temporary {
        terms.max_usage = Some(whole(fields, words, "max_usage", 1, MOST_USES));
        if needed(fields, words, "expired_at") {
            terms.expired_at = expiry_millis(fields, now);
        }
    }
    terms
}

/// The bounds of an open amount, in order also where they are not needed.
fn bounds(fields: &mut Fields<'_>) {
    let [least, largest] =
        ["min_amount", "max_amount"].map(|field| fields.value(field).and_then(Value::as_i64));
    if let Some((least, largest)) = least.zip(largest)
        && largest < least
    {
        fields.fail(
            "max_amount",
            format!("The max amount field must be at least {least}."),
        );
    }
}

fn whole(fields: &mut Fields<'_>, words: Words, field: &str, min: i64, max: i64) -> i64 {
    if !needed(fields, words, field) {
        return 0;
    }
    fields.optional_integer(field, min, max).unwrap_or(0)
}

/// Complains of a field that is not there.
fn needed(fields: &mut Fields<'_>, words: Words, field: &str) -> bool {
    if words == Words::Framework {
        return fields.required(field).is_some();
    }
    if fields.value(field).is_some() {
        return true;
    }
    let mut label = field.replace('_', " ");
    if let Some(first) = label.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    fields.fail(field, format!("{label} is required"));
    false
}
