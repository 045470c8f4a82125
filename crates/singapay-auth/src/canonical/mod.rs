//! Canonical JSON, in both directions.
//!
//! The gateway signs and verifies with PHP: it decodes to arrays, sorts keys as byte strings at
//! every level and encodes again. [`outbound`] writes the one
//! form that we send; the other [`Form`]s are what a webhook sender can have meant.
//!
//! One pass over the input, no tree in between, no recursion. Nothing here uses `serde_json`, so
//! no feature that another crate switches on can change a signature.
//!
//! ```
//! use singapay_auth::canonical::outbound;
//!
//! let canonical = outbound(br#"{"b": 1, "a": [true, null]}"#)?;
//! assert_eq!(canonical, br#"{"a":[true,null],"b":1}"#);
//! # Ok::<(), singapay_auth::canonical::CanonicalError>(())
//! ```

mod engine;
mod error;
mod member;
mod number;
mod rearrange;
mod state;
mod text;

pub use error::{CanonicalError, Problem};

/// Deepest nesting that [`outbound`] accepts.
pub const OUTBOUND_MAX_DEPTH: usize = 64;

/// Deepest nesting that PHP decodes with its default settings (measured on PHP 8.2).
pub const PHP_MAX_DEPTH: usize = 511;

/// A way to write a JSON document so that equal documents have equal bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// Keys in byte order at every depth, no whitespace, integers as written. Refuses every value
    /// that PHP would write differently.
    Outbound,
    /// Output of PHP when it sorts objects and keeps lists: `{}` becomes `[]`, objects keyed
    /// `0..n-1` become lists, floats are written PHP's way, U+2028 and U+2029 are escaped, the last
    /// duplicate wins.
    PhpListsKept,
    /// As [`Form::PhpListsKept`], but lists are sorted too, as the published PHP sample does: a
    /// list of 11 or more becomes an object whose keys run `0, 1, 10, 2, …`.
    PhpLiteral,
    /// Keys in byte order, everything else as it came: numbers as written, `{}` stays `{}`. The
    /// last duplicate wins.
    NumbersAsWritten,
}

/// Writes the canonical form of a body to be sent. An empty body stays empty.
///
/// The result is what must be hashed **and** what must be sent.
///
/// # Errors
///
/// Invalid JSON, and values on which PHP and we could differ: floats, exponents, integers beyond
/// `i64`, U+2028 and U+2029, objects keyed `0..n-1`, empty objects, lists of 11 or more, duplicate
/// keys, lone surrogates, nesting deeper than [`OUTBOUND_MAX_DEPTH`].
pub fn outbound(body: &[u8]) -> Result<Vec<u8>, CanonicalError> {
    if body.is_empty() {
        return Ok(Vec::new());
    }
    canonicalize(body, Form::Outbound, OUTBOUND_MAX_DEPTH)
}

/// Writes `body` in `form`, refusing nesting deeper than `max_depth`.
///
/// The PHP forms also refuse what PHP refuses: nesting deeper than [`PHP_MAX_DEPTH`] and numbers
/// too large for a float.
///
/// All forms but [`Form::Outbound`] bound the work that a document can cause: thousands of floats,
/// or long lists and unsorted objects many levels deep, are refused as [`Problem::TooMuchWork`].
///
/// # Errors
///
/// Invalid JSON or UTF-8, lone surrogates, nesting, work, and for [`Form::Outbound`] the values listed
/// at [`outbound`].
pub fn canonicalize(body: &[u8], form: Form, max_depth: usize) -> Result<Vec<u8>, CanonicalError> {
    let max_depth = match form {
        Form::PhpListsKept | Form::PhpLiteral => max_depth.min(PHP_MAX_DEPTH),
        Form::Outbound | Form::NumbersAsWritten => max_depth,
    };
    state::Engine::new(body, form, max_depth).run()
}

impl Form {
    fn is_php(self) -> bool {
        matches!(self, Self::PhpListsKept | Self::PhpLiteral)
    }
}

#[cfg(test)]
mod tests;
