//! The sandbox's clock, which can be stopped and moved.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use singapay_core::{Clock, Timestamp};

/// The start of the year 9000, past which the clock is not moved: what expires later still has a date of four digits.
pub(crate) const LAST: Timestamp = Timestamp::from_unix_millis(221_845_392_000_000);

/// Most that time is moved or put off at once: ten years, with three leap days.
pub(crate) const TEN_YEARS: Duration = Duration::from_secs(3_653 * 24 * 3600);

/// A clock that runs with another one until it is frozen or moved forward.
///
/// Copies share one state.
///
/// Given by [`Sandbox::clock`](crate::Sandbox::clock).
#[derive(Debug, Clone)]
pub struct VirtualClock {
    base: Arc<dyn Clock>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    ahead: Duration,
    frozen: Option<Timestamp>,
}

impl VirtualClock {
    /// Runs with `base`.
    pub(crate) fn new(base: Arc<dyn Clock>) -> Self {
        Self {
            base,
            state: Arc::default(),
        }
    }

    /// Stops the clock where it stands.
    pub(crate) fn freeze(&self) {
        let now = self.now();
        self.with(|state| state.frozen = Some(now));
    }

    /// Lets a stopped clock run on from where it stood.
    pub(crate) fn resume(&self) {
        let base = self.base.now();
        self.with(|state| {
            if let Some(at) = state.frozen.take() {
                state.ahead = at.since(base);
            }
        });
    }

    /// True while the clock is stopped.
    pub(crate) fn is_frozen(&self) -> bool {
        self.with(|state| state.frozen.is_some())
    }

    /// Its lead on the clock it runs with.
    pub(crate) fn ahead(&self) -> Duration {
        let base = self.base.now();
        self.with(|state| state.frozen.map_or(state.ahead, |at| at.since(base)))
    }

    /// Moves the clock forward, to [`LAST`] at most; nothing that falls due in between is acted on here.
    pub(crate) fn forward(&self, by: Duration) {
        let base = self.base.now();
        self.with(|state| match &mut state.frozen {
            Some(at) => *at = at.plus(by).min(LAST).max(*at),
            None => {
                let most = LAST.since(base).max(state.ahead);
                state.ahead = state.ahead.saturating_add(by).min(most);
            }
        });
    }

    fn with<R>(&self, act: impl FnOnce(&mut State) -> R) -> R {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        let base = self.base.now();
        self.with(|state| state.frozen.unwrap_or_else(|| base.plus(state.ahead)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Fixed;

    impl Clock for Fixed {
        fn now(&self) -> Timestamp {
            Timestamp::from_unix_seconds(1_787_280_000)
        }
    }

    #[test]
    fn is_moved_no_further_than_dates_can_be_written() {
        let clock = VirtualClock::new(Arc::new(Fixed));
        clock.forward(Duration::MAX);
        assert_eq!(clock.now(), LAST);
        clock.freeze();
        clock.forward(Duration::MAX);
        assert_eq!(clock.now().to_string(), "9000-01-01T00:00:00.000Z");
    }

    #[test]
    fn moves_while_frozen_and_runs_on_from_there() {
        let clock = VirtualClock::new(Arc::new(Fixed));
        let start = clock.now();
        clock.freeze();
        clock.forward(Duration::from_secs(61));
        assert_eq!(clock.now(), start.plus(Duration::from_secs(61)));
        clock.resume();
        assert!(!clock.is_frozen());
        assert_eq!(clock.now(), start.plus(Duration::from_secs(61)));
    }
}
