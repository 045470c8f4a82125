//! An instant as the sandbox keeps it, and the ways in which the gateway writes one. Wall-clock
//! forms are WIB (UTC+7).

use std::time::Duration;

use chrono::{
    DateTime, Datelike, FixedOffset, Months, NaiveDate, NaiveDateTime, SecondsFormat, Utc,
};
use serde::{Deserialize, Serialize};
use singapay_core::Timestamp;

/// Milliseconds since the Unix epoch; like the core type, but it can be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct At(pub(crate) i64);

impl At {
    pub(crate) fn plus(self, by: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    pub(crate) fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// As the header `Date` writes it.
    pub(crate) fn http_date(self) -> String {
        let utc = DateTime::<Utc>::from_timestamp_millis(self.0).unwrap_or_default();
        utc.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// Time from `earlier` to this instant; zero if `earlier` is later.
    pub(crate) fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl From<Timestamp> for At {
    fn from(at: Timestamp) -> Self {
        Self(at.unix_millis())
    }
}

const WIB_SECONDS: i32 = 7 * 3600;

/// The instant on a clock in Jakarta.
pub(crate) fn wib(at: At) -> DateTime<FixedOffset> {
    let utc = DateTime::<Utc>::from_timestamp_millis(at.0).unwrap_or_default();
    match FixedOffset::east_opt(WIB_SECONDS) {
        Some(offset) => utc.with_timezone(&offset),
        None => utc.fixed_offset(),
    }
}

/// `2025-10-24T13:44:39+07:00`
pub(crate) fn iso(at: At) -> String {
    wib(at).to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// `2025-11-05T09:09:49Z`
pub(crate) fn iso_utc(at: At) -> String {
    wib(at).to_utc().to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// `2025-11-05T09:09:49.000000Z`
pub(crate) fn iso_micros_utc(at: At) -> String {
    wib(at)
        .to_utc()
        .to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// `2025-12-26 13:35:45`
pub(crate) fn date_time(at: At) -> String {
    wib(at).format("%Y-%m-%d %H:%M:%S").to_string()
}

/// `2025-12-26 06:35:45`, in UTC.
pub(crate) fn date_time_utc(at: At) -> String {
    wib(at).to_utc().format("%Y-%m-%d %H:%M:%S").to_string()
}

/// `26 Dec 2025 13:35:45`
pub(crate) fn text(at: At) -> String {
    wib(at).format("%d %b %Y %H:%M:%S").to_string()
}

/// `20260821`
pub(crate) fn compact_date(at: At) -> String {
    wib(at).format("%Y%m%d").to_string()
}

/// `20260821141116`
pub(crate) fn compact_time(at: At) -> String {
    wib(at).format("%Y%m%d%H%M%S").to_string()
}

/// Year and month as `2608`, the order of card expiry dates.
pub(crate) fn yymm(at: At) -> String {
    wib(at).format("%y%m").to_string()
}

/// Unix milliseconds as a string.
pub(crate) fn millis(at: At) -> String {
    at.0.to_string()
}

/// `2026-08-21`
pub(crate) fn date(at: At) -> String {
    wib(at).format("%Y-%m-%d").to_string()
}

/// That many days, weeks, months or years later, at the same time of day; the last day of a month
/// stands for days that it does not have. `None` beyond the calendar.
pub(crate) fn later(at: At, unit: &str, count: i64) -> Option<At> {
    let months = |count: i64| {
        let count = u32::try_from(count).ok()?;
        let then = wib(at).checked_add_months(Months::new(count))?;
        Some(At(then.timestamp_millis()))
    };
    let days = |count: i64| {
        let millis = count.checked_mul(86_400_000)?;
        let then = At(at.0.checked_add(millis)?);
        DateTime::<Utc>::from_timestamp_millis(then.0).map(|_| then)
    };
    match unit {
        "day" => days(count),
        "week" => days(count.checked_mul(7)?),
        "month" => months(count),
        _ => months(count.checked_mul(12)?),
    }
}

fn from_wib(naive: NaiveDateTime) -> At {
    At(naive.and_utc().timestamp_millis() - i64::from(WIB_SECONDS) * 1000)
}

/// Start of a day written as `2026-08-21`.
pub(crate) fn parse_date(text: &str) -> Option<At> {
    let day = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()?;
    day.and_hms_opt(0, 0, 0).map(from_wib)
}

/// Start of the first and of the last day of the month.
pub(crate) fn month_of(at: At) -> (At, At) {
    let day = wib(at).date_naive();
    let first = day.with_day(1).unwrap_or(day);
    let last = (first + Months::new(1)).pred_opt().unwrap_or(day);
    let start = |day: NaiveDate| day.and_hms_opt(0, 0, 0).map_or(at, from_wib);
    (start(first), start(last))
}

/// Reads any date text that the gateway takes; without an offset it is WIB.
pub(crate) fn parse_any(text: &str) -> Option<At> {
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(At(time.timestamp_millis()));
    }
    ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .map(from_wib)
        .or_else(|| parse_date(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_every_form_in_wib() {
        let at = At(1_766_730_945_000);
        assert_eq!(iso(at), "2025-12-26T13:35:45+07:00");
        assert_eq!(iso_micros_utc(at), "2025-12-26T06:35:45.000000Z");
        assert_eq!(text(at), "26 Dec 2025 13:35:45");
        assert_eq!(compact_date(at), "20251226");
        assert_eq!(yymm(at), "2512");
        assert_eq!(millis(at), "1766730945000");
    }

    #[test]
    fn months_end_where_they_end() {
        let at = parse_any("2026-01-31 09:00:00").unwrap();
        let then = |unit, count| iso(later(at, unit, count).unwrap());
        assert_eq!(then("month", 1), "2026-02-28T09:00:00+07:00");
        assert_eq!(then("month", 2), "2026-03-31T09:00:00+07:00");
        assert_eq!(then("year", 1), "2027-01-31T09:00:00+07:00");
        assert_eq!(then("week", 1), "2026-02-07T09:00:00+07:00");
        assert_eq!(then("day", 0), iso(at));
        assert_eq!(later(at, "year", 365_000), None);
        assert_eq!(later(at, "day", i64::MAX), None);
    }

    #[test]
    fn reads_dates_with_and_without_offset() {
        let at = At(1_766_730_945_000);
        assert_eq!(parse_any("2025-12-26T13:35:45+07:00"), Some(at));
        assert_eq!(parse_any("2025-12-26 13:35:45"), Some(at));
        assert_eq!(parse_any("tomorrow"), None);
        let (first, last) = month_of(at);
        assert_eq!(
            (date(first).as_str(), date(last).as_str()),
            ("2025-12-01", "2025-12-31")
        );
        assert_eq!(parse_date("2025-12-01"), Some(first));
    }
}
