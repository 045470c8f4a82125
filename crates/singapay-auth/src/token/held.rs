use std::{
    fmt,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use singapay_core::{Secret, Timestamp};

use super::StoredToken;

/// Time bounds of a [`TokenManager`](super::TokenManager).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenSettings {
    /// Bound for one token fetch, repetitions included. Default 10 seconds.
    pub fetch_timeout: Duration,
    /// Time that a call waits for an early refresh before it goes on with the old token, which
    /// still serves. Default 2 seconds.
    pub early_patience: Duration,
    /// Pause after an early refresh that did not work. Default 30 seconds.
    pub early_retry: Duration,
    /// Bound for one step of the token store. Default half a second.
    pub store_timeout: Duration,
    /// Time that a token store that failed is left alone. Default 10 seconds.
    pub store_pause: Duration,
    /// Time that one process may keep others from fetching. Default 12 seconds.
    pub lease: Duration,
    /// Time that a process, or a runtime of this one, waits for another one that fetches, before it
    /// fetches itself: that one may have died. Default 3 seconds.
    pub lease_patience: Duration,
}

impl Default for TokenSettings {
    fn default() -> Self {
        Self {
            fetch_timeout: Duration::from_secs(10),
            early_patience: Duration::from_secs(2),
            early_retry: Duration::from_secs(30),
            store_timeout: Duration::from_millis(500),
            store_pause: Duration::from_secs(10),
            lease: Duration::from_secs(12),
            lease_patience: Duration::from_secs(3),
        }
    }
}

/// A token in use, with the instants that rule it.
pub struct AccessToken {
    pub(super) token: StoredToken,
    usable_until: Timestamp,
    refresh_at: Timestamp,
    rejected: AtomicBool,
}

/// A token is given up this long before its end, or after 19/20 of its life if that is later.
const MARGIN: Duration = Duration::from_secs(10);
/// Early refreshes happen within this time of the end, or within the last fifth of the life.
const EARLY: Duration = Duration::from_secs(300);
/// A clock that is behind the start of the token by more than this was set back.
const CLOCK_STEP: Duration = Duration::from_secs(60);

impl AccessToken {
    pub(super) fn new(token: StoredToken) -> Self {
        let life = token.expires_at().since(token.obtained_at());
        let usable = life.saturating_sub(MARGIN.min(life / 20));
        // Jitter keeps several processes from refreshing in the same instant.
        let early = EARLY
            .min(life / 5)
            .mul_f64(fastrand::f64().mul_add(0.5, 0.5));
        Self {
            usable_until: token.obtained_at().plus(usable),
            refresh_at: token.obtained_at().plus(usable.saturating_sub(early)),
            rejected: AtomicBool::new(false),
            token,
        }
    }

    /// The text that goes behind `Bearer `.
    pub fn value(&self) -> &Secret {
        self.token.value()
    }

    /// Time at which the gateway stops taking it.
    pub fn expires_at(&self) -> Timestamp {
        self.token.expires_at()
    }

    pub(super) fn is_usable(&self, now: Timestamp) -> bool {
        !self.is_rejected()
            && now < self.usable_until
            && now.plus(CLOCK_STEP) >= self.token.obtained_at()
    }

    /// The gateway refused this copy. The same text, fetched again, would be another copy.
    pub(super) fn reject(&self) {
        self.rejected.store(true, Ordering::Release);
    }

    pub(super) fn is_rejected(&self) -> bool {
        self.rejected.load(Ordering::Acquire)
    }

    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        now >= self.refresh_at
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("usable_until", &self.usable_until)
            .field("refresh_at", &self.refresh_at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);

    fn after(seconds: f64) -> Timestamp {
        START.plus(Duration::from_secs_f64(seconds))
    }

    fn token(life: f64) -> AccessToken {
        AccessToken::new(StoredToken::new(Secret::new("t"), START, after(life)))
    }

    #[test]
    fn a_token_is_given_up_before_its_end() {
        for (life, usable) in [(3600.0, 3590.0), (200.0, 190.0), (100.0, 95.0), (1.0, 0.95)] {
            assert!(token(life).is_usable(after(usable - 0.001)), "{life}");
            assert!(!token(life).is_usable(after(usable)), "{life}");
        }
    }

    #[test]
    fn it_is_due_within_the_last_minutes_or_the_last_fifth() {
        for (life, usable, early) in [(3600.0, 3590.0, 300.0), (100.0, 95.0, 20.0)] {
            let due = |time: f64| (0..200).filter(|_| token(life).is_due(after(time))).count();
            assert_eq!(due(usable - early - 0.001), 0, "{life}");
            assert!((1..200).contains(&due(usable - early * 0.75)), "{life}");
            assert_eq!(due(usable - early * 0.5 + 0.001), 200, "{life}");
        }
    }

    #[test]
    fn a_clock_may_be_set_back_a_little() {
        let token = token(3600.0);
        let before = |millis| Timestamp::from_unix_millis(START.unix_millis() - millis);
        assert!(token.is_usable(before(60_000)));
        assert!(!token.is_usable(before(60_001)));
    }

    #[test]
    fn bounds_of_time_are_the_documented_ones() {
        let settings = TokenSettings::default();
        let millis = [
            settings.fetch_timeout,
            settings.early_patience,
            settings.early_retry,
            settings.store_timeout,
            settings.store_pause,
            settings.lease,
            settings.lease_patience,
        ]
        .map(|time| time.as_millis());
        assert_eq!(millis, [10_000, 2_000, 30_000, 500, 10_000, 12_000, 3_000]);
    }
}
