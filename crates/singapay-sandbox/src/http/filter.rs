//! Filters that the query of a list asks for.

use super::call::Call;
use crate::wire_time::{self, At};

/// Reach of the lists of payments (documented).
const TWELVE_MONTHS_MILLIS: i64 = 365 * DAY_MILLIS;
const DAY_MILLIS: i64 = 24 * 3600 * 1000;

/// Looks at the query of one request. What is not asked for lets every row through.
pub(crate) struct Filter<'a>(pub(crate) &'a Call);

impl Filter<'_> {
    /// A part of the text, in whatever case.
    pub(crate) fn part(&self, name: &str, text: &str) -> bool {
        self.0
            .query(name)
            .is_none_or(|part| text.to_lowercase().contains(&part.to_lowercase()))
    }

    pub(crate) fn exactly(&self, name: &str, text: &str) -> bool {
        self.0.query(name).is_none_or(|wanted| wanted == text)
    }

    pub(crate) fn flag(&self, name: &str, is: bool) -> bool {
        self.0
            .query(name)
            .is_none_or(|wanted| (wanted == "true" || wanted == "1") == is)
    }

    /// `name`, `name_min` and `name_max`, in rupiah; decimals are cut off.
    pub(crate) fn amount(&self, name: &str, rupiah: i64) -> bool {
        let bound = |name: &str| -> Option<i64> {
            let text = self.0.query(name)?;
            text.split('.').next()?.parse().ok()
        };
        bound(name).is_none_or(|exactly| rupiah == exactly)
            && bound(&format!("{name}_min")).is_none_or(|least| rupiah >= least)
            && bound(&format!("{name}_max")).is_none_or(|most| rupiah <= most)
    }

    /// `name_from` and `name_to`, any date text or Unix milliseconds. Both ends belong to the range,
    /// the whole day where only a day is given; without a time nothing is within it.
    pub(crate) fn within(&self, name: &str, at: Option<At>) -> bool {
        let from = self.0.query(&format!("{name}_from")).and_then(start);
        let to = self.0.query(&format!("{name}_to")).and_then(end);
        from.is_none_or(|from| at.is_some_and(|at| at >= from))
            && to.is_none_or(|to| at.is_some_and(|at| at <= to))
    }

    /// True for payments that are young enough to be listed.
    pub(crate) fn reaches(now: At, created_at: At) -> bool {
        now.0 - created_at.0 <= TWELVE_MONTHS_MILLIS
    }

    /// Sorts rows, which come in the order of their ids; the last one first unless asked otherwise.
    pub(crate) fn sort<T>(&self, rows: &mut [T], amount: impl Fn(&T) -> i64) {
        // By id and by time of creation is the same.
        if self.0.query("sort_by") == Some("amount") {
            rows.sort_by_key(amount);
        }
        self.direct(rows);
    }

    /// The last one first unless asked otherwise.
    pub(crate) fn direct<T>(&self, rows: &mut [T]) {
        if self.0.query("sort_order") != Some("asc") {
            rows.reverse();
        }
    }
}

fn start(text: &str) -> Option<At> {
    millis(text).or_else(|| wire_time::parse_any(text))
}

/// The last instant that the text covers: texts know no parts of a second.
fn end(text: &str) -> Option<At> {
    if let Some(day) = wire_time::parse_date(text) {
        return Some(At(day.0 + DAY_MILLIS - 1));
    }
    millis(text).or_else(|| wire_time::parse_any(text).map(|at| At(at.0 + 999)))
}

fn millis(text: &str) -> Option<At> {
    text.parse().ok().map(At)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_a_range_are_read_in_every_form() {
        let day = At(1_767_200_400_000); // 1 January 2026 in Jakarta
        assert_eq!(start("2026-01-01"), Some(day));
        assert_eq!(end("2026-01-01"), Some(At(day.0 + DAY_MILLIS - 1)));
        assert_eq!(end("2026-01-01 00:00:00"), Some(At(day.0 + 999)));
        assert_eq!(end("1767200400000"), Some(day));
        assert_eq!(start("1767200400000"), Some(day));
        assert_eq!(start("soon"), None);
    }
}
