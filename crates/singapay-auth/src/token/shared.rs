//! The token store as the manager uses it: bounded in time, left alone after a failure.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use futures_util::future::{Either, select};
use singapay_core::{BoxError, BoxFuture, Clock, Timer, Timestamp};

use super::{Lease, StoredToken, TokenKey, TokenSettings, TokenStore};

#[derive(Debug)]
pub(super) struct SharedTokens {
    pub(super) key: TokenKey,
    pub(super) store: Arc<dyn TokenStore>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) timer: Arc<dyn Timer>,
    pub(super) settings: TokenSettings,
    /// Unix milliseconds before which the store is not asked again.
    pub(super) paused_until: AtomicI64,
}

/// Result of asking for a lease.
pub(super) enum Turn {
    /// This process fetches.
    Mine(Lease),
    /// Another one is fetching.
    Others,
    /// The store cannot tell.
    Unknown,
}

impl SharedTokens {
    pub(super) async fn load(&self) -> Option<StoredToken> {
        let loaded = self.bounded(|| self.store.load(&self.key)).await;
        let token = loaded.flatten()?;
        if token.is_sound() {
            return Some(token);
        }
        tracing::warn!("the token store held something that is no token; it is removed");
        self.remove(&token).await;
        None
    }

    pub(super) async fn save(&self, token: &StoredToken) {
        let _ = self.bounded(|| self.store.save(&self.key, token)).await;
    }

    pub(super) async fn remove(&self, token: &StoredToken) {
        let _ = self.bounded(|| self.store.remove(&self.key, token)).await;
    }

    pub(super) async fn lock(&self) -> Turn {
        match self
            .bounded(|| self.store.lock(&self.key, self.settings.lease))
            .await
        {
            Some(Some(lease)) => Turn::Mine(lease),
            Some(None) => Turn::Others,
            None => Turn::Unknown,
        }
    }

    pub(super) async fn unlock(&self, lease: &Lease) {
        let _ = self.bounded(|| self.store.unlock(&self.key, lease)).await;
    }

    async fn bounded<'a, T>(
        &'a self,
        step: impl FnOnce() -> BoxFuture<'a, Result<T, BoxError>>,
    ) -> Option<T> {
        let now = self.clock.now();
        if now.unix_millis() < self.paused_until.load(Ordering::Relaxed) {
            return None;
        }
        let limit = self.timer.sleep(self.settings.store_timeout);
        let failure = match select(step(), limit).await {
            Either::Left((Ok(value), _)) => return Some(value),
            Either::Left((Err(_), _)) => "failed",
            Either::Right(_) => "did not answer",
        };
        self.pause(now, failure);
        None
    }

    /// Apart from the steps, so that it is compiled once.
    fn pause(&self, now: Timestamp, failure: &str) {
        tracing::warn!("the token store {failure}; going on without it");
        let until = now.plus(self.settings.store_pause).unix_millis();
        self.paused_until.store(until, Ordering::Relaxed);
    }
}
