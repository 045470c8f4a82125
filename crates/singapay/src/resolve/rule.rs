//! Rule by which a payout that is not found is proven absent: its one place, with its numbers.

use std::time::Duration;

use singapay_core::Timestamp;

/// Conditions under which "not found" proves that a payout never reached the gateway.
///
/// A payout is absent when it was not found in [`inquiries`](Self::inquiries) that are spread evenly over at
/// least [`over`](Self::over), of which the first began no sooner than [`margin`](Self::margin) after the
/// deadline of the call that sent it. One that finds it at any time ends that.
///
/// | Number | Unless set | Why |
/// |---|---|---|
/// | `margin` | 2 minutes | After its deadline a call sends no byte, but a proxy may still hold some, and clocks differ. |
/// | `over` | 15 minutes | How soon a payout can be found is not documented. Fifteen minutes is the longest time that is documented of anything that a payout does: a bank that does not answer leaves it open for so long. |
/// | `inquiries` | 5 | One look may meet a copy of the database that lags behind; five that are minutes apart do not all. |
///
/// Only SP009 counts, "transaction not found", which was seen live for a reference that the gateway had never
/// received; and a list that is proven not to hold the payout, for operations that have no such inquiry. A
/// 404, a 403, the biller's 07, SP014 and SP020 say that something else was not found, and count for nothing.
///
/// In the book: `docs/book/src/payouts.md#what-if-it-says-unknown-for-ever`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AbsenceRule {
    /// Inquiries that found nothing; at least 2.
    pub inquiries: u32,
    /// Time from the first of them to the last; at least a second.
    pub over: Duration,
    /// Time from the deadline of the call to the first of them.
    pub margin: Duration,
}

impl Default for AbsenceRule {
    fn default() -> Self {
        Self::new(5, Duration::from_secs(15 * 60), Duration::from_secs(2 * 60))
    }
}

impl AbsenceRule {
    /// So many inquiries over this time, from this margin after the deadline on. One inquiry counts as two,
    /// and no time as a second: a single look proves nothing.
    pub fn new(inquiries: u32, over: Duration, margin: Duration) -> Self {
        Self {
            inquiries,
            over,
            margin,
        }
    }

    fn needed(&self) -> u32 {
        self.inquiries.max(2)
    }

    /// Least time between two that count.
    fn spacing(&self) -> Duration {
        self.over.max(Duration::from_secs(1)) / (self.needed() - 1)
    }

    /// Time from the deadline of the call to the proof, if every inquiry is made as early as it counts.
    pub(crate) fn shortest(&self) -> Duration {
        self.margin.saturating_add(self.over)
    }
}

/// Inquiries that found nothing, as far as they count.
///
/// In the book: `docs/book/src/payouts.md#what-if-it-says-unknown-for-ever`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Absence {
    /// Number of inquiries.
    pub inquiries: u32,
    /// Time at which the first of them went out.
    pub first: Option<Timestamp>,
    /// Time at which the last of them went out.
    pub last: Option<Timestamp>,
}

impl Absence {
    /// Time from which the next inquiry can count, for a call whose deadline was this.
    pub(crate) fn next(&self, rule: &AbsenceRule, deadline: Timestamp) -> Timestamp {
        match self.last {
            Some(last) => last.plus(rule.spacing()),
            None => deadline.plus(rule.margin),
        }
    }

    /// Counts an inquiry that went out at that time and found nothing.
    pub(crate) fn hear(&mut self, rule: &AbsenceRule, deadline: Timestamp, asked_at: Timestamp) {
        if asked_at >= self.next(rule, deadline) {
            self.inquiries = self.inquiries.saturating_add(1);
            self.first = self.first.or(Some(asked_at));
            self.last = Some(asked_at);
        }
    }

    /// True if absence is proven.
    pub(crate) fn is_proven(&self, rule: &AbsenceRule) -> bool {
        self.inquiries >= rule.needed()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DEADLINE: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);

    fn at(seconds: u64) -> Timestamp {
        DEADLINE.plus(Duration::from_secs(seconds))
    }

    #[test]
    fn it_takes_five_over_fifteen_minutes_from_two_minutes_on() {
        let rule = AbsenceRule::default();
        let mut absence = Absence::default();
        let mut heard = |seconds| {
            absence.hear(&rule, DEADLINE, at(seconds));
            (absence.inquiries, absence.is_proven(&rule))
        };
        assert_eq!(heard(119), (0, false));
        assert_eq!(heard(120), (1, false));
        assert_eq!(heard(120 + 224), (1, false));
        assert_eq!(heard(120 + 225), (2, false));
        assert_eq!(heard(120 + 450), (3, false));
        assert_eq!(heard(120 + 675), (4, false));
        assert_eq!(heard(120 + 899), (4, false));
        assert_eq!(heard(120 + 900), (5, true));
    }

    proptest! {
        #[test]
        fn no_rule_is_met_by_less_than_it_says(
            inquiries in 0_u32..9, over in 0_u64..2_000, margin in 0_u64..500,
            mut looks in proptest::collection::vec(0_u64..4_000, 0..40),
        ) {
            let rule = AbsenceRule::new(
                inquiries, Duration::from_secs(over), Duration::from_secs(margin));
            looks.sort_unstable();
            let mut absence = Absence::default();
            for look in looks {
                absence.hear(&rule, DEADLINE, at(look));
            }
            if absence.is_proven(&rule) {
                let (first, last) = (absence.first.unwrap(), absence.last.unwrap());
                prop_assert!(first >= at(margin));
                // The spacing is rounded down to milliseconds.
                let least = Duration::from_secs(over.max(1)) - Duration::from_millis(10);
                prop_assert!(last.since(first) >= least);
                prop_assert!(absence.inquiries >= inquiries.max(2));
            }
        }
    }
}
