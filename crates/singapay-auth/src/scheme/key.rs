use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha512};
use singapay_core::Secret;

/// An HMAC-SHA512 key whose state is prepared once. Never printed, wiped on drop.
#[derive(Clone)]
pub struct SigningKey {
    state: Hmac<Sha512>,
    blank: bool,
}

impl SigningKey {
    /// Prepares the key: the client secret of a credential. Nothing verifies with a blank one.
    pub fn new(secret: &Secret) -> Self {
        Self {
            state: sha512(secret.expose().as_bytes()),
            blank: secret.is_blank(),
        }
    }

    /// True if the secret is blank, so that anybody could sign with it.
    pub(crate) fn is_blank(&self) -> bool {
        self.blank
    }

    /// A computation that starts from the prepared state.
    pub(super) fn start(&self) -> Hmac<Sha512> {
        self.state.clone()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey([redacted])")
    }
}

pub(super) fn sha512(key: &[u8]) -> Hmac<Sha512> {
    match Hmac::new_from_slice(key) {
        Ok(state) => state,
        Err(_) => unreachable!("HMAC takes keys of every length"),
    }
}

pub(super) fn sha256(key: &[u8]) -> Hmac<Sha256> {
    match Hmac::new_from_slice(key) {
        Ok(state) => state,
        Err(_) => unreachable!("HMAC takes keys of every length"),
    }
}

/// SHA-256 of a canonical body.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct BodyHash([u8; 32]);

impl BodyHash {
    /// Hashes the bytes of a canonical body.
    pub fn of(canonical: &[u8]) -> Self {
        Self(Sha256::digest(canonical).into())
    }

    /// The hash itself.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(super) fn hex(&self) -> [u8; 64] {
        let mut text = [0; 64];
        hex_into(&self.0, &mut text);
        text
    }
}

impl fmt::Display for BodyHash {
    /// 64 lower-case hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.hex()).unwrap_or_default())
    }
}

impl fmt::Debug for BodyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BodyHash({self})")
    }
}

/// A signature of 64 bytes, written as 128 lower-case hexadecimal digits.
///
/// Compared only in constant time, by [`RequestToSign::verify`](super::RequestToSign::verify).
#[derive(Clone)]
pub struct Signature(pub(super) [u8; 64]);

impl Signature {
    /// Reads 128 hexadecimal digits, in lower or upper case.
    pub fn from_hex(text: &[u8]) -> Option<Self> {
        // No table and no branch: this compiles to vector instructions.
        let digits: &[u8; 128] = text.try_into().ok()?;
        let mut values = [0; 128];
        let mut wrong = false;
        for (value, &digit) in values.iter_mut().zip(digits) {
            let number = digit.wrapping_sub(b'0');
            let letter = (digit | 0x20).wrapping_sub(b'a');
            wrong |= number >= 10 && letter >= 6;
            *value = if number < 10 {
                number
            } else {
                letter.wrapping_add(10)
            };
        }
        let mut bytes = [0; 64];
        for (byte, pair) in bytes.iter_mut().zip(values.chunks_exact(2)) {
            *byte = pair[0] << 4 | pair[1] & 15;
        }
        (!wrong).then_some(Self(bytes))
    }

    /// The 128 digits.
    pub fn to_hex(&self) -> String {
        let mut text = vec![0; 128];
        hex_into(&self.0, &mut text);
        String::from_utf8(text).unwrap_or_default()
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature([redacted])")
    }
}

pub(super) fn finish(mac: Hmac<Sha512>) -> Signature {
    Signature(mac.finalize().into_bytes().into())
}

fn hex_into(bytes: &[u8], text: &mut [u8]) {
    for (byte, digits) in bytes.iter().zip(text.chunks_exact_mut(2)) {
        digits[0] = byte >> 4;
        digits[1] = byte & 15;
    }
    for digit in text {
        *digit += if *digit < 10 { b'0' } else { b'a' - 10 };
    }
}
