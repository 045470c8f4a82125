//! The token in use, and how it is replaced: from the store that processes share, or from the gateway.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwapOption;
use futures_util::future::{Either, select};
use singapay_core::{Clock, Timer, Timestamp};

use super::{
    AccessToken, StoredToken, TokenError, TokenSettings, TokenSource,
    flight::End,
    lock,
    shared::{SharedTokens, Turn},
};

/// State and settings of a refresh.
pub(super) struct Refresher {
    source: Arc<dyn TokenSource>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) timer: Arc<dyn Timer>,
    pub(super) settings: TokenSettings,
    pub(super) shared: Option<SharedTokens>,
    pub(super) current: ArcSwapOption<AccessToken>,
    rejected: Mutex<Option<StoredToken>>,
    /// Unix milliseconds before which nobody tries an early refresh.
    next_early: AtomicI64,
}

impl Refresher {
    pub(super) fn new(
        source: Arc<dyn TokenSource>,
        clock: Arc<dyn Clock>,
        timer: Arc<dyn Timer>,
        settings: TokenSettings,
        shared: Option<SharedTokens>,
    ) -> Self {
        Self {
            source,
            clock,
            timer,
            settings,
            shared,
            current: ArcSwapOption::empty(),
            rejected: Mutex::default(),
            next_early: AtomicI64::new(i64::MIN),
        }
    }

    /// Forgets the token that was rejected, if it is still the one in use.
    pub(super) fn forget(&self, rejected: &Arc<AccessToken>) {
        let current = self.current.load();
        if current
            .as_ref()
            .is_some_and(|current| Arc::ptr_eq(current, rejected))
        {
            *lock(&self.rejected) = Some(rejected.token.clone());
            self.current.compare_and_swap(&*current, None);
        }
    }

    fn accept(&self, token: StoredToken) -> Arc<AccessToken> {
        // The gateway may give the same text again; then it is good again.
        lock(&self.rejected).take_if(|rejected| rejected.is_same(&token));
        let token = Arc::new(AccessToken::new(token));
        self.current.store(Some(Arc::clone(&token)));
        self.next_early.store(i64::MIN, Ordering::Relaxed);
        token
    }

    fn is_rejected(&self, token: &StoredToken) -> bool {
        lock(&self.rejected)
            .as_ref()
            .is_some_and(|rejected| rejected.is_same(token))
    }

    pub(super) fn is_current(&self, token: &Arc<AccessToken>) -> bool {
        self.current
            .load()
            .as_ref()
            .is_some_and(|current| Arc::ptr_eq(current, token))
    }

    /// True if this caller is the one who refreshes early.
    pub(super) fn claim_early(&self, now: Timestamp) -> bool {
        let next = self.next_early.load(Ordering::Relaxed);
        let after = now.plus(self.settings.early_retry).unix_millis();
        now.unix_millis() >= next
            && self
                .next_early
                .compare_exchange(next, after, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }
}

/// Pause between looks at the store while another process fetches.
const POLL: Duration = Duration::from_millis(50);

pub(super) async fn refresh(refresher: Arc<Refresher>) -> End {
    let token = match &refresher.shared {
        None => fetch(&refresher).await?,
        Some(shared) => through_store(&refresher, shared).await?,
    };
    Ok(refresher.accept(token))
}

async fn through_store(
    refresher: &Refresher,
    shared: &SharedTokens,
) -> Result<StoredToken, TokenError> {
    let mut waited = Duration::ZERO;
    let lease = loop {
        if let Some(token) = fresh(refresher, shared).await {
            return Ok(token);
        }
        match shared.lock().await {
            Turn::Mine(lease) => break Some(lease),
            Turn::Unknown => break None,
            Turn::Others if waited > refresher.settings.lease_patience => break None,
            Turn::Others => {
                let pause = POLL + POLL.mul_f64(fastrand::f64());
                refresher.timer.sleep(pause).await;
                waited += pause;
            }
        }
    };
    let Some(lease) = lease else {
        let token = fetch(refresher).await?;
        shared.save(&token).await;
        return Ok(token);
    };
    // Another process may have finished between our look and our lease.
    let result = match fresh(refresher, shared).await {
        Some(token) => Ok(token),
        None => fetch(refresher).await,
    };
    if let Ok(token) = &result {
        shared.save(token).await;
    }
    shared.unlock(&lease).await;
    result
}

/// The store's token, unless it is rejected, spent, or due for a refresh itself.
async fn fresh(refresher: &Refresher, shared: &SharedTokens) -> Option<StoredToken> {
    let token = shared.load().await?;
    if refresher.is_rejected(&token) {
        shared.remove(&token).await;
        return None;
    }
    let now = refresher.clock.now();
    let candidate = AccessToken::new(token.clone());
    if !candidate.is_usable(now) {
        return None;
    }
    match refresher
        .current
        .load()
        .as_ref()
        .filter(|current| current.is_usable(now))
    {
        // Early: only a token that lives longer than ours is worth having.
        Some(current) => {
            (!current.token.is_same(&token) && !candidate.is_due(now)).then_some(token)
        }
        None => Some(token),
    }
}

async fn fetch(refresher: &Refresher) -> Result<StoredToken, TokenError> {
    let limit = refresher.timer.sleep(refresher.settings.fetch_timeout);
    let end = match select(refresher.source.fetch(), limit).await {
        Either::Left((result, _)) => result.and_then(|token| {
            Some(token.bounded())
                .filter(StoredToken::is_sound)
                .ok_or_else(TokenError::unusable)
        }),
        Either::Right(_) => Err(TokenError::timeout()),
    };
    if let Err(error) = &end {
        // Once, however many callers wait for it.
        tracing::warn!(target: "singapay", attempts = error.attempts(), "no token: {error}");
    }
    end
}
