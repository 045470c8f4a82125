//! Bodies as the logs tell them: without what must not be told even here.

use serde_json::Value;

/// Members whose values are masked, at any depth.
const MASKED: [&str; 12] = [
    "access_token",
    "card_cvv",
    "card_expiry",
    "card_number",
    "client_secret",
    "cvc",
    "cvv",
    "otp_token",
    "password",
    "pin",
    "refresh_token",
    "secret",
];
const INSTEAD: &str = "***";
/// Most bytes of a body that are told.
const TOLD: usize = 16 << 10;

/// The text of a body that is there; of one that is no JSON its length.
pub(crate) fn text(body: &[u8]) -> Option<String> {
    let length = || format!("({} bytes that are no JSON)", body.len());
    (!body.is_empty()).then(|| json(body).unwrap_or_else(length))
}

/// The text of a body that is JSON.
pub(crate) fn json(body: &[u8]) -> Option<String> {
    let text = match serde_json::from_slice::<Value>(body) {
        Ok(mut value @ (Value::Object(_) | Value::Array(_))) => {
            let written = String::from_utf8_lossy(body);
            // As it was written, which is what a signature may have been made of.
            match hide(&mut value) || mentions(&written) {
                true => value.to_string(),
                false => written.into_owned(),
            }
        }
        _ => return None,
    };
    if text.len() <= TOLD {
        return Some(text);
    }
    let end = (0..=TOLD).rev().find(|end| text.is_char_boundary(*end));
    Some(format!("{}…", &text[..end.unwrap_or(0)]))
}

/// A query, with the same members masked.
pub(crate) fn query(text: &str) -> String {
    let pairs = text.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if is_masked(name) => format!("{name}={INSTEAD}"),
        _ => pair.to_owned(),
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn is_masked(name: &str) -> bool {
    MASKED
        .iter()
        .any(|masked| masked.eq_ignore_ascii_case(name))
}

/// True if a member to mask may stand where parsing loses it, as the first of two of one name does.
fn mentions(json: &str) -> bool {
    let json = json.to_ascii_lowercase();
    MASKED
        .iter()
        .any(|name| json.contains(&format!("\"{name}\"")))
}

/// Masks what has to be; tells whether there was anything.
fn hide(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => {
            let mut any = false;
            for (name, member) in members {
                if !is_masked(name) {
                    any |= hide(member);
                } else if !member.is_null() {
                    *member = INSTEAD.into();
                    any = true;
                }
            }
            any
        }
        Value::Array(items) => items.iter_mut().fold(false, |any, item| hide(item) | any),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_and_the_rest_stays_as_it_was_written() {
        let told = |body: &str| text(body.as_bytes());
        assert_eq!(told(""), None);
        let plain = "{ \"b\": 1.50,\n \"a\": [\"x\"] }";
        assert_eq!(told(plain).unwrap(), plain);
        let secret = r#"{"data":[{"Card_Number":"4111111111111111","cvv":123,"password":null}]}"#;
        assert_eq!(
            told(secret).unwrap(),
            r#"{"data":[{"Card_Number":"***","cvv":"***","password":null}]}"#
        );
        // Twice the same member: the first is not told either.
        assert_eq!(
            told(r#"{"cvv":"123","cvv":"456"}"#).unwrap(),
            r#"{"cvv":"***"}"#
        );
        assert_eq!(told(r#"{"a":{"cvv":"123"}, "a":1}"#).unwrap(), r#"{"a":1}"#);
        for unreadable in [
            "card_number=4111111111111111",
            "\"{\\\"cvv\\\":1}\"",
            "{\"cvv\":1",
        ] {
            let length = format!("({} bytes that are no JSON)", unreadable.len());
            assert_eq!(told(unreadable).unwrap(), length);
        }
        assert_eq!(query("page=1&cvv=123"), "page=1&cvv=***");
    }

    #[test]
    fn long_bodies_are_cut_after_masking() {
        let long = format!(r#"{{"a":"{}","cvv":"123"}}"#, "é".repeat(20_000));
        let told = text(long.as_bytes()).unwrap();
        assert!(told.len() <= TOLD + 3 && told.ends_with('…') && !told.contains("123"));
    }
}
