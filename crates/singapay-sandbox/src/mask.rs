//! Bodies as the logs tell them: without what must not be told even here.

use serde_json::Value;

/// Members whose values are masked, at any depth.
const MASKED: [&str; 17] = [
    "access_token",
    "card_cvv",
    "card_expiry",
    "card_number",
    "client_secret",
    "cvc",
    "customer_pan",
    "cvv",
    "otp",
    "otp_number",
    "otp_token",
    "pan",
    "password",
    "pin",
    "refresh_token",
    "secret",
    "token",
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
    let pairs = text.split('&').map(|pair| {
        let name = pair.split_once('=').map_or(pair, |(name, _)| name);
        let mut decoded = form_urlencoded::parse(name.as_bytes());
        match decoded.next() {
            Some((decoded, _)) if is_masked(&decoded) => format!("{name}={INSTEAD}"),
            _ => pair.to_owned(),
        }
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn is_masked(name: &str) -> bool {
    MASKED
        .iter()
        .any(|masked| masked.eq_ignore_ascii_case(name))
}

/// True if a member to mask may stand where parsing loses it, as the first of two of one name does, or under a
/// name that is escaped.
fn mentions(json: &str) -> bool {
    let json = json.to_ascii_lowercase();
    json.contains("\\u")
        || MASKED
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
        assert_eq!(query("c%76v=123&a"), "c%76v=***&a");
        let escaped = r#"{"a":{"c\u0076v":"123"},"a":2}"#;
        assert_eq!(told(escaped).unwrap(), r#"{"a":2}"#);
    }

    #[test]
    fn what_the_documents_call_secret_is_masked() {
        // Not secret for who looks at a gateway of his own: names, numbers to pay to, ways to reach a customer.
        const TOLD: [&str; 8] = [
            "account_number",
            "customer_id",
            "customer_number",
            "customer_phone",
            "phone",
            "phone_no",
            "phone_number",
            "signature",
        ];
        let documents = ["payment", "biller", "identity"].map(|host| {
            let root = env!("CARGO_MANIFEST_DIR");
            std::fs::read(format!("{root}/../../spec/lowered/{host}.json")).unwrap()
        });
        let mut names = std::collections::BTreeSet::new();
        for document in documents {
            secrets(&serde_json::from_slice(&document).unwrap(), &mut names);
        }
        assert!(names.contains("card_number"), "{names:?}");
        names.retain(|name| !is_masked(name) && !TOLD.contains(&name.as_str()));
        assert!(names.is_empty(), "{names:?}");
    }

    /// Names of the members that are secrets.
    fn secrets(value: &Value, names: &mut std::collections::BTreeSet<String>) {
        if let Some(properties) = value["properties"].as_object() {
            for (name, schema) in properties {
                if schema["x-rust-type"]["path"] == "singapay_core::Sensitive" {
                    names.insert(name.clone());
                }
            }
        }
        match value {
            Value::Object(members) => members.values().for_each(|it| secrets(it, names)),
            Value::Array(items) => items.iter().for_each(|it| secrets(it, names)),
            _ => {}
        }
    }

    #[test]
    fn long_bodies_are_cut_after_masking() {
        let long = format!(r#"{{"a":"{}","cvv":"123"}}"#, "é".repeat(20_000));
        let told = text(long.as_bytes()).unwrap();
        assert!(told.len() <= TOLD + 3 && told.ends_with('…') && !told.contains("123"));
    }
}
