//! One refresh, shared by everybody who waits for it.

use std::{sync::Arc, time::Duration};

use futures_util::future::{Either, Shared, WeakShared, select};
use singapay_core::BoxFuture;

use super::{
    AccessToken, StoredToken, TokenError,
    manager::Inner,
    shared::{SharedTokens, Turn},
};

type Refresh = BoxFuture<'static, Result<Arc<AccessToken>, TokenError>>;
/// Any waiter can drive it; when the last one is gone, so is the refresh.
pub(super) type Flight = Shared<Refresh>;
pub(super) type WeakFlight = WeakShared<Refresh>;

/// Pause between looks at the store while another process fetches.
const POLL: Duration = Duration::from_millis(50);

pub(super) async fn refresh(inner: Arc<Inner>) -> Result<Arc<AccessToken>, TokenError> {
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
    match select(inner.source.fetch(), limit).await {
        Either::Left((result, _)) => Some(result?.bounded())
            .filter(StoredToken::is_sound)
            .ok_or_else(TokenError::unusable),
        Either::Right(_) => Err(TokenError::timeout()),
    }
}
