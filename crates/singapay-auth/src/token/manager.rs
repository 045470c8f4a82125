use std::{
    fmt,
    sync::{Arc, Mutex, atomic::AtomicI64},
};

use futures_util::future::{Either, select};
use singapay_core::{Clock, Timer};

use super::{
    AccessToken, TokenError, TokenKey, TokenSettings, TokenSource, TokenStore,
    flight::{Boarding, Flight, Watched},
    lock,
    refresh::{Refresher, refresh},
    shared::SharedTokens,
};

/// Keeps the token of one credential on one host.
///
/// - One fetch at a time, however many callers wait, on however many runtimes; they share its
///   result. Where the runtime that fetches ends, another one fetches.
/// - Refreshed before the end, while the old token still serves. One call does that work; if it
///   fails, nobody notices.
/// - [`invalidate`](Self::invalidate) drops only the token that was rejected.
/// - Never served past its lifetime, which counts from before the token was asked for.
#[derive(Clone)]
pub struct TokenManager {
    refresher: Arc<Refresher>,
    flight: Arc<Mutex<Option<Flight>>>,
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
            refresher: Arc::new(Refresher::new(source, clock, timer, settings, shared)),
            flight: Arc::default(),
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
        let now = self.refresher.clock.now();
        let current = self.refresher.current.load();
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
        self.refresher.forget(rejected);
    }

    async fn get_slowly(&self) -> Result<Arc<AccessToken>, TokenError> {
        let refresher = &self.refresher;
        let now = refresher.clock.now();
        let Some(old) = refresher
            .current
            .load_full()
            .filter(|old| old.is_usable(now))
        else {
            return self.fetched().await;
        };
        if !refresher.claim_early(now) {
            return Ok(old);
        }
        let flight = match self.join(true, None) {
            Joined::Token(token) => return Ok(token),
            Joined::Flight(Boarding::Drive(flight)) => flight,
            // Somebody else is at it, and the old one still serves.
            Joined::Flight(Boarding::Watch(_)) => return Ok(old),
        };
        let patience = refresher.timer.sleep(refresher.settings.early_patience);
        if let Either::Left((Ok(token), _)) = select(flight, patience).await
            && !token.is_rejected()
        {
            return Ok(token);
        }
        if old.is_usable(refresher.clock.now()) && refresher.is_current(&old) {
            return Ok(old);
        }
        self.fetched().await
    }

    async fn fetched(&self) -> Result<Arc<AccessToken>, TokenError> {
        let mut stuck = None;
        loop {
            let token = match self.join(false, stuck.as_ref()) {
                Joined::Token(token) => token,
                Joined::Flight(Boarding::Drive(flight)) => flight.await?,
                Joined::Flight(Boarding::Watch(flight)) => {
                    let patience = self
                        .refresher
                        .timer
                        .sleep(self.refresher.settings.lease_patience);
                    match select(flight.clone(), patience).await {
                        Either::Left((Ok(end), _)) => end?,
                        // Abandoned, or its runtime stands still.
                        Either::Left((Err(_), _)) | Either::Right(_) => {
                            stuck = Some(flight);
                            continue;
                        }
                    }
                }
            };
            // A refresh that is just ending can bring a token that was used and rejected already.
            if !token.is_rejected() {
                return Ok(token);
            }
        }
    }

    /// A token that came in the meantime, or the refresh to wait for, which is not the one that is
    /// `stuck`.
    fn join(&self, early: bool, stuck: Option<&Watched>) -> Joined {
        let mut slot = lock(&self.flight);
        let runtime = self.refresher.timer.runtime();
        if let Some(flight) = slot.as_ref()
            && !stuck.is_some_and(|stuck| flight.is(stuck))
            && let Some(boarding) = flight.board(runtime)
        {
            return Joined::Flight(boarding);
        }
        let now = self.refresher.clock.now();
        if let Some(current) = self.refresher.current.load_full()
            && current.is_usable(now)
            && !(early && current.is_due(now))
        {
            return Joined::Token(current);
        }
        let (flight, driven) = Flight::begin(runtime, refresh(Arc::clone(&self.refresher)));
        *slot = Some(flight);
        Joined::Flight(Boarding::Drive(driven))
    }
}

/// A token, or the refresh that brings one.
enum Joined {
    Token(Arc<AccessToken>),
    Flight(Boarding),
}

impl fmt::Debug for TokenManager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenManager")
            .field("current", &self.refresher.current.load().as_ref())
            .field("shared", &self.refresher.shared.is_some())
            .finish_non_exhaustive()
    }
}
