//! The gateway's body normalisation: PHP's `json_decode`, `ksort` by bytes, `json_encode`.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// The normalised text of a body. With `long_lists_become_objects`, lists of eleven or more are
/// written as PHP's byte-wise `ksort` leaves them: an object with index keys.
pub(crate) fn canonical(value: &Value, long_lists_become_objects: bool) -> String {
    let mut out = String::new();
    write(&mut out, value, long_lists_become_objects);
    out
}

fn write(out: &mut String, value: &Value, long: bool) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => {
            if let Some(integer) = number.as_i64() {
                let _ = write!(out, "{integer}");
            } else {
                write_float(out, number.as_f64().unwrap_or(0.0));
            }
        }
        Value::String(text) => write_string(out, text),
        Value::Array(items) if long && items.len() > 10 => {
            let mut keyed: Vec<_> = items
                .iter()
                .enumerate()
                .map(|(at, item)| (at.to_string(), item))
                .collect();
            keyed.sort_by(|a, b| a.0.cmp(&b.0));
            write_object(
                out,
                keyed.iter().map(|(key, item)| (key.as_str(), *item)),
                long,
            );
        }
        Value::Array(items) => write_list(out, items.iter(), long),
        Value::Object(map) => write_map(out, map, long),
    }
}

fn write_map(out: &mut String, map: &Map<String, Value>, long: bool) {
    let mut entries: Vec<(&str, &Value)> = map.iter().map(|(key, v)| (key.as_str(), v)).collect();
    entries.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
    // PHP cannot tell such an array from a list; the empty object is one of them.
    if entries
        .iter()
        .enumerate()
        .all(|(at, (key, _))| *key == at.to_string())
    {
        write_list(out, entries.iter().map(|(_, value)| *value), long);
    } else {
        write_object(out, entries.into_iter(), long);
    }
}

fn write_list<'a>(out: &mut String, items: impl Iterator<Item = &'a Value>, long: bool) {
    out.push('[');
    for (at, item) in items.enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(out, item, long);
    }
    out.push(']');
}

fn write_object<'a>(
    out: &mut String,
    entries: impl Iterator<Item = (&'a str, &'a Value)>,
    long: bool,
) {
    out.push('{');
    for (at, (key, value)) in entries.enumerate() {
        if at > 0 {
            out.push(',');
        }
        write_string(out, key);
        out.push(':');
        write(out, value, long);
    }
    out.push('}');
}

/// PHP with `serialize_precision` -1: shortest digits, no fraction on whole numbers, exponents as
/// `1.0e+25`.
fn write_float(out: &mut String, number: f64) {
    let magnitude = number.abs();
    if magnitude == 0.0 {
        out.push_str(if number.is_sign_negative() { "-0" } else { "0" });
    } else if (1e-4..1e17).contains(&magnitude) {
        let _ = write!(out, "{number}");
    } else {
        let text = format!("{number:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let point = if mantissa.contains('.') { "" } else { ".0" };
        let sign = if exponent.starts_with('-') { "" } else { "+" };
        let _ = write!(out, "{mantissa}{point}e{sign}{exponent}");
    }
}

fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' || matches!(c, '\u{2028}' | '\u{2029}') => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        canonical(&serde_json::from_str(text).unwrap(), false)
    }

    #[test]
    fn follows_the_measured_table() {
        assert_eq!(
            of(r#"{"b":1,"B":2,"_":3,"a":{},"é":"a/b"}"#),
            r#"{"B":2,"_":3,"a":[],"b":1,"é":"a/b"}"#
        );
        assert_eq!(of(r#"{"0":"x","1":"y"}"#), r#"["x","y"]"#);
        assert_eq!(
            of("[10000.00,0.070,1e3,1e25,-0.0]"),
            "[10000,0.07,1000,1.0e+25,-0]"
        );
        assert_eq!(
            of("[9223372036854775807,9223372036854775808]"),
            "[9223372036854775807,9.223372036854776e+18]"
        );
        assert_eq!(
            of(r#"["\u2028\u001f\u007f<"]"#),
            "[\"\\u2028\\u001f\u{7f}<\"]"
        );
        assert_eq!(of(r#"{"a":1,"a":2}"#), r#"{"a":2}"#);
    }

    #[test]
    fn long_lists_become_objects_only_when_asked() {
        let eleven: Value = serde_json::from_str("[0,1,2,3,4,5,6,7,8,9,10]").unwrap();
        assert_eq!(canonical(&eleven, false), "[0,1,2,3,4,5,6,7,8,9,10]");
        assert!(canonical(&eleven, true).starts_with(r#"{"0":0,"1":1,"10":10,"2":2"#));
    }
}
