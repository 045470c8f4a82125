//! Waiting with tokio.

use std::time::Duration;

use singapay_core::{BoxFuture, Timer};

/// Sleeps on the runtime that runs the call.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct TokioTimer;

impl Timer for TokioTimer {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async move { tokio::time::sleep(duration).await })
    }
}
