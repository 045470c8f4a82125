//! Waiting on Tokio.

use std::time::Duration;

use singapay_core::{BoxFuture, Timer};
use tokio::runtime::Handle;

/// Sleeps on the runtime that polls.
#[derive(Debug)]
pub(crate) struct TokioTimer;

impl Timer for TokioTimer {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        // A sweep may run elsewhere, where Tokio would panic.
        match Handle::try_current() {
            Ok(_) => Box::pin(tokio::time::sleep(duration)),
            Err(_) => Box::pin(std::future::pending()),
        }
    }
}
