//! Access tokens: fetched once however many callers wait, refreshed before they end.
//!
//! [`TokenManager`] keeps the token of one credential on one host. Nothing runs in the
//! background, and nothing here needs a runtime until a token has to be fetched.
//!
//! In the book, shared by several processes: `docs/book/src/processes.md`.

mod error;
mod flight;
mod held;
mod http_source;
mod manager;
mod memory;
mod refresh;
mod shared;
mod store;
mod wire;

pub use error::TokenError;
pub use held::{AccessToken, TokenSettings};
pub use http_source::{HttpTokenSource, TokenScheme};
pub use manager::{TokenManager, TokenManagerBuilder};
pub use memory::MemoryTokenStore;
pub use store::{Lease, StoredToken, TokenKey, TokenStore};

use std::{
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use singapay_core::BoxFuture;

/// Asks the gateway for a token.
pub trait TokenSource: fmt::Debug + Send + Sync {
    /// Asks once, with whatever repetition is safe for a token request.
    fn fetch(&self) -> BoxFuture<'static, Result<StoredToken, TokenError>>;
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
