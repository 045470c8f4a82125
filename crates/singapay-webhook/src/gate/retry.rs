//! When a delivery that was not dealt with is tried again.

use std::time::Duration;

/// When the sweep tries again what failed, and how often.
///
/// [`Gate`](crate::Gate) shows where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryRule {
    first: Duration,
    most: Duration,
    attempts: u32,
}

impl RetryRule {
    /// `first` after the first failure, twice as long after each further one up to `most`; after so many `attempts`
    /// a person is needed.
    pub const fn new(first: Duration, most: Duration, attempts: u32) -> Self {
        Self {
            first,
            most,
            attempts,
        }
    }

    /// Time to wait after so many failures; `None` if a person is needed.
    pub fn after(&self, failures: u32) -> Option<Duration> {
        if failures >= self.attempts {
            return None;
        }
        let doubled = 1_u32.checked_shl(failures.saturating_sub(1));
        let wait = doubled.and_then(|times| self.first.checked_mul(times));
        Some(wait.map_or(self.most, |wait| wait.min(self.most)))
    }
}

impl Default for RetryRule {
    /// After a minute, then up to every hour, 30 times: about a day.
    fn default() -> Self {
        Self::new(Duration::from_secs(60), Duration::from_secs(3600), 30)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour_and_end_after_about_a_day() {
        let rule = RetryRule::default();
        let minutes = |failures| rule.after(failures).map(|wait| wait.as_secs() / 60);
        let waits: Vec<_> = (1..=9).map_while(minutes).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        let day: u64 = (1..100).map_while(minutes).sum();
        assert_eq!(day / 60, 24);
        assert_eq!(minutes(30), None);
        assert_eq!(
            RetryRule::new(Duration::MAX, Duration::MAX, u32::MAX).after(40),
            Some(Duration::MAX)
        );
    }
}
