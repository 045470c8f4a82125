//! Patterns of text, which come from the API description: what each asks for, in words and as a check.
//!
//! They are few and plain, so that each is one line here; a library for all that a pattern can say took
//! longer to build than the client itself. One that stands in no line fails a test.

use std::borrow::Cow;

type Fits = fn(&str) -> bool;

/// A kind of character: its word, and its check.
type Kind = (&'static str, fn(&u8) -> bool);

/// Demand of each pattern, in words, and its check.
const KNOWN: [(&str, &str, Fits); 13] = [
    (
        "^([0-9]{3}|[A-Za-z0-9]{8})$",
        "must be the bank's three digits, such as 002 for BRI, or its SWIFT code of eight characters",
        |text| {
            text.len() == 3 && is_digits(text)
                || text.len() == 8 && text.bytes().all(|c| c.is_ascii_alphanumeric())
        },
    ),
    (
        "^(0|62)[1-9][0-9]{7,11}$",
        "must be a mobile number of digits that begins with 0 or 62",
        is_mobile,
    ),
    ("^[0-9]+$", "must be digits", is_digits),
    ("^[0-9]{6,20}$", "must be 6 to 20 digits", |text| {
        is_digits(text) && (6..=20).contains(&text.len())
    }),
    (
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        "must be a date such as 2026-08-01",
        |text| is_like(text, "0000-00-00"),
    ),
    (
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$",
        "must be a time such as 2026-08-01T09:30:00",
        |text| is_like(text, "0000-00-00T00:00:00"),
    ),
    (
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
        "must be a time in UTC such as 2026-08-01T09:30:00Z",
        |text| is_like(text, "0000-00-00T00:00:00Z"),
    ),
    (
        "^[1-9][0-9]*$",
        "must be a whole number above zero, in digits",
        |text| is_digits(text) && !text.starts_with('0'),
    ),
    ("^[A-Za-z0-9]+$", "must be letters and digits", |text| {
        !text.is_empty() && text.bytes().all(|c| c.is_ascii_alphanumeric())
    }),
    (
        // The letters of the standard library are these and the vowel signs that some scripts write.
        r"^[\p{L}\p{N} /]*$",
        "may hold letters, digits, spaces and / only",
        |text| {
            text.chars()
                .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '/'))
        },
    ),
    (r"^[^\s\/]+$", "must hold no spaces and no /", |text| {
        !text.is_empty() && !text.contains(|c: char| c == '/' || c.is_whitespace())
    }),
    (r"^\d+$", "must be digits", is_digits),
    (
        r"^\d{2}(0[1-9]|1[0-2])$",
        "must be year and month as four digits, such as 3012 for December 2030",
        |text| is_like(text, "0000") && matches!(text[2..].parse(), Ok(1..=12)),
    ),
];

/// Patterns for a text of one kind of character and a fixed length.
const COUNTED: [(&str, Kind); 4] = [
    ("^[0-9]{", ("digits", u8::is_ascii_digit)),
    (r"^\d{", ("digits", u8::is_ascii_digit)),
    ("^[A-Za-z]{", ("letters", u8::is_ascii_alphabetic)),
    (
        "^[0-9a-fA-F]{",
        ("hexadecimal digits", u8::is_ascii_hexdigit),
    ),
];

/// Digits as the API's patterns mean them: of ASCII.
fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit())
}

fn is_mobile(text: &str) -> bool {
    let number = text.strip_prefix('0').or_else(|| text.strip_prefix("62"));
    number.is_some_and(|number| {
        is_digits(number) && !number.starts_with('0') && (8..=12).contains(&number.len())
    })
}

/// Whether a text has a digit wherever the sample has one, and is the same elsewhere.
fn is_like(text: &str, sample: &str) -> bool {
    text.len() == sample.len()
        && text
            .bytes()
            .zip(sample.bytes())
            .all(|(c, like)| c == like || (like == b'0' && c.is_ascii_digit()))
}

/// Number and kind of the characters in a pattern of [`COUNTED`].
fn counted(pattern: &str) -> Option<(usize, Kind)> {
    COUNTED.iter().find_map(|(start, kind)| {
        let count = pattern.strip_prefix(start)?.strip_suffix("}$")?;
        Some((count.parse().ok()?, *kind))
    })
}

/// Demand of a pattern, in words; the pattern itself where nobody has put it into words.
pub(super) fn words(pattern: &'static str) -> Cow<'static, str> {
    if let Some((_, words, _)) = KNOWN.iter().find(|(known, ..)| *known == pattern) {
        return Cow::Borrowed(words);
    }
    Cow::Owned(match counted(pattern) {
        Some((count, (unit, _))) => format!("must be {count} {unit}"),
        None => format!("must match {pattern}"),
    })
}

/// Whether a text fits a pattern; none fits one that is not known here.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    if let Some((_, _, fits)) = KNOWN.iter().find(|(known, ..)| *known == pattern) {
        return fits(text);
    }
    counted(pattern)
        .is_some_and(|(count, (_, is))| text.len() == count && text.as_bytes().iter().all(is))
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, string::string_regex};
    use regex::Regex;

    use super::*;
    use crate::generated::PATTERNS;

    /// The pattern as its check means it.
    fn meant(pattern: &str) -> String {
        pattern
            .replace(r"\d", "[0-9]")
            .replace(r"\p{L}", r"\p{Alphabetic}")
    }

    #[test]
    fn every_pattern_of_the_spec_has_words_and_a_check() {
        for pattern in PATTERNS {
            assert!(!words(pattern).contains(pattern), "{pattern}");
            let is_known = KNOWN.iter().any(|(known, ..)| known == pattern);
            assert!(is_known || counted(pattern).is_some(), "{pattern}");
        }
    }

    #[test]
    fn no_line_stands_here_for_nothing() {
        for (known, ..) in KNOWN {
            assert!(PATTERNS.contains(&known), "{known}");
        }
    }

    #[test]
    fn every_character_is_judged_as_the_pattern_says() {
        // Whose Unicode is younger, std's or the library's, is not the question.
        let unassigned = Regex::new(r"\p{Cn}").unwrap();
        for pattern in PATTERNS {
            let regex = Regex::new(&meant(pattern)).unwrap();
            for c in '\0'..='\u{3000}' {
                let text = c.to_string();
                let is_judged_alike = fits(pattern, &text) == regex.is_match(&text);
                assert!(
                    is_judged_alike || unassigned.is_match(&text),
                    "{pattern} {c:?}"
                );
            }
        }
    }

    proptest! {
        /// Texts that fit, texts that nearly do, and any.
        #[test]
        fn a_text_fits_where_the_pattern_matches(
            (pattern, text) in prop::sample::select(PATTERNS).prop_flat_map(|pattern| {
                let fitting = || string_regex(meant(pattern).trim_matches(['^', '$'])).unwrap();
                let nearly = (fitting(), any::<prop::sample::Index>(), any::<char>());
                let nearly = nearly.prop_map(|(text, at, other)| {
                    let mut text: Vec<char> = text.chars().collect();
                    match at.index(2 * text.len() + 1) {
                        at if at < text.len() => text[at] = other,
                        at if at < 2 * text.len() => drop(text.remove(at - text.len())),
                        _ => text.push(other),
                    }
                    text.into_iter().collect::<String>()
                });
                let digits = string_regex("[0-9]{0,24}").unwrap();
                let texts = prop_oneof![fitting(), nearly, digits, any::<String>()];
                (Just(pattern), texts)
            })
        ) {
            let regex = Regex::new(&meant(pattern)).unwrap();
            prop_assume!(!Regex::new(r"\p{Cn}").unwrap().is_match(&text));
            prop_assert_eq!(fits(pattern, &text), regex.is_match(&text), "{} {:?}", pattern, text);
        }
    }

    #[test]
    fn lengths_are_told_in_their_unit() {
        assert_eq!(words("^[0-9]{13}$"), "must be 13 digits");
        assert_eq!(words("^[A-Za-z]{2}$"), "must be 2 letters");
        assert_eq!(words("^x|y$"), "must match ^x|y$");
        assert!(
            !fits("^x|y$", "x"),
            "what is not known is never taken for right"
        );
    }
}
