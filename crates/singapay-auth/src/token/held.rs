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
    /// How long a call waits for an early refresh before it goes on with the old token, which
    /// still serves. Default 2 seconds.
    pub early_patience: Duration,
    /// Pause after an early refresh that did not work. Default 30 seconds.
    pub early_retry: Duration,
    /// Bound for one step of the token store. Default half a second.
    pub store_timeout: Duration,
    /// How long a token store that failed is left alone. Default 10 seconds.
    pub store_pause: Duration,
    /// How long one process may keep others from fetching. Default 12 seconds.
    pub lease: Duration,
    /// How long a process waits for another one that fetches, before it fetches itself: that one may
    /// have died. Default 3 seconds.
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

    /// When the gateway stops taking it.
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
