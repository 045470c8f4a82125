//! Exit statuses, the same for every command.

/// A refusal: nothing happened.
pub(crate) const REFUSED: u8 = 1;
/// Input or settings that cannot be used: nothing was sent.
pub(crate) const UNUSABLE: u8 = 2;
/// Nobody knows whether it happened.
pub(crate) const UNKNOWN: u8 = 3;
/// The reference was used before.
pub(crate) const DUPLICATE: u8 = 4;
/// No connection, no token, or a read without an answer.
pub(crate) const NOTHING: u8 = 5;
/// A person said no.
pub(crate) const DECLINED: u8 = 6;
