//! Waiting with tokio.

use std::time::Duration;

use singapay_core::{BoxFuture, Timer};
use tokio::runtime::Handle;

/// Sleeps on the runtime that runs the call.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct TokioTimer;

impl Timer for TokioTimer {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async move { tokio::time::sleep(duration).await })
    }

    fn runtime(&self) -> u64 {
        let id = Handle::try_current().map(|handle| handle.id().to_string());
        // Written as a number that is never 0.
        id.ok().and_then(|id| id.parse().ok()).unwrap_or(0)
    }
}
