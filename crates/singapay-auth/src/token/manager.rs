use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use arc_swap::ArcSwapOption;
use futures_util::{
    FutureExt,
    future::{Either, select},
};
use singapay_core::{Clock, Timer, Timestamp};

use super::{
    AccessToken, StoredToken, TokenError, TokenKey, TokenSettings, TokenSource, TokenStore,
    flight::{self, Flight, WeakFlight},
    shared::SharedTokens,
};

/// Keeps the token of one credential on one host.
///
/// - One fetch at a time, however many callers wait; they share its result.
/// - Refreshed before the end, while the old token still serves. One call does that work; if it
///   fails, nobody notices.
/// - [`invalidate`](Self::invalidate) drops only the token that was rejected.
/// - Never served past its lifetime, which counts from before the token was asked for.
#[derive(Clone)]
pub struct TokenManager {
    inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) source: Arc<dyn TokenSource>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) timer: Arc<dyn Timer>,
    pub(super) settings: TokenSettings,
    pub(super) shared: Option<SharedTokens>,
    pub(super) current: ArcSwapOption<AccessToken>,
    rejected: Mutex<Option<StoredToken>>,
    flight: Mutex<Option<WeakFlight>>,
    /// Unix milliseconds before which nobody tries an early refresh.
    next_early: AtomicI64,
}

/// Builds a [`TokenManager`].
#[derive(Debug)]
pub struct TokenManagerBuilder {
    source: Arc<dyn TokenSource>,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
    settings: TokenSettings,
    store: Option<(TokenKey, Arc<dyn TokenStore>)>,
}

impl TokenManagerBuilder {
    /// Other time bounds.
    #[must_use]
    pub fn settings(mut self, settings: TokenSettings) -> Self {
        self.settings = settings;
        self
    }

    /// Shares the token through a store, under this key. Without a store the token stays here.
    #[must_use]
    pub fn store(mut self, key: TokenKey, store: Arc<dyn TokenStore>) -> Self {
        self.store = Some((key, store));
        self
    }

    /// The manager. Nothing is fetched yet.
    pub fn build(self) -> TokenManager {
        let Self {
            source,
            clock,
            timer,
            settings,
            store,
        } = self;
        let shared = store.map(|(key, store)| SharedTokens {
            key,
            store,
            clock: Arc::clone(&clock),
            timer: Arc::clone(&timer),
            settings,
            paused_until: AtomicI64::new(i64::MIN),
        });
        TokenManager {
            inner: Arc::new(Inner {
                source,
                clock,
                timer,
                settings,
                shared,
                current: ArcSwapOption::empty(),
                rejected: Mutex::default(),
                flight: Mutex::default(),
                next_early: AtomicI64::new(i64::MIN),
            }),
        }
    }
}

impl TokenManager {
    /// Starts a manager that asks `source`.
    pub fn builder(
        source: Arc<dyn TokenSource>,
        clock: Arc<dyn Clock>,
        timer: Arc<dyn Timer>,
    ) -> TokenManagerBuilder {
        TokenManagerBuilder {
            source,
            clock,
            timer,
            settings: TokenSettings::default(),
            store: None,
        }
    }

    /// The token, if it is there, serves and needs no refresh. No lock, no waiting.
    pub fn cached(&self) -> Option<Arc<AccessToken>> {
        let now = self.inner.clock.now();
        let current = self.inner.current.load();
        let current = current.as_ref()?;
        (current.is_usable(now) && !current.is_due(now)).then(|| Arc::clone(current))
    }

    /// The token; fetches or refreshes it if need be.
    ///
    /// Dropping the future is safe: the others that wait go on.
    ///
    /// # Errors
    ///
    /// A [`TokenError`] when there is no token that still serves and none can be fetched. All
    /// callers that waited for one fetch get the same error.
    pub async fn get(&self) -> Result<Arc<AccessToken>, TokenError> {
        match self.cached() {
            Some(token) => Ok(token),
            None => self.get_slowly().await,
        }
    }

    /// Drops `rejected` if it is still the token in use; a newer one stays.
    pub fn invalidate(&self, rejected: &Arc<AccessToken>) {
        rejected.reject();
        let current = self.inner.current.load();
        if current
            .as_ref()
            .is_some_and(|current| Arc::ptr_eq(current, rejected))
        {
            *lock(&self.inner.rejected) = Some(rejected.token.clone());
            self.inner.current.compare_and_swap(&*current, None);
        }
    }

    async fn get_slowly(&self) -> Result<Arc<AccessToken>, TokenError> {
        let inner = &self.inner;
        let now = inner.clock.now();
        let Some(old) = inner.current.load_full().filter(|old| old.is_usable(now)) else {
            return self.fetched().await;
        };
        if !inner.claim_early(now) {
            return Ok(old);
        }
        let flight = match self.join(true) {
            Ok(token) => return Ok(token),
            Err(flight) => flight,
        };
        let patience = inner.timer.sleep(inner.settings.early_patience);
        let waiting = flight.clone();
        if let Either::Left((Ok(token), _)) = select(waiting, patience).await
            && !token.is_rejected()
        {
            return Ok(token);
        }
        if old.is_usable(inner.clock.now()) && inner.is_current(&old) {
            return Ok(old);
        }
        self.fetched().await
    }

    async fn fetched(&self) -> Result<Arc<AccessToken>, TokenError> {
        loop {
            let token = match self.join(false) {
                Ok(token) => token,
                Err(flight) => flight.await?,
            };
            // A refresh that is just ending can bring a token that was used and rejected already.
            if !token.is_rejected() {
                return Ok(token);
            }
        }
    }

    /// A token that came in the meantime, or the refresh to wait for.
    fn join(&self, early: bool) -> Result<Arc<AccessToken>, Flight> {
        let mut slot = lock(&self.inner.flight);
        if let Some(flight) = slot.as_ref().and_then(WeakFlight::upgrade)
            && flight.peek().is_none()
        {
            return Err(flight);
        }
        let now = self.inner.clock.now();
        if let Some(current) = self.inner.current.load_full()
            && current.is_usable(now)
            && !(early && current.is_due(now))
        {
            return Ok(current);
        }
        let flight: Flight = flight::refresh(Arc::clone(&self.inner)).boxed().shared();
        *slot = flight.downgrade();
        Err(flight)
    }
}

impl Inner {
    pub(super) fn accept(&self, token: StoredToken) -> Arc<AccessToken> {
        // The gateway may give the same text again; then it is good again.
        lock(&self.rejected).take_if(|rejected| rejected.is_same(&token));
        let token = Arc::new(AccessToken::new(token));
        self.current.store(Some(Arc::clone(&token)));
        self.next_early.store(i64::MIN, Ordering::Relaxed);
        token
    }

    pub(super) fn is_rejected(&self, token: &StoredToken) -> bool {
        lock(&self.rejected)
            .as_ref()
            .is_some_and(|rejected| rejected.is_same(token))
    }

    fn is_current(&self, token: &Arc<AccessToken>) -> bool {
        self.current
            .load()
            .as_ref()
            .is_some_and(|current| Arc::ptr_eq(current, token))
    }

    /// Whether this caller is the one who refreshes early.
    fn claim_early(&self, now: Timestamp) -> bool {
        let next = self.next_early.load(Ordering::Relaxed);
        let after = now.plus(self.settings.early_retry).unix_millis();
        now.unix_millis() >= next
            && self
                .next_early
                .compare_exchange(next, after, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for TokenManager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenManager")
            .field("current", &self.inner.current.load().as_ref())
            .field("shared", &self.inner.shared.is_some())
            .finish_non_exhaustive()
    }
}
