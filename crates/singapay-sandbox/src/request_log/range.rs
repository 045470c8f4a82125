//! The part of a log that is asked for.

/// Rows after a number, at most so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Range {
    after: Option<u64>,
    limit: Option<usize>,
}

impl Range {
    /// Reads `after` and `limit` of a query.
    pub(crate) fn of(query: Option<&str>) -> Result<Self, String> {
        let mut range = Self::default();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let number = || format!("{name}: {value:?} is no number");
            match name.as_ref() {
                "after" => range.after = Some(value.parse().map_err(|_| number())?),
                "limit" => range.limit = Some(value.parse().map_err(|_| number())?),
                _ => return Err(format!("{name}: only after and limit are known")),
            }
        }
        Ok(range)
    }

    /// The number after which rows are wanted. One that this log has not reached is of a log before a restart, and
    /// all rows are new then.
    pub(crate) fn after_of(&self, last: u64) -> Option<u64> {
        self.after.filter(|after| *after <= last)
    }

    /// Of so many rows after the number, those that are wanted: the first ones, or without a number the last ones.
    pub(crate) fn rows(&self, count: usize) -> std::ops::Range<usize> {
        let wanted = self.limit.unwrap_or(count).min(count);
        match self.after {
            Some(_) => 0..wanted,
            None => count - wanted..count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_the_first_rows_after_a_number_or_the_last_of_all() {
        let of = |query| Range::of(Some(query)).unwrap();
        assert_eq!(of("after=3&limit=2").rows(10), 0..2);
        assert_eq!(of("limit=2").rows(10), 8..10);
        assert_eq!(of("").rows(10), 0..10);
        assert_eq!(of("after=3").after_of(3), Some(3));
        assert_eq!(of("after=4").after_of(3), None, "of a log before a restart");
        assert!(Range::of(Some("after=x")).is_err() && Range::of(Some("offset=1")).is_err());
    }
}
