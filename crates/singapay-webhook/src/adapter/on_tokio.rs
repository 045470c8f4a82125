//! Gates of frameworks that run on Tokio.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::StatusCode;
use singapay_auth::webhook::{HeaderSource, Verifier};
use singapay_core::{BoxFuture, Timer};
use tokio::runtime::Handle;

use super::{Answer, Arrival};
use crate::{Delivery, Gate, HandlerResult, Ledger};

/// Sleeps on the runtime that polls.
#[derive(Debug)]
struct TokioTimer;

impl Timer for TokioTimer {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        // A sweep may run elsewhere, where Tokio would panic.
        match Handle::try_current() {
            Ok(_) => Box::pin(tokio::time::sleep(duration)),
            Err(_) => Box::pin(std::future::pending()),
        }
    }
}

/// A gate with its handler, behind a route.
///
/// The handler runs to its end even if the gateway hangs up meanwhile, or until the gate's lease ends: what it wrote
/// is undone then, here and in the sweep of every clone of the gate.
pub struct Served<L, H> {
    gate: Gate<L>,
    handler: Arc<H>,
}

impl<L, H> Clone for Served<L, H> {
    fn clone(&self) -> Self {
        Self {
            gate: self.gate.clone(),
            handler: Arc::clone(&self.handler),
        }
    }
}

impl<L, H> Served<L, H>
where
    L: Ledger + 'static,
    H: for<'a> Fn(&'a mut L::Transaction, &'a Delivery<'static>) -> BoxFuture<'a, HandlerResult>
        + Send
        + Sync
        + 'static,
{
    /// This gate with this handler; gives the gate Tokio's timer where it has none.
    pub fn new(gate: &Gate<L>, handler: H) -> Self {
        gate.or_timer(TokioTimer);
        Self {
            gate: gate.clone(),
            handler: Arc::new(handler),
        }
    }

    /// Verifier of its deliveries.
    pub fn verifier(&self) -> &Verifier {
        self.gate.receiver().verifier()
    }

    /// Takes a request whose body has been read through the gate, as a task of its own, and says what to answer.
    pub async fn pass<S>(self, arrival: Arrival<S>, body: Bytes) -> Answer
    where
        S: HeaderSource + Send + Sync + 'static,
    {
        let Self { gate, handler } = self;
        let passed = arrival.pass(gate, body, move |transaction, delivery| {
            handler(transaction, delivery)
        });
        let answer = tokio::spawn(passed).await;
        answer.unwrap_or_else(|_| Answer::of(StatusCode::SERVICE_UNAVAILABLE))
    }
}
