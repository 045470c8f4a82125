//! What is most likely wrong with a signature that does not match: the usual mistakes are tried one by one.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{canonical, request_signature, token_signature};
use crate::wire_time::{self, At};

/// What a signed call is signed with and over.
#[derive(Clone, Copy)]
pub(crate) struct SignedCall<'a> {
    pub(crate) secret: &'a str,
    pub(crate) method: &'a str,
    pub(crate) endpoint: &'a str,
    pub(crate) token: &'a str,
    pub(crate) body_hash: &'a str,
    pub(crate) timestamp: &'a str,
}

impl SignedCall<'_> {
    pub(crate) fn signature(&self) -> String {
        request_signature(
            self.secret,
            self.method,
            self.endpoint,
            self.token,
            self.body_hash,
            self.timestamp,
        )
    }

    /// The text that is signed, with the token cut short.
    pub(crate) fn string_to_sign(&self) -> String {
        let Self {
            method,
            endpoint,
            body_hash,
            timestamp,
            ..
        } = self;
        let token: String = self.token.chars().take(6).collect();
        format!("{method}:{endpoint}:{token}…:{body_hash}:{timestamp}")
    }

    fn sha256(&self) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()) else {
            return String::new(); // HMAC takes keys of any length
        };
        let Self {
            method,
            endpoint,
            token,
            body_hash,
            timestamp,
            ..
        } = self;
        mac.update(format!("{method}:{endpoint}:{token}:{body_hash}:{timestamp}").as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

/// What is told where no usual mistake gives the signature: the values in which one was looked for.
pub(crate) fn unexplained(values: &str) -> String {
    format!("{values}: none of the usual mistakes gives it")
}

/// Names the mistake that gives the signature, if one of the usual ones does. `secrets` are those of others,
/// with what they belong to.
pub(crate) fn suspect(
    given: &str,
    call: SignedCall<'_>,
    body: &[u8],
    host: &str,
    secrets: &[(String, String)],
) -> Option<String> {
    let is = |call: SignedCall<'_>| call.signature().eq_ignore_ascii_case(given);
    if let Some(found) = spelling(given, &call.signature()) {
        return Some(found);
    }
    if call.sha256().eq_ignore_ascii_case(given) {
        return Some("given: HMAC-SHA256, where SHA-512 is asked for".to_owned());
    }
    for (how, endpoint) in endpoints(call.endpoint, host) {
        let endpoint = &endpoint;
        if is(SignedCall { endpoint, ..call }) {
            return Some(format!("endpoint: signed {how}"));
        }
    }
    for (what, body_hash) in hashes(body, call.body_hash) {
        let body_hash = &body_hash;
        if is(SignedCall { body_hash, ..call }) {
            return Some(format!("body_hash: {what}"));
        }
    }
    for (how, timestamp) in timestamps(call.timestamp) {
        let timestamp = &timestamp;
        if is(SignedCall { timestamp, ..call }) {
            return Some(format!("timestamp: signed {how}"));
        }
    }
    let bearer = format!("Bearer {}", call.token);
    for (how, token) in [
        ("with the word Bearer", bearer.as_str()),
        ("without it", ""),
    ] {
        if is(SignedCall { token, ..call }) {
            return Some(format!("token: signed {how}"));
        }
    }
    let method = &call.method.to_ascii_lowercase();
    if is(SignedCall { method, ..call }) {
        return Some("method: signed in lower case".to_owned());
    }
    let other = secrets
        .iter()
        .find(|(_, secret)| is(SignedCall { secret, ..call }));
    match other {
        Some((whose, _)) => Some(format!("secret: signed with {whose}")),
        None => no_hex(given),
    }
}

/// As [`suspect`], for the signature of a request for a token.
pub(crate) fn suspect_of_token(
    given: &str,
    client_id: &str,
    secret: &str,
    now: At,
    secrets: &[(String, String)],
) -> Option<String> {
    let of = |secret: &str, at| token_signature(client_id, secret, at);
    if let Some(found) = spelling(given, &of(secret, now)) {
        return Some(found);
    }
    for (how, hours) in [
        (
            "with the day in UTC, where that in Jakarta is asked for",
            -7,
        ),
        ("with the day before", -24),
        ("with the day after", 24),
    ] {
        if of(secret, At(now.0 + hours * 3_600_000)).eq_ignore_ascii_case(given) {
            return Some(format!("timestamp: signed {how}"));
        }
    }
    let other = secrets
        .iter()
        .find(|(_, secret)| of(secret, now).eq_ignore_ascii_case(given));
    match other {
        Some((whose, _)) => Some(format!("secret: signed with {whose}")),
        None => no_hex(given),
    }
}

/// The right signature in another spelling.
fn spelling(given: &str, expected: &str) -> Option<String> {
    if given.eq_ignore_ascii_case(expected) && given != expected {
        return Some("given: in upper case, where lower case is asked for".to_owned());
    }
    let bytes = STANDARD.decode(given).ok()?;
    (hex::encode(bytes) == expected).then(|| "given: in base64, where hex is asked for".to_owned())
}

fn no_hex(given: &str) -> Option<String> {
    let is_hex = given.len() == 128 && given.bytes().all(|byte| byte.is_ascii_hexdigit());
    (!is_hex).then(|| "given: not the 128 hexadecimal digits of a signature".to_owned())
}

fn endpoints(endpoint: &str, host: &str) -> Vec<(&'static str, String)> {
    let mut others = vec![
        ("with scheme and host", format!("http://{host}{endpoint}")),
        ("with scheme and host", format!("https://{host}{endpoint}")),
        ("with a slash at its end", format!("{endpoint}/")),
        (
            "without its first slash",
            endpoint.trim_start_matches('/').to_owned(),
        ),
    ];
    if let Some((path, query)) = endpoint.split_once('?') {
        let mut sorted: Vec<&str> = query.split('&').collect();
        sorted.sort_unstable();
        others.push(("without the query", path.to_owned()));
        others.push((
            "with the query sorted",
            format!("{path}?{}", sorted.join("&")),
        ));
    }
    others
}

fn hashes(body: &[u8], expected: &str) -> Vec<(&'static str, String)> {
    let hash = |text: &[u8]| hex::encode(Sha256::digest(text));
    let text = String::from_utf8_lossy(body);
    let mut others = vec![
        ("in upper case", expected.to_ascii_uppercase()),
        ("left out", String::new()),
        ("of nothing", hash(b"")),
        ("of the body as sent, not sorted", hash(body)),
        ("the body itself, not its hash", text.clone().into_owned()),
        (
            "of the body without spaces, not sorted",
            hash(respaced(&text, "").as_bytes()),
        ),
        (
            "of the body with spaces, not sorted",
            hash(respaced(&text, " ").as_bytes()),
        ),
    ];
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        let sorted = canonical(&value, false);
        let slashes = sorted.replace('/', "\\/");
        others.extend([
            (
                "of the sorted body with spaces",
                hash(respaced(&sorted, " ").as_bytes()),
            ),
            ("with slashes escaped", hash(slashes.as_bytes())),
            (
                "with what is not ASCII escaped",
                hash(ascii(&sorted).as_bytes()),
            ),
            (
                "with slashes and what is not ASCII escaped",
                hash(ascii(&slashes).as_bytes()),
            ),
        ]);
    }
    others
}

/// JSON without spaces outside of texts, but for these after commas and colons.
fn respaced(json: &str, after: &str) -> String {
    let (mut out, mut in_text, mut escaped) = (String::new(), false, false);
    for c in json.chars() {
        if in_text {
            out.push(c);
            in_text = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if !c.is_ascii_whitespace() {
            out.push(c);
            in_text = c == '"';
            if matches!(c, ',' | ':') {
                out.push_str(after);
            }
        }
    }
    out
}

/// Everything beyond ASCII as JSON's escapes.
fn ascii(json: &str) -> String {
    let mut out = String::new();
    for c in json.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

fn timestamps(timestamp: &str) -> Vec<(&'static str, String)> {
    let parsed = match timestamp.parse::<i64>() {
        Ok(seconds) if timestamp.len() <= 11 => Some(At(seconds.saturating_mul(1000))),
        Ok(millis) => Some(At(millis)),
        Err(_) => wire_time::parse_any(timestamp),
    };
    let Some(at) = parsed else { return Vec::new() };
    vec![
        ("in seconds", at.seconds().to_string()),
        ("in milliseconds", at.0.to_string()),
        ("as a text in Jakarta's time", wire_time::iso(at)),
        ("as a text in UTC", wire_time::iso_utc(at)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::body_hash;

    const BODY: &str = r#"{"b": "a/é", "a": 1}"#;
    const ENDPOINT: &str = "/api/v2.0/x?b=2&a=1";

    fn right(body_hash: &str) -> SignedCall<'_> {
        SignedCall {
            secret: "sec-demo",
            method: "POST",
            endpoint: ENDPOINT,
            token: "tok-demo-0001",
            body_hash,
            timestamp: "1787280000",
        }
    }

    fn found(given: &str) -> Option<String> {
        let hash = body_hash(BODY.as_bytes(), false);
        let secrets = [(
            "the secret of the credential \"B\"".to_owned(),
            "sec-b".to_owned(),
        )];
        suspect(
            given,
            right(&hash),
            BODY.as_bytes(),
            "localhost:1",
            &secrets,
        )
    }

    #[test]
    fn each_usual_mistake_is_named() {
        let hash = body_hash(BODY.as_bytes(), false);
        let call = right(&hash);
        let of = |text: &str| hex::encode(Sha256::digest(text));
        let signed = call.signature();
        let base64 = STANDARD.encode(hex::decode(&signed).unwrap());
        let iso = wire_time::iso(At(1_787_280_000_000));
        let table = [
            ("given: in upper case", signed.to_uppercase()),
            ("given: in base64", base64),
            ("given: HMAC-SHA256", call.sha256()),
            ("given: not the 128", "nonsense".to_owned()),
            (
                "endpoint: signed without the query",
                SignedCall {
                    endpoint: "/api/v2.0/x",
                    ..call
                }
                .signature(),
            ),
            (
                "endpoint: signed with the query sorted",
                SignedCall {
                    endpoint: "/api/v2.0/x?a=1&b=2",
                    ..call
                }
                .signature(),
            ),
            (
                "endpoint: signed with scheme and host",
                SignedCall {
                    endpoint: "http://localhost:1/api/v2.0/x?b=2&a=1",
                    ..call
                }
                .signature(),
            ),
            (
                "body_hash: of the body as sent",
                SignedCall {
                    body_hash: &of(BODY),
                    ..call
                }
                .signature(),
            ),
            (
                "body_hash: of the body without spaces",
                SignedCall {
                    body_hash: &of(r#"{"b":"a/é","a":1}"#),
                    ..call
                }
                .signature(),
            ),
            (
                "body_hash: of the sorted body with spaces",
                SignedCall {
                    body_hash: &of(r#"{"a": 1, "b": "a/é"}"#),
                    ..call
                }
                .signature(),
            ),
            (
                "body_hash: with slashes escaped",
                SignedCall {
                    body_hash: &of(r#"{"a":1,"b":"a\/é"}"#),
                    ..call
                }
                .signature(),
            ),
            (
                "body_hash: with slashes and what",
                SignedCall {
                    body_hash: &of(r#"{"a":1,"b":"a\/\u00e9"}"#),
                    ..call
                }
                .signature(),
            ),
            (
                "body_hash: of nothing",
                SignedCall {
                    body_hash: &of(""),
                    ..call
                }
                .signature(),
            ),
            (
                "timestamp: signed in milliseconds",
                SignedCall {
                    timestamp: "1787280000000",
                    ..call
                }
                .signature(),
            ),
            (
                "timestamp: signed as a text in Jakarta",
                SignedCall {
                    timestamp: &iso,
                    ..call
                }
                .signature(),
            ),
            (
                "token: signed with the word",
                SignedCall {
                    token: "Bearer tok-demo-0001",
                    ..call
                }
                .signature(),
            ),
            (
                "method: signed in lower case",
                SignedCall {
                    method: "post",
                    ..call
                }
                .signature(),
            ),
            (
                "secret: signed with the secret of the credential \"B\"",
                SignedCall {
                    secret: "sec-b",
                    ..call
                }
                .signature(),
            ),
        ];
        for (start, given) in table {
            let found = found(&given).unwrap_or_default();
            assert!(found.starts_with(start), "{start}: {found}");
        }
        assert_eq!(
            found(
                &SignedCall {
                    secret: "another",
                    ..call
                }
                .signature()
            ),
            None
        );
    }

    #[test]
    fn the_day_of_a_request_for_a_token_is_looked_at() {
        let evening = At(1_787_346_000_000); // 22:00 in UTC, the next day in Jakarta
        let found = |given: &str| suspect_of_token(given, "cid", "sec", evening, &[]);
        let utc = token_signature("cid", "sec", At(evening.0 - 7 * 3_600_000));
        assert!(found(&utc).unwrap().contains("in UTC"));
        let right = token_signature("cid", "sec", evening);
        assert!(found(&right.to_uppercase()).unwrap().contains("upper case"));
        assert_eq!(found(&token_signature("cid", "other", evening)), None);
    }

    #[test]
    fn texts_keep_their_spaces() {
        assert_eq!(
            respaced(r#" {"a b" : "c , \" : d"}"#, ""),
            r#"{"a b":"c , \" : d"}"#
        );
    }
}
