//! Reproducible randomness: the same seed gives the same identifiers.

use serde::{Deserialize, Serialize};

use crate::wire_time::{self, At};

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const ALPHANUMERIC: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// SplitMix64: small, and good enough for identifiers of a sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn pick(&mut self, from: &[u8], length: usize) -> String {
        (0..length)
            .map(|_| char::from(from[(self.next() % from.len() as u64) as usize]))
            .collect()
    }

    pub(crate) fn digits(&mut self, length: usize) -> String {
        self.pick(b"0123456789", length)
    }

    pub(crate) fn hex(&mut self, length: usize) -> String {
        self.pick(b"0123456789abcdef", length)
    }

    pub(crate) fn token(&mut self, length: usize) -> String {
        self.pick(ALPHANUMERIC, length)
    }

    pub(crate) fn uuid(&mut self) -> String {
        let hex = self.hex(32);
        format!(
            "{}-{}-4{}-a{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[13..16],
            &hex[17..20],
            &hex[20..]
        )
    }

    /// 26 characters; sorts by time.
    pub(crate) fn ulid(&mut self, at: At) -> String {
        let mut millis = u64::try_from(at.0).unwrap_or(0);
        let mut head = [0_u8; 10];
        for slot in head.iter_mut().rev() {
            *slot = CROCKFORD[(millis & 31) as usize];
            millis >>= 5;
        }
        let tail = self.pick(CROCKFORD, 16);
        head.iter()
            .map(|b| char::from(*b))
            .chain(tail.chars())
            .collect()
    }

    /// A money-out id: digits only, 31 of them, as seen live.
    pub(crate) fn transaction_id(&mut self, prefix: &str, at: At) -> String {
        let time = wire_time::compact_time(at);
        let fill = 31_usize.saturating_sub(prefix.len() + time.len());
        format!("{prefix}{time}{}", self.digits(fill))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_have_the_seen_lengths_and_follow_the_seed() {
        let at = At(1_787_280_000_000);
        let mut random = Random::new(7);
        assert_eq!(random.ulid(at).len(), 26);
        assert_eq!(random.uuid().len(), 36);
        let id = random.transaction_id("140154122", at);
        assert_eq!(id.len(), 31);
        assert!(id.bytes().all(|b| b.is_ascii_digit()));
        assert_eq!(Random::new(7).ulid(at), Random::new(7).ulid(at));
        assert_ne!(Random::new(7).ulid(at), Random::new(8).ulid(at));
    }
}
