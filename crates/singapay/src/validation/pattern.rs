//! Patterns of text, which come from the API description, and what they ask for in words.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

use regex::Regex;

/// Demand of each pattern, in words.
const WORDS: [(&str, &str); 12] = [
    (
        "^(0|62)[1-9][0-9]{7,11}$",
        "must be a mobile number of digits that begins with 0 or 62",
    ),
    ("^[0-9]+$", "must be digits"),
    ("^[0-9]{6,20}$", "must be 6 to 20 digits"),
    (
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        "must be a date such as 2026-08-01",
    ),
    (
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$",
        "must be a time such as 2026-08-01T09:30:00",
    ),
    (
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
        "must be a time in UTC such as 2026-08-01T09:30:00Z",
    ),
    (
        "^[1-9][0-9]*$",
        "must be a whole number above zero, in digits",
    ),
    ("^[A-Za-z0-9]+$", "must be letters and digits"),
    (
        r"^[\p{L}\p{N} /]*$",
        "may hold letters, digits, spaces and / only",
    ),
    (r"^[^\s\/]+$", "must hold no spaces and no /"),
    (r"^\d+$", "must be digits"),
    (
        r"^\d{2}(0[1-9]|1[0-2])$",
        "must be year and month as four digits, such as 3012 for December 2030",
    ),
];

/// Patterns for a text of one kind of character and a fixed length, with the word for the character.
const COUNTED: [(&str, &str); 4] = [
    ("^[0-9]{", "digits"),
    (r"^\d{", "digits"),
    ("^[A-Za-z]{", "letters"),
    ("^[0-9a-fA-F]{", "hexadecimal digits"),
];

/// Demand of a pattern, in words; the pattern itself where nobody has put it into words.
pub(super) fn words(pattern: &'static str) -> Cow<'static, str> {
    if let Some((_, words)) = WORDS.iter().find(|(known, _)| *known == pattern) {
        return Cow::Borrowed(words);
    }
    let counted = COUNTED.iter().find_map(|(start, unit)| {
        let count = pattern.strip_prefix(start)?.strip_suffix("}$")?;
        let count: usize = count.parse().ok()?;
        Some(format!("must be {count} {unit}"))
    });
    Cow::Owned(counted.unwrap_or_else(|| format!("must match {pattern}")))
}

/// Patterns that were asked for, compiled: compiling takes longer than all the rest of a call.
static COMPILED: RwLock<BTreeMap<&'static str, Regex>> = RwLock::new(BTreeMap::new());

pub(super) fn fits(pattern: &'static str, text: &str) -> bool {
    let compiled = COMPILED.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(regex) = compiled.get(pattern) {
        return regex.is_match(text);
    }
    drop(compiled);
    // Patterns come from the spec and are proven to compile by a test over the generated code.
    let Ok(regex) = Regex::new(pattern) else {
        return false;
    };
    let fits = regex.is_match(text);
    let mut compiled = COMPILED.write().unwrap_or_else(PoisonError::into_inner);
    compiled.insert(pattern, regex);
    fits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::PATTERNS;

    #[test]
    fn every_pattern_of_the_spec_compiles_and_has_words() {
        for pattern in PATTERNS {
            assert!(Regex::new(pattern).is_ok(), "{pattern}");
            assert!(!words(pattern).contains(pattern), "{pattern}");
        }
    }

    #[test]
    fn lengths_are_told_in_their_unit() {
        assert_eq!(words("^[0-9]{13}$"), "must be 13 digits");
        assert_eq!(words("^[A-Za-z]{2}$"), "must be 2 letters");
        assert_eq!(words("^x|y$"), "must match ^x|y$");
    }
}
