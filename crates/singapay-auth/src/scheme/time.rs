use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use singapay_core::Timestamp;

/// Western Indonesian Time is UTC+7 all year. A protocol constant, not a setting.
const JAKARTA_OFFSET: Duration = Duration::from_secs(7 * 3600);

/// Format of `X-Timestamp`.
///
/// Unix seconds were accepted live; some API pages ask for ISO 8601 instead, which nobody has seen
/// accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum TimestampFormat {
    /// Decimal seconds since 1970-01-01T00:00:00Z.
    #[default]
    UnixSeconds,
    /// RFC 3339 in UTC with second precision, `2026-08-21T01:00:00Z`.
    Iso8601,
}

impl TimestampFormat {
    /// Writes an instant.
    pub fn write(self, time: Timestamp) -> String {
        match self {
            Self::UnixSeconds => time.unix_seconds().to_string(),
            Self::Iso8601 => identity_timestamp(time),
        }
    }
}

/// The calendar day in Jakarta as `YYYYMMDD`, which scheme A signs.
pub fn jakarta_date(time: Timestamp) -> String {
    utc(time.plus(JAKARTA_OFFSET)).format("%Y%m%d").to_string()
}

/// RFC 3339 in UTC with second precision, which scheme D signs.
pub fn identity_timestamp(time: Timestamp) -> String {
    utc(time).to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Instants beyond the calendar of `chrono` (year 262,142) become its ends.
fn utc(time: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp(time.unix_seconds(), 0).unwrap_or(if time.unix_millis() < 0 {
        DateTime::<Utc>::MIN_UTC
    } else {
        DateTime::<Utc>::MAX_UTC
    })
}
