//! Signatures of token requests, signed calls and webhooks.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256, Sha512};

use super::canonical;
use crate::wire_time::{self, At};

/// Largest difference of a signed call's clock, in seconds (documented for direct debit only).
const WINDOW_SECONDS: u64 = 300;

fn hmac_sha512(key: &str, message: &[&str]) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha512>::new_from_slice(key.as_bytes()) else {
        return Vec::new(); // HMAC takes keys of any length
    };
    for part in message {
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().to_vec()
}

/// Token v1.1: client id, secret and the day in Jakarta, joined with underscores.
pub(crate) fn token_signature(client_id: &str, secret: &str, now: At) -> String {
    let day = wire_time::compact_date(now);
    hex::encode(hmac_sha512(secret, &[client_id, "_", secret, "_", &day]))
}

/// Hash of a body as the gateway normalises it; of the empty string when there is none.
pub(crate) fn body_hash(body: &[u8], long_lists_become_objects: bool) -> String {
    let normalised = match serde_json::from_slice::<Value>(body) {
        Ok(value) => canonical(&value, long_lists_become_objects).into_bytes(),
        Err(_) => body.to_vec(),
    };
    hex::encode(Sha256::digest(&normalised))
}

/// Scheme C: method, path with query, token, body hash and time, joined with colons.
pub(crate) fn request_signature(
    secret: &str,
    method: &str,
    endpoint: &str,
    token: &str,
    body_hash: &str,
    timestamp: &str,
) -> String {
    let message = [
        method, ":", endpoint, ":", token, ":", body_hash, ":", timestamp,
    ];
    hex::encode(hmac_sha512(secret, &message))
}

/// Compares in constant time; upper-case hex does not pass.
pub(crate) fn signature_matches(given: &str, expected: &str) -> bool {
    given.len() == expected.len()
        && given
            .bytes()
            .zip(expected.bytes())
            .fold(0, |diff, (a, b)| diff | (a ^ b))
            == 0
}

/// Reasons for which a signed call's timestamp does not pass.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ClockSkew {
    /// Not Unix seconds.
    NotSeconds,
    /// Outside the window.
    OutsideWindow,
}

impl ClockSkew {
    /// Checks that `text` is a Unix time in seconds close enough to `now`.
    pub(crate) fn check(text: &str, now: At) -> Result<(), Self> {
        let digits = (9..=11).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let seconds: i64 = text
            .parse()
            .ok()
            .filter(|_| digits)
            .ok_or(Self::NotSeconds)?;
        if now.seconds().abs_diff(seconds) > WINDOW_SECONDS {
            return Err(Self::OutsideWindow);
        }
        Ok(())
    }

    /// How far off it is, for the request log.
    pub(crate) fn told(&self, text: &str, now: At) -> String {
        match text.parse::<i64>() {
            Ok(seconds) if *self == Self::OutsideWindow => {
                let (off, way) = match now.seconds() - seconds {
                    behind @ 0.. => (behind, "behind"),
                    ahead => (-ahead, "ahead of"),
                };
                format!("{off} seconds {way} the sandbox's clock")
            }
            Ok(_) if text.len() == 13 => "in milliseconds, where seconds are asked for".to_owned(),
            _ => "no Unix time in seconds".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_signature_of_the_worked_example() {
        let midday = At(1_787_284_800_000); // 21 Aug 2026 in Jakarta
        assert_eq!(
            token_signature("cid-demo", "sec-demo", midday),
            "bd7e0163a746887d38e38fdfeaa86e5e97a4090968a35ce84dca97327c402bffc5ca697f560514aada8d80f4bc5e6a035bd0d98d5abe3fa8b45a1fac4109844b"
        );
    }

    #[test]
    fn request_signature_of_the_worked_example() {
        let body = br#"{"reference_number":"REF-1","notes":"a\/b \u00e9","amount":{"value":"10000.00","currency":"IDR"},"account_id":"01K946KF851RK7FX075GJHBVKF"}"#;
        let hash = body_hash(body, false);
        assert_eq!(
            hash,
            "ccdf2652a4c83b4b53258ee1620ecb0a4dd28d453bb211af8d73e1af149db0fd"
        );
        assert_eq!(
            request_signature(
                "sec-demo",
                "POST",
                "/api/v2.0/ewallet/trigger-topup",
                "tok-demo",
                &hash,
                "1787280000"
            ),
            "9d2a0e34b3510dc06dd13c044dc2cf3c94a129bef89e08bd3167d281a90d3a863aab17324e3ef37e546f7c7f022a0120e3d43702702ddc4949832727ef837b75"
        );
        let empty = body_hash(b"", false);
        assert_eq!(
            request_signature(
                "sec-demo",
                "POST",
                "/api/v2.0/demo?x=1",
                "tok-demo",
                &empty,
                "1787280000"
            ),
            "7fc042d8ee395c127119c10f2368841853515a580281921cc7a958397094c239acb7b696985e3c2eeb140ca83bfb049cd784b79b43da9f3a6b3c26fea113d8fe"
        );
    }

    #[test]
    fn webhook_signature_of_the_worked_example() {
        let body = r#"{"response_code":"SP000","response_message":"Successfully","event":"disbursement","data":{"transaction_id":"1401541222026082121111766336934","reference_number":"WH-OK-260821141116","transaction_status":{"code":"00","desc":"Success"},"notes":"a/b é","meta":{}}}"#;
        let hash = body_hash(body.as_bytes(), false);
        assert_eq!(
            hash,
            "948eb1f8a5c16651e3658fd94bde562d1476fccc6324a79e0f74a38a5711d847"
        );
        assert_eq!(
            request_signature(
                "webhook-client-secret",
                "POST",
                "/webhooks/singapay?src=sp",
                "random-gateway-token",
                &hash,
                "1787321478"
            ),
            "735d1b5ac1203cbde56cdfa0c2e7c831116975fa0e6abcadf82fa90f7e859ffb63af053d9ce4911c5104a3a1b97faf9f3a7257165724ddcb4ea22800f7379e96"
        );
    }

    #[test]
    fn the_clock_may_be_off_by_five_minutes() {
        let now = At(1_787_280_000_000);
        assert_eq!(ClockSkew::check("1787280300", now), Ok(()));
        assert_eq!(ClockSkew::check("1787279700", now), Ok(()));
        assert_eq!(
            ClockSkew::check("1787280301", now),
            Err(ClockSkew::OutsideWindow)
        );
        assert_eq!(
            ClockSkew::check("2026-08-21T00:00:00Z", now),
            Err(ClockSkew::NotSeconds)
        );
        assert_eq!(
            ClockSkew::check("1787280000000", now),
            Err(ClockSkew::NotSeconds)
        );
    }
}
