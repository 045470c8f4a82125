//! The members of the objects and lists that are still open, and their keys.

use std::cmp::Ordering;

/// A key: a piece of the input, or of the decoded keys.
///
/// Two whole words, so that it travels in registers.
#[derive(Clone, Copy)]
pub(super) struct Key {
    /// Its first bytes, filled up with zeros, as a number that compares like the text.
    prefix: u64,
    /// Start, end, and whether it is decoded: 31, 31 and 1 bits. The input is short enough.
    place: u64,
}

impl Key {
    /// For elements of lists.
    pub(super) const NONE: Self = Self {
        prefix: 0,
        place: 0,
    };

    #[inline]
    pub(super) fn new(text: &[u8], start: usize, end: usize, decoded: bool) -> Self {
        let place = (start as u64) << 32 | (end as u64) << 1 | u64::from(decoded);
        Self {
            prefix: prefix(&text[start..], end - start),
            place,
        }
    }

    #[inline]
    pub(super) fn resolve<'a>(&self, input: &'a [u8], keys: &'a [u8]) -> &'a [u8] {
        let (start, end) = (self.place >> 32, self.place as u32 >> 1);
        &(if self.place & 1 == 1 { keys } else { input })[start as usize..end as usize]
    }

    #[inline]
    pub(super) fn compare(&self, other: &Self, input: &[u8], keys: &[u8]) -> Ordering {
        let rest = || self.resolve(input, keys).cmp(other.resolve(input, keys));
        self.prefix.cmp(&other.prefix).then_with(rest)
    }
}

#[inline]
fn prefix(text: &[u8], len: usize) -> u64 {
    match text.first_chunk::<8>() {
        Some(chunk) if len >= 8 => u64::from_be_bytes(*chunk),
        Some(chunk) => u64::from_be_bytes(*chunk) & !(u64::MAX >> (8 * len)),
        None => text[..len]
            .iter()
            .zip([56, 48, 40, 32, 24, 16, 8])
            .fold(0, |word, (byte, shift)| word | u64::from(*byte) << shift),
    }
}

/// A member of an object, or an element of a list, in the output.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub(super) key: Key,
    /// Start of the member, at its key.
    pub(super) start: u32,
    /// Start of the value.
    pub(super) value: u32,
    /// End of the value.
    pub(super) end: u32,
}
