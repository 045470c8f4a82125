//! Dates that stand for none: what a backend writes where it has no time.

use chrono::NaiveDate;

use super::{Timestamp, format};

/// 1971-01-01T00:00:00Z. What lies before is the epoch or the year zero, as some zone shows it.
const FIRST: Timestamp = Timestamp::from_unix_seconds(31_536_000);

/// True if this is too early to be a time of the gateway.
pub(super) fn is_too_early(time: Timestamp) -> bool {
    time < FIRST
}

/// True if the text is a date that stands for none: all zeros, the year zero or before, 1970.
///
/// Text in no known format is none of these, only not readable.
pub(super) fn is_none(text: &str) -> bool {
    let text = text.trim();
    // Nearly every time begins with its year.
    let year = text.split_once('-').map(|(year, _)| year);
    if year.is_some_and(|year| year.len() == 4 && year.parse().is_ok_and(|year: u16| year > 1971)) {
        return false;
    }
    let mut digits = text.bytes().filter(u8::is_ascii_digit).peekable();
    if digits.peek().is_some() && digits.all(|digit| digit == b'0') {
        return true;
    }
    // A year before the common era, or a number before the epoch.
    let negative = text.strip_prefix('-').unwrap_or_default();
    if negative.starts_with(|first: char| first.is_ascii_digit()) || text.starts_with("0000-") {
        return true;
    }
    let date = ["%Y-%m-%d", "%d %b %Y"]
        .into_iter()
        .find_map(|format| NaiveDate::parse_and_remainder(text, format).ok());
    let midnight = date.and_then(|(date, _)| date.and_hms_opt(0, 0, 0));
    let time = midnight.map(|time| Timestamp::from_unix_millis(time.and_utc().timestamp_millis()));
    time.or_else(|| format::any(text)).is_some_and(is_too_early)
}
