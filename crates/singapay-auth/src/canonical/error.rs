use std::fmt;

/// Reason for which a document has no canonical form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path} (byte {offset}): {problem}")]
pub struct CanonicalError {
    pub(super) problem: Problem,
    pub(super) path: String,
    pub(super) offset: usize,
}

impl CanonicalError {
    /// The problem.
    pub fn problem(&self) -> Problem {
        self.problem
    }

    /// Place of the problem, as a path of keys and indexes such as `$.items[3].price`. Holds no value.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Place of the problem, in bytes from the start of the input.
    pub fn offset(&self) -> usize {
        self.offset
    }
}

/// Problem of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Not JSON.
    Syntax,
    /// Not UTF-8.
    InvalidUtf8,
    /// An escaped surrogate without its other half.
    LoneSurrogate,
    /// Longer than 256 MiB.
    TooLong,
    /// Nested deeper than the limit.
    TooDeep,
    /// A number with a fraction or an exponent, or `-0`.
    NotAnInteger,
    /// An integer that does not fit in 64 signed bits.
    IntegerTooLarge,
    /// A number that is infinite as a float.
    NumberTooLarge,
    /// U+2028 or U+2029, which PHP escapes and others do not.
    LineSeparator,
    /// An object whose keys are `0..n-1`, which PHP turns into a list.
    DigitKeys,
    /// An empty object, which PHP turns into an empty list.
    EmptyObject,
    /// A list of 11 or more, which PHP's sample turns into an object.
    LongList,
    /// A key that occurs twice in one object.
    DuplicateKey,
    /// More floats, or more to rearrange, than a delivery holds: somebody wants this to take long.
    TooMuchWork,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax => "not valid JSON",
            Self::InvalidUtf8 => "not valid UTF-8",
            Self::LoneSurrogate => "half of a surrogate pair",
            Self::TooLong => "longer than 256 MiB",
            Self::TooDeep => "nested too deep",
            Self::NotAnInteger => {
                "only plain integers can be signed; write money as an integer or a decimal string"
            }
            Self::IntegerTooLarge => "the integer does not fit in 64 bits",
            Self::NumberTooLarge => "the number is too large",
            Self::LineSeparator => "U+2028 and U+2029 cannot be signed",
            Self::DigitKeys => "an object keyed 0, 1, 2, … cannot be signed",
            Self::EmptyObject => "an empty object cannot be signed",
            Self::LongList => "a list of 11 or more cannot be signed",
            Self::DuplicateKey => "the key occurs twice",
            Self::TooMuchWork => "too many floats, or too much to rearrange",
        })
    }
}
