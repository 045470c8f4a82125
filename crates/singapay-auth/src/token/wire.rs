//! What token endpoints answer.

use std::time::Duration;

use serde::{Deserialize, Deserializer};
use singapay_core::{Secret, Sensitive, tolerant};

/// Longest lifetime that is believed.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);

/// `{data: {access_token, expires_in}}` on the payment and biller hosts, flat on identity.
#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    success: Option<bool>,
    #[serde(default)]
    data: Option<Fields>,
    #[serde(flatten)]
    flat: Option<Fields>,
}

#[derive(Deserialize)]
struct Fields {
    access_token: Sensitive,
    /// A string on payment and biller, a number on identity.
    #[serde(deserialize_with = "seconds")]
    expires_in: u64,
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    tolerant::text(deserializer)?
        .trim()
        .parse()
        .map_err(serde::de::Error::custom)
}

/// The token and its lifetime; `None` if the answer holds no usable one.
pub(super) fn read(body: &[u8]) -> Option<(Secret, Duration)> {
    let wire: Wire = serde_json::from_slice(body).ok()?;
    if wire.success == Some(false) {
        return None;
    }
    let fields = wire.data.or(wire.flat)?;
    let token = fields.access_token.expose();
    // It becomes a header value.
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    if fields.expires_in == 0 {
        return None;
    }
    Some((
        Secret::new(token),
        Duration::from_secs(fields.expires_in).min(LONGEST),
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
                Some(216_000),
            ),
            (
                r#"{"access_token":"t.x","token_type":"Bearer","expires_in":3600,"audience":"kyc-api"}"#,
                Some(3600),
            ),
            (
                r#"{"data":{"access_token":"t.x","expires_in":99999999999}}"#,
                Some(604_800),
            ),
            (r#"{"data":{"access_token":"t.x","expires_in":0}}"#, None),
            (r#"{"data":{"access_token":"t.x","expires_in":-5}}"#, None),
            (r#"{"data":{"access_token":"t.x"}}"#, None),
            (r#"{"data":{"access_token":"","expires_in":5}}"#, None),
            (r#"{"data":{"access_token":"t x","expires_in":5}}"#, None),
            (
                r#"{"success":false,"data":{"access_token":"t.x","expires_in":5}}"#,
                None,
            ),
            ("<html>", None),
            ("[]", None),
        ] {
            assert_eq!(seconds_of(body), expected, "{body}");
        }
    }
}
