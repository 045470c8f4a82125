use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, header};
use singapay_core::{Secret, Timestamp};

use crate::{
    canonical::{CanonicalError, Form, PHP_MAX_DEPTH, canonicalize},
    headers,
    scheme::{BodyHash, RequestToSign, SigningKey},
};

/// A delivery signed as the gateway signs, for tests of handlers.
#[derive(Clone)]
#[non_exhaustive]
pub struct SignedDelivery {
    /// The headers that the gateway sends.
    pub headers: HeaderMap,
    /// The body, as given.
    pub body: Bytes,
}

impl fmt::Debug for SignedDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedDelivery")
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Signs `body` for a test as a delivery to `path` (path and query as registered) at `now`.
///
/// # Errors
///
/// A body that is not JSON.
pub fn sign_delivery(
    secret: &Secret,
    partner_id: &str,
    path: &str,
    body: impl Into<Bytes>,
    now: Timestamp,
) -> Result<SignedDelivery, CanonicalError> {
    let body = body.into();
    let canonical = canonicalize(&body, Form::PhpListsKept, PHP_MAX_DEPTH)?;
    // Live deliveries carry a throw-away token that belongs to nobody.
    let token = format!("{:032x}", fastrand::u128(..));
    let timestamp = now.unix_seconds().to_string();
    let to_sign = RequestToSign {
        method: "POST",
        path,
        token: &token,
        body: BodyHash::of(&canonical),
        timestamp: &timestamp,
    };
    let signature = to_sign.sign(&SigningKey::new(secret)).to_hex();
    let mut to = HeaderMap::new();
    for (name, value) in [
        (header::CONTENT_TYPE, "application/json"),
        (header::USER_AGENT, "GuzzleHttp/7"),
        (header::AUTHORIZATION, &format!("Bearer {token}")),
        (headers::PARTNER_ID, partner_id),
        (headers::TIMESTAMP, &timestamp),
        (headers::SIGNATURE, &signature),
    ] {
        // Only a partner id can be unfit, and then the verifier tries every key.
        let _ = headers::set(&mut to, name, value);
    }
    Ok(SignedDelivery { headers: to, body })
}
