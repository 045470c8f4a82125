use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::Mac;
use singapay_core::{Secret, Timestamp};
use zeroize::Zeroizing;

use super::{
    key::{Signature, finish, sha256, sha512},
    time::jakarta_date,
};

/// Scheme A: the `X-Signature` of a token request v1.1, valid for one Jakarta day.
pub fn token_signature(client_id: &str, client_secret: &Secret, now: Timestamp) -> Signature {
    let mut mac = sha512(client_secret.expose().as_bytes());
    for part in [
        client_id,
        "_",
        client_secret.expose(),
        "_",
        &jakarta_date(now),
    ] {
        mac.update(part.as_bytes());
    }
    finish(mac)
}

/// Scheme B: the `Authorization` of a token request v1.0, `Basic …`.
pub fn basic_authorization(client_id: &str, client_secret: &Secret) -> Secret {
    let pair = Zeroizing::new(format!("{client_id}:{}", client_secret.expose()));
    let mut text = String::from("Basic ");
    STANDARD.encode_string(pair.as_bytes(), &mut text);
    Secret::new(text)
}

/// Scheme D: the `signature` of an identity token request, 64 lower-case hexadecimal digits.
///
/// `timestamp` is the very text that is sent, see [`identity_timestamp`](super::identity_timestamp).
pub fn identity_signature(client_id: &str, client_secret: &Secret, timestamp: &str) -> String {
    let mut mac = sha256(client_secret.expose().as_bytes());
    for part in [client_id, ":", timestamp] {
        mac.update(part.as_bytes());
    }
    hex::encode(mac.finalize().into_bytes())
}
