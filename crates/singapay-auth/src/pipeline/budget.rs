//! Share of the load that may be repetitions, over all calls of a client.

use std::sync::atomic::{AtomicU32, Ordering};

use singapay_core::operation::Host;

/// Keeps an outage from multiplying the load: what every call sends again is taken from one store,
/// and only answers fill it up again. Every host of the gateway has a store of its own.
///
/// It counts requests and answers and knows no time. An answer is anything but a 429 or a 5xx.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryBudget {
    /// Most requests that may be sent again without an answer in between. Default 100.
    pub retries: u32,
    /// Answers that allow one more, until the store is full. Default 10; at least 1.
    pub answers_per_retry: u32,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self {
            retries: 100,
            answers_per_retry: 10,
        }
    }
}

impl RetryBudget {
    /// A store of this many repetitions, one of which comes back with so many answers; zero answers
    /// count as one.
    pub fn new(retries: u32, answers_per_retry: u32) -> Self {
        Self {
            retries,
            answers_per_retry,
        }
    }

    /// Contents of a full store, counted in answers.
    fn full(self) -> u32 {
        self.retries.saturating_mul(self.price())
    }

    /// Price of a repetition, counted in answers.
    fn price(self) -> u32 {
        self.answers_per_retry.max(1)
    }
}

/// Repetitions that are left, for all hosts.
#[derive(Debug)]
pub(super) struct Budgets {
    limits: Option<RetryBudget>,
    left: [AtomicU32; 3],
}

/// Repetitions that are left for one host.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget<'a> {
    limits: Option<RetryBudget>,
    left: &'a AtomicU32,
}

impl Budgets {
    pub(super) fn new(limits: Option<RetryBudget>) -> Self {
        let full = limits.map_or(0, RetryBudget::full);
        Self {
            limits,
            left: [(); 3].map(|()| AtomicU32::new(full)),
        }
    }

    pub(super) fn of(&self, host: Host) -> Budget<'_> {
        let [payment, biller, identity] = &self.left;
        Budget {
            limits: self.limits,
            left: match host {
                Host::Payment => payment,
                Host::Biller => biller,
                Host::Identity => identity,
            },
        }
    }
}

impl Budget<'_> {
    /// Counts an answer.
    pub(super) fn answered(self) {
        let Some(limits) = self.limits else { return };
        self.change(|left| (left < limits.full()).then(|| left + 1));
    }

    /// Takes one repetition, if there is one.
    pub(super) fn take(self) -> bool {
        self.limits
            .is_none_or(|limits| self.change(|left| left.checked_sub(limits.price())))
    }

    fn change(self, change: impl FnMut(u32) -> Option<u32>) -> bool {
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, change)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, thread};

    use super::*;

    #[test]
    fn it_is_spent_and_earned_back_up_to_its_size() {
        let budgets = Budgets::new(Some(RetryBudget::new(2, 3)));
        let budget = budgets.of(Host::Payment);
        assert_eq!([(); 3].map(|()| budget.take()), [true, true, false]);
        for _ in 0..2 {
            budget.answered();
        }
        assert!(!budget.take());
        budget.answered();
        assert!(budget.take());
        assert!(!budget.take());
        for _ in 0..100 {
            budget.answered();
        }
        assert_eq!([(); 3].map(|()| budget.take()), [true, true, false]);
        // Another host has its own.
        assert!(budgets.of(Host::Biller).take());
    }

    #[test]
    fn sizes_at_the_edge_make_sense() {
        let never = Budgets::new(Some(RetryBudget::new(0, 0)));
        never.of(Host::Payment).answered();
        assert!(!never.of(Host::Payment).take());
        let unbounded = Budgets::new(None);
        assert!((0..1000).all(|_| unbounded.of(Host::Payment).take()));
        let huge = Budgets::new(Some(RetryBudget::new(u32::MAX, u32::MAX)));
        assert!(huge.of(Host::Identity).take());
        assert!(!huge.of(Host::Identity).take());
        let by_hand = RetryBudget {
            answers_per_retry: 0,
            ..RetryBudget::new(1, 1)
        };
        let by_hand = Budgets::new(Some(by_hand));
        assert!(by_hand.of(Host::Payment).take());
        assert!(!by_hand.of(Host::Payment).take());
    }

    #[test]
    fn one_answer_for_one_repetition_is_the_least() {
        for answers in [0, 1] {
            let budgets = Budgets::new(Some(RetryBudget::new(2, answers)));
            let budget = budgets.of(Host::Payment);
            assert_eq!([(); 3].map(|()| budget.take()), [true, true, false]);
            budget.answered();
            assert_eq!([(); 2].map(|()| budget.take()), [true, false]);
        }
        assert_eq!(RetryBudget::default(), RetryBudget::new(100, 10));
    }

    #[test]
    fn many_at_once_take_no_more_than_there_is() {
        let budgets = Arc::new(Budgets::new(Some(RetryBudget::new(50, 10))));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let budgets = Arc::clone(&budgets);
                thread::spawn(move || {
                    let taken = (0..100).filter(|_| budgets.of(Host::Payment).take());
                    taken.count()
                })
            })
            .collect();
        let taken: usize = threads.into_iter().map(|one| one.join().unwrap()).sum();
        assert_eq!(taken, 50);
    }
}
