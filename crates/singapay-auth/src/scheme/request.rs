use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha512;
use singapay_core::Secret;

use super::key::{BodyHash, Signature, SigningKey, finish};

/// The parts that scheme C signs, for a request or a webhook delivery.
///
/// The text is never put together in memory: its parts go into the hash one by one.
#[derive(Clone, Copy)]
pub struct RequestToSign<'a> {
    /// HTTP method, upper case.
    pub method: &'a str,
    /// Path plus query exactly as sent (or, for a webhook, as registered), starting with `/`.
    pub path: &'a str,
    /// The bearer token without `Bearer `.
    pub token: &'a str,
    /// Hash of the canonical body.
    pub body: BodyHash,
    /// The very text of `X-Timestamp`.
    pub timestamp: &'a str,
}

impl fmt::Debug for RequestToSign<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestToSign")
            .field("method", &self.method)
            .field("body", &self.body)
            .field("timestamp", &self.timestamp)
            .finish_non_exhaustive()
    }
}

impl RequestToSign<'_> {
    /// Signs.
    pub fn sign(&self, key: &SigningKey) -> Signature {
        finish(self.mac(key))
    }

    /// True if `signature` is the right one, in constant time.
    pub fn verify(&self, key: &SigningKey, signature: &Signature) -> bool {
        !key.is_blank() && self.mac(key).verify_slice(&signature.0).is_ok()
    }

    /// The text that is signed. Holds the token.
    pub fn text(&self) -> Secret {
        let Self {
            method,
            path,
            token,
            body,
            timestamp,
        } = self;
        Secret::new(format!("{method}:{path}:{token}:{body}:{timestamp}"))
    }

    fn mac(&self, key: &SigningKey) -> Hmac<Sha512> {
        let mut mac = key.start();
        for part in [self.method, ":", self.path, ":", self.token, ":"] {
            mac.update(part.as_bytes());
        }
        mac.update(&self.body.hex());
        mac.update(b":");
        mac.update(self.timestamp.as_bytes());
        mac
    }
}
