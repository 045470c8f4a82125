//! Reads and writes each format.

use chrono::{DateTime, NaiveDateTime, Utc};

use super::Timestamp;
use crate::tolerant;

/// Jakarta is seven hours ahead of UTC, all year.
const WIB_MILLIS: i64 = 7 * 3600 * 1000;

/// Numbers from here on are milliseconds: as seconds they would lie beyond the year 5100, as
/// milliseconds they begin in 1973.
const FIRST_MILLIS: u64 = 100_000_000_000;

/// Numbers from here on are no time: they have 14 digits or more, like `20260402103000`.
const FIRST_NONSENSE: u64 = 10_000_000_000_000;

/// `Y-m-d H:i:s`, WIB.
pub(super) const WIB_DATE_TIME: &str = "%Y-%m-%d %H:%M:%S";
/// `d M Y H:i:s` with English months, WIB.
pub(super) const WIB_TEXT: &str = "%d %b %Y %H:%M:%S";
/// ISO 8601 in Jakarta time.
pub(super) const ISO_JAKARTA: &str = "%Y-%m-%dT%H:%M:%S+07:00";

/// The day in Jakarta as `YYYYMMDD`.
///
/// Years outside 1..=9999 are clamped.
pub fn jakarta_date(time: Timestamp) -> String {
    write_jakarta(time, "%Y%m%d")
}

/// Seconds or milliseconds since the Unix epoch, told apart by size.
pub(super) fn from_number(number: i64) -> Option<Timestamp> {
    match number.unsigned_abs() {
        ..FIRST_MILLIS => Some(Timestamp::from_unix_seconds(number)),
        FIRST_MILLIS..FIRST_NONSENSE => Some(Timestamp::from_unix_millis(number)),
        FIRST_NONSENSE.. => None,
    }
}

/// ISO 8601 with `Z` or an offset, with or without colon.
pub(super) fn iso8601(text: &str) -> Option<Timestamp> {
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .ok()
        .map(|time| Timestamp::from_unix_millis(time.timestamp_millis()))
}

/// `Y-m-d H:i:s`, also with `T` between and with a fraction, WIB.
pub(super) fn wib_date_time(text: &str) -> Option<Timestamp> {
    naive(text, "%Y-%m-%d %H:%M:%S%.f").or_else(|| naive(text, "%Y-%m-%dT%H:%M:%S%.f"))
}

/// `d M Y H:i:s`, WIB.
pub(super) fn wib_text(text: &str) -> Option<Timestamp> {
    naive(text, WIB_TEXT)
}

/// Any of the formats. No text fits two of them.
pub(super) fn any(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    tolerant::whole(text)
        .and_then(from_number)
        .or_else(|| iso8601(text))
        .or_else(|| wib_date_time(text))
        .or_else(|| wib_text(text))
}

/// Writes the time as a clock in Jakarta shows it.
pub(super) fn write_jakarta(time: Timestamp, format: &str) -> String {
    write(time.unix_millis().saturating_add(WIB_MILLIS), format)
}

/// Writes ISO 8601 in UTC, whole seconds, with `Z`.
pub(super) fn write_utc(time: Timestamp) -> String {
    write(time.unix_millis(), "%Y-%m-%dT%H:%M:%SZ")
}

fn write(millis: i64, format: &str) -> String {
    /// First and last millisecond of the years 1 to 9999.
    const YEARS: (i64, i64) = (-62_135_596_800_000, 253_402_300_799_999);

    DateTime::<Utc>::from_timestamp_millis(millis.clamp(YEARS.0, YEARS.1))
        .unwrap_or(DateTime::<Utc>::UNIX_EPOCH)
        .format(format)
        .to_string()
}

fn naive(text: &str, format: &str) -> Option<Timestamp> {
    let time = NaiveDateTime::parse_from_str(text, format).ok()?;
    let millis = time.and_utc().timestamp_millis().checked_sub(WIB_MILLIS)?;
    Some(Timestamp::from_unix_millis(millis))
}
