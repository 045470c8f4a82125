//! One refresh, shared by everybody who waits for it.
//!
//! Its timers and connections are those of the runtime it began on, and end with that runtime. So
//! only callers there drive it; those of other runtimes are told how it ended, or that it was
//! abandoned.

use std::{sync::Arc, time::Duration};

use futures_channel::oneshot;
use futures_util::{
    FutureExt,
    future::{Either, Shared, WeakShared, select},
};
use singapay_core::BoxFuture;

use super::{
    AccessToken, StoredToken, TokenError,
    manager::Inner,
    shared::{SharedTokens, Turn},
};

type End = Result<Arc<AccessToken>, TokenError>;
type Refresh = BoxFuture<'static, End>;

/// Any waiter of its runtime can drive it; when the last one is gone, so is the refresh.
type Driven = Shared<Refresh>;

/// How a refresh of another runtime ends; cancelled when it is abandoned.
pub(super) type Watched = Shared<oneshot::Receiver<End>>;

/// A refresh that was begun.
pub(super) struct Flight {
    runtime: u64,
    driven: Option<WeakShared<Refresh>>,
    watched: Watched,
}

/// What a caller can do about a flight that is under way.
pub(super) enum Boarding {
    Drive(Driven),
    Watch(Watched),
}

impl Flight {
    /// Begins a refresh on this runtime. Nothing happens before it is driven.
    pub(super) fn begin(inner: Arc<Inner>) -> (Self, Driven) {
        let runtime = inner.timer.runtime();
        let (tell, told) = oneshot::channel();
        let refresh = async move {
            let end = refresh(inner).await;
            // Nobody else may be waiting.
            let _ = tell.send(end.clone());
            end
        };
        let driven: Driven = refresh.boxed().shared();
        let flight = Self {
            runtime,
            driven: driven.downgrade(),
            watched: told.shared(),
        };
        (flight, driven)
    }

    /// How to get its end from a caller of `runtime`; `None` if it is over or abandoned.
    pub(super) fn board(&self, runtime: u64) -> Option<Boarding> {
        if self.watched.clone().now_or_never().is_some() {
            return None;
        }
        if self.runtime == runtime {
            let driven = self.driven.as_ref().and_then(WeakShared::upgrade);
            driven.map(Boarding::Drive)
        } else {
            Some(Boarding::Watch(self.watched.clone()))
        }
    }

    /// Whether this is the flight that was watched.
    pub(super) fn is(&self, watched: &Watched) -> bool {
        self.watched.ptr_eq(watched)
    }
}

/// Pause between looks at the store while another process fetches.
const POLL: Duration = Duration::from_millis(50);

async fn refresh(inner: Arc<Inner>) -> End {
    let token = match &inner.shared {
        None => fetch(&inner).await?,
        Some(shared) => through_store(&inner, shared).await?,
    };
    Ok(inner.accept(token))
}

async fn through_store(inner: &Inner, shared: &SharedTokens) -> Result<StoredToken, TokenError> {
    let mut waited = Duration::ZERO;
    let lease = loop {
        if let Some(token) = fresh(inner, shared).await {
            return Ok(token);
        }
        match shared.lock().await {
            Turn::Mine(lease) => break Some(lease),
            Turn::Unknown => break None,
            Turn::Others if waited > inner.settings.lease_patience => break None,
            Turn::Others => {
                let pause = POLL + POLL.mul_f64(fastrand::f64());
                inner.timer.sleep(pause).await;
                waited += pause;
            }
        }
    };
    let Some(lease) = lease else {
        let token = fetch(inner).await?;
        shared.save(&token).await;
        return Ok(token);
    };
    // Another process may have finished between our look and our lease.
    let result = match fresh(inner, shared).await {
        Some(token) => Ok(token),
        None => fetch(inner).await,
    };
    if let Ok(token) = &result {
        shared.save(token).await;
    }
    shared.unlock(&lease).await;
    result
}

/// The store's token, unless it is rejected, spent, or due for a refresh itself.
async fn fresh(inner: &Inner, shared: &SharedTokens) -> Option<StoredToken> {
    let token = shared.load().await?;
    if inner.is_rejected(&token) {
        shared.remove(&token).await;
        return None;
    }
    let now = inner.clock.now();
    let candidate = AccessToken::new(token.clone());
    if !candidate.is_usable(now) {
        return None;
    }
    match inner
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

async fn fetch(inner: &Inner) -> Result<StoredToken, TokenError> {
    let limit = inner.timer.sleep(inner.settings.fetch_timeout);
    let end = match select(inner.source.fetch(), limit).await {
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
