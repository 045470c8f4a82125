//! Takes the finished request out of a builder of a payout, without sending it.

use std::{
    future::Future,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use http::Request;
use singapay_core::{
    BoxFuture, CallContext, CallError, CallErrorKind, Judged, Operation, Pipeline,
};

use crate::{
    call::Call,
    error::Error,
    money_out::MoneyOut,
    outcome::Outcome,
    request::{self, Payout},
};

/// A payout that can be stored and sent later: the builders of all operations that pay out, and
/// [`RawMoneyOut`](crate::RawMoneyOut) of those.
///
/// In the book: `docs/book/src/payouts.md#step-by-step`.
pub trait PayoutRequest: Capture {}

impl<T: Capture> PayoutRequest for T {}

/// Request that would have been sent.
#[derive(Clone)]
pub struct Captured {
    pub(crate) operation: &'static Operation,
    pub(crate) path: String,
    pub(crate) body: Bytes,
    pub(crate) account: Option<String>,
    pub(crate) credential: Option<String>,
    pub(crate) has_headers: bool,
}

/// The inside of it, for this crate alone.
pub trait Capture: Send {
    /// # Errors
    ///
    /// The request is incomplete or wrong, or the policy of its handle refuses it.
    fn capture(self) -> impl Future<Output = Result<Captured, Error>> + Send;
}

/// Keeps the request and sends nothing.
#[derive(Debug, Default)]
struct Keeper(Mutex<Option<Captured>>);

closed_debug!(Captured);

impl Pipeline for Keeper {
    fn execute<'a>(
        &'a self,
        operation: &'static Operation,
        request: Request<Bytes>,
        context: &'a CallContext,
    ) -> BoxFuture<'a, Result<Judged, CallError>> {
        let options = context.options();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Captured {
            operation,
            path: request.uri().path().to_owned(),
            body: request.body().clone(),
            account: options.account.clone(),
            credential: options.credential.clone(),
            has_headers: !options.headers.is_empty(),
        });
        let kept = CallError::not_sent(CallErrorKind::Config, "it was not to be sent", None);
        Box::pin(std::future::ready(Err(kept)))
    }
}

/// Runs a builder on a client that keeps what it would send.
pub(crate) async fn capture<T, F>(
    call: &Call<MoneyOut>,
    send: impl FnOnce(Call<MoneyOut>) -> F + Send,
) -> Result<Captured, Error>
where
    F: Future<Output = Result<Outcome<T>, Error>> + Send,
{
    let keeper = std::sync::Arc::new(Keeper::default());
    let client = call.client().with_pipeline(std::sync::Arc::clone(&keeper));
    let sent = send(call.on(&client)).await;
    let kept = keeper
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    match (kept, sent) {
        (Some(captured), _) => Ok(captured),
        (None, Err(error)) => Err(error),
        (None, Ok(_)) => Err(Error::local(
            crate::ErrorKind::InvalidInput,
            "the request could not be built",
        )),
    }
}

impl<R: Payout> Capture for R {
    async fn capture(mut self) -> Result<Captured, Error> {
        let call = self.call().clone();
        capture(&call, |call| {
            *self.call_mut() = call;
            request::pay(self)
        })
        .await
    }
}

impl Capture for crate::RawMoneyOut {
    async fn capture(mut self) -> Result<Captured, Error> {
        let call = self.call.clone();
        capture(&call, |call| {
            self.call = call;
            self.send()
        })
        .await
    }
}
