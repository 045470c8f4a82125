//! Exit statuses, the same for every command.

/// A refusal: nothing happened.
pub(crate) const REFUSED: u8 = 1;
/// Input or settings that cannot be used: nothing was sent.
pub(crate) const UNUSABLE: u8 = 2;
/// Nobody knows whether it happened.
#[cfg(feature = "call")]
pub(crate) const UNKNOWN: u8 = 3;
/// The reference was used before.
#[cfg(feature = "call")]
pub(crate) const DUPLICATE: u8 = 4;
/// No connection, no token, or a read without an answer.
#[cfg(feature = "call")]
pub(crate) const NOTHING: u8 = 5;
/// A person said no.
pub(crate) const DECLINED: u8 = 6;
/// At least one payout needs a person, or waits for an approval.
#[cfg(feature = "payouts")]
pub(crate) const NEEDS_PERSON: u8 = 7;
/// At least one payout is still open.
#[cfg(feature = "payouts")]
pub(crate) const OPEN: u8 = 8;
/// At least one payout failed.
#[cfg(feature = "payouts")]
pub(crate) const FAILED: u8 = 9;
