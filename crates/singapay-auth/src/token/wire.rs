//! Answers of the token endpoints.

use std::time::Duration;

use serde::Deserialize;
use singapay_core::{Secret, Sensitive, tolerant};

use super::store::{LONGEST_LIFE, is_token};

/// `{data: {access_token, expires_in}}` on the payment and biller hosts, flat on identity.
///
/// No `flatten`: it cannot read numbers once some crate switches on `arbitrary_precision`.
#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    success: Option<bool>,
    #[serde(default)]
    data: Option<Fields>,
    #[serde(default)]
    access_token: Option<Sensitive>,
    #[serde(default, deserialize_with = "tolerant::option_text")]
    expires_in: Option<String>,
}

#[derive(Deserialize)]
struct Fields {
    access_token: Sensitive,
    /// A string on payment and biller, a number on identity.
    #[serde(deserialize_with = "tolerant::text")]
    expires_in: String,
}

/// The token and its lifetime; `None` if the answer holds no usable one.
pub(super) fn read(body: &[u8]) -> Option<(Secret, Duration)> {
    let wire: Wire = serde_json::from_slice(body).ok()?;
    if wire.success == Some(false) {
        return None;
    }
    let (token, seconds) = match (wire.data, wire.access_token, wire.expires_in) {
        (Some(fields), _, _) => (fields.access_token, fields.expires_in),
        (None, Some(token), Some(seconds)) => (token, seconds),
        _ => return None,
    };
    let token = token.expose();
    if !is_token(token) {
        return None;
    }
    let seconds: u64 = seconds.trim().parse().ok().filter(|seconds| *seconds > 0)?;
    Some((
        Secret::new(token),
        Duration::from_secs(seconds).min(LONGEST_LIFE),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds_of(body: &str) -> Option<u64> {
        read(body.as_bytes()).map(|(token, life)| {
            assert_eq!(token.expose(), "t.x");
            life.as_secs()
        })
    }

    #[test]
    fn both_shapes_and_both_types() {
        for (body, expected) in [
            (
                r#"{"status":200,"success":true,"data":{"access_token":"t.x","token_type":"Bearer","expires_in":"216000"}}"#,
                Some(86_400),
            ),
            (
                r#"{"access_token":"t.x","token_type":"Bearer","expires_in":3600,"audience":"kyc-api"}"#,
                Some(3600),
            ),
            (
                r#"{"data":{"access_token":"t.x","expires_in":99999999999}}"#,
                Some(86_400),
            ),
            (r#"{"data":{"access_token":"t.x","expires_in":0}}"#, None),
            (r#"{"data":{"access_token":"t.x","expires_in":1}}"#, Some(1)),
            (r#"{"data":{"access_token":"t.x","expires_in":-5}}"#, None),
            (r#"{"data":{"access_token":"t.x"}}"#, None),
            (r#"{"data":{"access_token":"","expires_in":5}}"#, None),
            (r#"{"data":{"access_token":"t x","expires_in":5}}"#, None),
            (
                r#"{"success":false,"data":{"access_token":"t.x","expires_in":5}}"#,
                None,
            ),
            (
                r#"{"data":{"access_token":"t.x","expires_in":3600.5}}"#,
                None,
            ),
            (
                r#"{"data":{"access_token":"t.x","expires_in":" 60 "}}"#,
                Some(60),
            ),
            (
                r#"{"data":null,"access_token":"t.x","expires_in":"60"}"#,
                Some(60),
            ),
            ("<html>", None),
            ("[]", None),
        ] {
            assert_eq!(seconds_of(body), expected, "{body}");
        }
    }
}
