use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use singapay_core::{BoxError, BoxFuture};

use super::{Lease, StoredToken, TokenKey, TokenStore};

/// Shares tokens between several clients of one process.
#[derive(Default)]
pub struct MemoryTokenStore(Mutex<HashMap<TokenKey, Entry>>);

#[derive(Default)]
struct Entry {
    token: Option<StoredToken>,
    lease: Option<(Lease, Instant)>,
}

impl MemoryTokenStore {
    fn entries(&self) -> MutexGuard<'_, HashMap<TokenKey, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for MemoryTokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryTokenStore")
            .field("tokens", &self.entries().len())
            .finish()
    }
}

fn ready<'a, T: Send + 'a>(value: T) -> BoxFuture<'a, Result<T, BoxError>> {
    Box::pin(std::future::ready(Ok(value)))
}

impl TokenStore for MemoryTokenStore {
    fn load<'a>(
        &'a self,
        key: &'a TokenKey,
    ) -> BoxFuture<'a, Result<Option<StoredToken>, BoxError>> {
        ready(
            self.entries()
                .get(key)
                .and_then(|entry| entry.token.clone()),
        )
    }

    fn save<'a>(
        &'a self,
        key: &'a TokenKey,
        token: &'a StoredToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        self.entries().entry(key.clone()).or_default().token = Some(token.clone());
        ready(())
    }

    fn remove<'a>(
        &'a self,
        key: &'a TokenKey,
        token: &'a StoredToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        if let Some(entry) = self.entries().get_mut(key) {
            entry.token.take_if(|kept| kept.is_same(token));
        }
        ready(())
    }

    fn lock<'a>(
        &'a self,
        key: &'a TokenKey,
        duration: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>, BoxError>> {
        let now = Instant::now();
        let mut entries = self.entries();
        let entry = entries.entry(key.clone()).or_default();
        if entry.lease.as_ref().is_some_and(|(_, until)| *until > now) {
            return ready(None);
        }
        let lease = Lease::random();
        entry.lease = Some((lease.clone(), now + duration));
        ready(Some(lease))
    }

    fn unlock<'a>(
        &'a self,
        key: &'a TokenKey,
        lease: &'a Lease,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        if let Some(entry) = self.entries().get_mut(key) {
            entry.lease.take_if(|(held, _)| held == lease);
        }
        ready(())
    }
}
