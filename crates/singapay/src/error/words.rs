//! The gateway's words about a field, where they are safe to print.
//!
//! A text can echo what was sent, and what was sent can be a card number. So only plain sentences pass:
//! ordinary words and the numbers of a limit, and nothing that stood in the request. All else stays in
//! [`Error::field_errors`](super::Error::field_errors).

use std::collections::HashSet;

use serde_json::Value;
use singapay_core::envelope::FieldError;

use super::is_printable_field;

/// Fields that are named in one line.
const MOST_FIELDS: usize = 16;
/// Longest text that is printed, in bytes.
const LONGEST_TEXT: usize = 160;
/// Longest word, in letters.
const LONGEST_WORD: usize = 20;
/// Most digits of a limit: a billion rupiah has ten, a phone or account number more.
const MOST_DIGITS: usize = 10;
/// Words that may stand in capitals.
const NAMES: [&str; 16] = [
    "CVV", "DANA", "ID", "IDR", "IP", "JSON", "OTP", "OVO", "PDF", "PIN", "QR", "QRIS", "ULID",
    "URL", "UUID", "VA",
];
/// Beginnings of sentences; any other capital letter is that of a name.
const OPENERS: [&str; 12] = [
    "The", "This", "Must", "Is", "Invalid", "Only", "Please", "Field", "Value", "Nomor", "Harus",
    "Tidak",
];
/// A number after one of these is a limit,
const BEFORE_LIMITS: [&str; 10] = [
    "than", "least", "most", "exceed", "between", "and", "minimum", "maximum", "min", "max",
];
/// and so is one before one of these.
const AFTER_LIMITS: [&str; 5] = ["digit", "digits", "character", "characters", "items"];

/// The fields that may be named, each with the gateway's words about it where they may be printed. Without a
/// request to compare with there are no words.
pub(super) fn shown(fields: &[FieldError], request: Option<&[u8]>) -> Vec<String> {
    let sent = request.and_then(sent);
    let show = |error: &FieldError| {
        let name = &error.field;
        let is_echo = sent.as_ref().is_some_and(|sent| sent.contains(name));
        if is_echo || !is_printable_field(name) {
            return None;
        }
        let quote = (sent.as_ref().zip(error.messages.first()))
            .and_then(|(sent, text)| quote(name, text, sent));
        Some(match quote {
            Some(quote) => format!("{name} ({quote})"),
            None => name.clone(),
        })
    };
    let mut shown: Vec<String> = fields.iter().filter_map(show).collect();
    let more = shown.len().saturating_sub(MOST_FIELDS);
    if more > 0 {
        shown.truncate(MOST_FIELDS);
        shown.push(format!("{more} more"));
    }
    shown
}

/// The words of everything that stood in the request; `None` if it cannot be told.
fn sent(request: &[u8]) -> Option<HashSet<String>> {
    let mut words = HashSet::new();
    if request.is_empty() {
        return Some(words);
    }
    collect(&serde_json::from_slice(request).ok()?, &mut words);
    Some(words)
}

fn collect(value: &Value, words: &mut HashSet<String>) {
    match value {
        Value::Object(members) => members.values().for_each(|value| collect(value, words)),
        Value::Array(items) => items.iter().for_each(|value| collect(value, words)),
        Value::String(text) => words.extend(
            text.split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(str::to_lowercase),
        ),
        Value::Number(number) => words.extend([number.to_string()]),
        Value::Bool(_) | Value::Null => {}
    }
}

fn quote(field: &str, text: &str, sent: &HashSet<String>) -> Option<String> {
    if text.len() > LONGEST_TEXT {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |at: usize| -> Option<&str> {
        let punctuation = ['.', ',', ';', ':', '!', '?', '(', ')', '\'', '"', '`'];
        words.get(at).map(|word| word.trim_matches(punctuation))
    };
    let near = |at: Option<usize>, known: &[&str]| {
        let word = at.and_then(bare).unwrap_or_default();
        known.iter().any(|known| known.eq_ignore_ascii_case(word))
    };
    let is_fine = |at: usize| {
        let word = bare(at).unwrap_or_default();
        if word == field {
            return true;
        }
        if sent.contains(&word.to_lowercase()) && !is_part_of(field, word) {
            return false;
        }
        is_word(word, at == 0)
            || is_limit(word)
                && !sent.contains(&digits(word))
                && (near(at.checked_sub(1), &BEFORE_LIMITS) || near(Some(at + 1), &AFTER_LIMITS))
    };
    (!words.is_empty() && (0..words.len()).all(is_fine)).then(|| words.join(" "))
}

/// The request may hold words of a field's name, which is printed anyway.
fn is_part_of(field: &str, word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_lowercase())
        && field.split(['_', '.']).any(|part| part == word)
}

/// A word of a sentence, as it stands in one: no token, no name.
fn is_word(word: &str, is_first: bool) -> bool {
    let word = word.strip_prefix("e-").unwrap_or(word);
    NAMES.contains(&word)
        || is_first && OPENERS.contains(&word)
        || word.chars().count() <= LONGEST_WORD
            && word.chars().all(|c| c.is_lowercase() || c == '\'')
}

/// A whole number, perhaps with separators, as a limit is written.
fn is_limit(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit() && c != '0' || word == "0")
        && word
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
        && digits(word).len() <= MOST_DIGITS
}

fn digits(word: &str) -> String {
    word.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: &str =
        r#"{"card":{"number":"4929731846205517","cvv":"731","name":"Rina Wijaya"},"amount":25000}"#;

    fn shown_of(field: &str, text: &str, request: &str) -> Option<String> {
        let fields = [FieldError::new(field, text)];
        shown(&fields, Some(request.as_bytes())).pop()
    }

    fn quoted(field: &str, text: &str) -> Option<String> {
        let shown = shown_of(field, text, REQUEST)?;
        let quote = shown.strip_prefix(field)?.strip_prefix(" (")?;
        quote.strip_suffix(')').map(str::to_owned)
    }

    #[test]
    fn plain_sentences_are_quoted() {
        for (field, text) in [
            ("amount", "The amount must not be greater than 10000000."),
            ("amount", "The amount field must be at least 10,000."),
            ("amount.value", "The amount.value field is required."),
            ("bank_code", "The selected bank code is invalid."),
            ("card_number", "The card number must be 16 digits."),
            (
                "card_number",
                "The card number must be between 13 and 19 digits.",
            ),
            (
                "customer_email",
                "The customer email must be a valid e-mail address.",
            ),
            ("customer_number", "Nomor tidak terdaftar."),
            ("cvv", "CVV doesn't match."),
        ] {
            assert_eq!(quoted(field, text).as_deref(), Some(text));
        }
        let cleaned = quoted("amount", "The\n\tamount \r\nis invalid.");
        assert_eq!(cleaned.as_deref(), Some("The amount is invalid."));
    }

    #[test]
    fn nothing_that_could_be_an_echo_is_quoted() {
        let long = "a ".repeat(100);
        for (field, text) in [
            (
                "card_number",
                "The card number 4929731846205517 is invalid.",
            ),
            (
                "card_number",
                "The card number 4929 7318 4620 5517 is invalid.",
            ),
            ("cvv", "The cvv 731 is invalid."),
            ("cvv", "Must be greater than 731."),
            ("otp", "The otp 864207 is invalid."),
            ("amount", "Must be less than 25000."),
            ("customer_phone", "Must be at least 081298761234."),
            ("name", "The name rina is invalid."),
            ("name", "The name Wijaya is invalid."),
            ("name", "The name Siti is invalid."),
            ("name", "Siti must have at least 3 characters."),
            ("token", "Wrong token eyJhbGciOiJIUzI1NiJ9.e30"),
            ("token", "Wrong token canary-password"),
            ("token", "Wrong token AbCdEfGh"),
            ("email", "The email rina@example.com is invalid."),
            ("url", "See https://a.example/x"),
            ("7319", "The field is invalid."),
            ("amount", "\u{1b}[31mred"),
            ("amount", ""),
            ("amount", &long),
        ] {
            assert_eq!(quoted(field, text), None, "{text}");
        }
        let unread = shown_of("amount", "is required", "amount=1");
        assert_eq!(unread.as_deref(), Some("amount"), "what cannot be read");
        let empty = shown_of("amount", "is required", "");
        assert_eq!(empty.as_deref(), Some("amount (is required)"));
        let echo = r#"{"note":"canary"}"#;
        assert_eq!(
            shown_of("canary", "is required", echo),
            None,
            "a name that was a value"
        );
    }
}
