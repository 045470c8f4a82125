//! Readers for answers of a loosely typed backend, for `#[serde(deserialize_with = "..")]`.
//!
//! Each exists for a required field and, as `option_*`, for an optional one; optional fields also
//! say `#[serde(default)]`, so that absence is `None`. All of them read a number where text was
//! announced and text where a number was, `[]` for an empty object and `{}` for an empty list.
//!
//! **Optional fields lose what cannot be read.** An object where text was announced, or a fraction
//! where whole rupiah were, reads as `None`: one odd field must not make the answer to a payment
//! unreadable. The raw answer still holds it. Required fields fail instead. No error repeats a value.
//!
//! All of them take JSON first and make of that what they want, so that a type inside an answer is
//! compiled once, and not for each place and each reader that it can come from.
//!
//! In use: `crates/singapay-api/src/generated/payment.rs`.

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _},
};
use serde_json::{Map, Number, Value};

pub use crate::money::option_money;
use crate::shape::is_index;

/// Reads text, also where a number or a boolean came.
///
/// # Errors
///
/// Anything that is not a scalar, and integers of more than 64 bits whose digits are already lost.
pub fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text_of(Value::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("text expected"))
}

/// Reads optional text; an empty text stays an empty text.
///
/// # Errors
///
/// Malformed input only.
pub fn option_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Value::deserialize(deserializer).map(text_of)
}

/// Reads a list of texts, each as [`text`] does; one text stands for a list of one.
///
/// # Errors
///
/// An object with named members, or an element that is not a scalar.
pub fn text_list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    texts_of(Value::deserialize(deserializer)?)
        .map(Option::unwrap_or_default)
        .ok_or_else(|| D::Error::custom("list of texts expected"))
}

/// Reads an optional list of texts, as [`text_list`] does.
///
/// # Errors
///
/// Malformed input only.
pub fn option_text_list<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<String>>, D::Error> {
    Ok(texts_of(Value::deserialize(deserializer)?).flatten())
}

/// Reads an integer, also from `"10"`, `"10.00"` and `10.0`.
///
/// # Errors
///
/// Anything else, and overflow.
pub fn integer<'de, D: Deserializer<'de>, T: TryFrom<i64>>(deserializer: D) -> Result<T, D::Error> {
    integer_of(&Value::deserialize(deserializer)?)
        .ok_or_else(|| D::Error::custom("integer expected"))
}

/// Reads an optional integer, as [`integer`] does.
///
/// # Errors
///
/// Malformed input only.
pub fn option_integer<'de, D: Deserializer<'de>, T: TryFrom<i64>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(integer_of(&Value::deserialize(deserializer)?))
}

/// Reads a boolean, also from `0`, `1`, `"true"`, `"false"`, `"0"` and `"1"`.
///
/// # Errors
///
/// Anything else.
pub fn boolean<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    boolean_of(&Value::deserialize(deserializer)?)
        .ok_or_else(|| D::Error::custom("boolean expected"))
}

/// Reads an optional boolean, as [`boolean`] does.
///
/// # Errors
///
/// Malformed input only.
pub fn option_boolean<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<bool>, D::Error> {
    Ok(boolean_of(&Value::deserialize(deserializer)?))
}

/// Reads an object; `[]`, null and `""` stand for one without members.
///
/// # Errors
///
/// `T` refuses it, for example for a missing required member.
pub fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<T, D::Error> {
    let members = match Value::deserialize(deserializer)? {
        object @ Value::Object(_) => object,
        _ => Value::Object(Map::new()),
    };
    T::deserialize(members).map_err(D::Error::custom)
}

/// Reads an optional object; `[]`, null, `""`, and what `T` cannot read, are `None`.
///
/// # Errors
///
/// Malformed input only.
pub fn option_object<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        object @ Value::Object(_) => T::deserialize(object).ok(),
        _ => None,
    })
}

/// Reads a list; null, `{}` and `""` are an empty one.
///
/// An object with numeric names (PHP's filtered array) is the list of its values; any other object,
/// and a scalar, is a list of one.
///
/// # Errors
///
/// `T` refuses an element of the list.
pub fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let items = items_of(Value::deserialize(deserializer)?).unwrap_or_default();
    let items: Result<_, _> = items.into_iter().map(T::deserialize).collect();
    items.map_err(D::Error::custom)
}

/// Reads an optional list, as [`list`] does; null, `""`, and a list with an element that `T` cannot
/// read, are `None`.
///
/// # Errors
///
/// Malformed input only.
pub fn option_list<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<Vec<T>>, D::Error> {
    Ok(
        items_of(Value::deserialize(deserializer)?).and_then(|items| {
            items
                .into_iter()
                .map(|item| T::deserialize(item).ok())
                .collect()
        }),
    )
}

/// Reads an optional amount, time, enum or redacted text; null and `""` are `None`, and so is what
/// `T` cannot read.
///
/// # Errors
///
/// Malformed input only.
pub fn option<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        value => T::deserialize(value).ok(),
    })
}

/// Reads any JSON as it is.
///
/// # Errors
///
/// Malformed input only.
pub fn value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    Value::deserialize(deserializer)
}

/// Reads any JSON as it is; null is `None`.
///
/// # Errors
///
/// Malformed input only.
pub fn option_value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Ok(Some(Value::deserialize(deserializer)?).filter(|value| !value.is_null()))
}

/// The text of a scalar, with its digits as they were written; `None` for anything else.
pub fn text_of(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => number_text(&number),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// The items of what PHP may have written for a list; `None` for null and `""`.
fn items_of(value: Value) -> Option<Vec<Value>> {
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::Array(items) => Some(items),
        Value::Object(members) => Some(match members.keys().next() {
            None => Vec::new(),
            Some(name) if is_index(name) => members.into_iter().map(|(_, item)| item).collect(),
            Some(_) => vec![Value::Object(members)],
        }),
        scalar => Some(vec![scalar]),
    }
}

/// Outer `None`: unreadable. Inner `None`: null.
#[allow(clippy::option_option)]
fn texts_of(value: Value) -> Option<Option<Vec<String>>> {
    match value {
        Value::Null => Some(None),
        Value::Array(items) => items
            .into_iter()
            .map(text_of)
            .collect::<Option<_>>()
            .map(Some),
        Value::Object(items) if items.keys().all(|name| is_index(name)) => items
            .into_iter()
            .map(|(_, item)| text_of(item))
            .collect::<Option<_>>()
            .map(Some),
        Value::Object(_) => None,
        Value::String(text) if text.is_empty() => Some(Some(Vec::new())),
        scalar => text_of(scalar).map(|text| Some(vec![text])),
    }
}

pub(crate) fn integer_of<T: TryFrom<i64>>(value: &Value) -> Option<T> {
    let number = match value {
        Value::String(text) => whole(text),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Some(number),
            None => whole(&number_text(number)?),
        },
        _ => None,
    };
    T::try_from(number?).ok()
}

pub(crate) fn boolean_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::Number(_) => match integer_of::<i64>(value)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        },
        Value::String(text) => match text.as_str() {
            "1" => Some(true),
            "0" => Some(false),
            text if text.eq_ignore_ascii_case("true") => Some(true),
            text if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A number as text, without exponent and without zeros that end a fraction; `None` if digits were lost.
///
/// Gives the same with and without serde_json's `arbitrary_precision`, except that long integers
/// keep their digits with it.
pub(crate) fn number_text(number: &Number) -> Option<String> {
    /// Above this, floats skip integers: 2^53.
    const EXACT: f64 = 9_007_199_254_740_992.0;

    let mut text = number.to_string();
    if text.contains(['e', 'E']) {
        let float = number.as_f64().filter(|float| float.abs() < EXACT)?;
        text = float.to_string();
    }
    if text.contains('.') {
        let exact = text.trim_end_matches('0').trim_end_matches('.');
        text.truncate(exact.len());
    }
    Some(text)
}

/// Parses `-?[0-9]+(\.0+)?` that fits.
pub(crate) fn whole(text: &str) -> Option<i64> {
    let hundredths = hundredths(text)?;
    let whole = i64::try_from(hundredths / 100).ok()?;
    (hundredths % 100 == 0).then_some(whole)
}

/// Parses `-?[0-9]+(\.[0-9]{1,2}0*)?` whose integer fits, as hundredths; the only way from text to a
/// number here.
///
/// Three digits after the point are refused: in Indonesia `15.000` is fifteen thousand.
pub(crate) fn hundredths(text: &str) -> Option<i128> {
    let is_digits = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    let (integer, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = integer.strip_prefix('-').unwrap_or(integer);
    if digits.is_empty() || !is_digits(digits) {
        return None;
    }
    if matches!(fraction.len(), 0 | 3) || !is_digits(fraction) {
        return None;
    }
    let (cents, zeros) = fraction.split_at(fraction.len().min(2));
    if zeros.bytes().any(|digit| digit != b'0') {
        return None;
    }
    let scale = if cents.len() == 1 { 10 } else { 1 };
    let cents = scale * i128::from(cents.parse::<u8>().ok()?);
    let whole = 100 * i128::from(integer.parse::<i64>().ok()?);
    Some(match integer.starts_with('-') {
        true => whole - cents,
        false => whole + cents,
    })
}

#[cfg(test)]
mod tests;
