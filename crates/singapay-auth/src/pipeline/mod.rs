//! The attempt loop: every request of the SDK goes through [`AuthPipeline`].
//!
//! Per call: check the request, choose the credential, canonicalize what is signed, start the
//! deadline. Per attempt: token, timestamp, signature, send, classify.
//!
//! In use: `crates/singapay/src/config/build.rs`.

mod budget;
mod builder;
mod deadline;
mod guard;
mod plan;
mod retry;
mod senders;
mod watch;

pub use budget::RetryBudget;
pub use builder::{AuthPipelineBuilder, ConfigError};
pub use retry::RetryPolicy;

use std::{
    fmt,
    future::{self, Future},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use http::Request;
use singapay_core::{
    AnswerBound, BoxFuture, CallContext, CallError, CallErrorKind, Clock, Delivery, Failure,
    Judged, Operation, Pipeline, Resend, Timer, Transport, TransportError, TransportErrorKind,
};

use self::{
    budget::Budgets,
    deadline::Deadline,
    plan::Plan,
    retry::{Next, Retry},
    senders::Senders,
    watch::Watch,
};
use tracing::Instrument;

use crate::{credential::Credentials, endpoint::Endpoints, scheme::TimestampFormat};

/// Takes requests through tokens, signing, sending and classifying.
///
/// Sent again are: reads, and operations that pay nothing out and whose replay returns the original
/// (when the body holds the reference), after a failure that may pass; anything after a failed connect;
/// anything once after its token was rejected and nothing in the answer speaks against that, with a fresh
/// token and signature. Nothing else. All but the last is bounded over all calls by
/// [`RetryPolicy::budget`].
pub struct AuthPipeline {
    endpoints: Endpoints,
    senders: Senders,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
    retry: RetryPolicy,
    budgets: Budgets,
    timeout: Duration,
    timestamp_format: TimestampFormat,
}

impl AuthPipeline {
    /// Starts a pipeline. Needs no runtime; `timer` needs one when a call is made.
    pub fn builder(
        credentials: Credentials,
        endpoints: Endpoints,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        timer: Arc<dyn Timer>,
    ) -> AuthPipelineBuilder {
        AuthPipelineBuilder::new(credentials, endpoints, transport, clock, timer)
    }

    /// Addresses of the hosts.
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    fn run<'a>(
        &'a self,
        operation: &'static Operation,
        plan: Plan<'a>,
        context: &'a CallContext,
    ) -> impl Future<Output = Result<Judged, CallError>> + Send + 'a {
        let options = context.options();
        let budget = self.budgets.of(operation.host);
        let most = options.max_attempts;
        let mut retry = Retry::new(operation, &self.retry, budget, most, plan.body());
        let timeout = options.timeout.unwrap_or(self.timeout);
        let mut deadline = Deadline::start(timeout, self.timer.as_ref());
        let bound = AnswerBound::of(operation);
        let mut earlier = Earlier::default();
        let mut resend = None;
        // A block, since an async function would keep room for its arguments twice.
        async move {
            loop {
                let token = match plan.token() {
                    None => None,
                    Some(manager) => match deadline.within(pin!(manager.get())).await {
                        Some(Ok(token)) => Some(token),
                        Some(Err(error)) => {
                            context.add_token_attempts(error.attempts());
                            return earlier.or(Err(error.into()));
                        }
                        None => {
                            context.add_token_attempts(1);
                            return earlier.or(Err(too_late()));
                        }
                    },
                };
                let mut request = match plan.request(token.as_deref(), self.clock.now()) {
                    Ok(request) => request,
                    Err(error) => return earlier.or(Err(error)),
                };
                let Some(remaining) = deadline.remaining() else {
                    return earlier.or(Err(too_late()));
                };
                bound.attach(&mut request);
                let number = context.start_attempt();
                let watch = Watch::start(number, resend);
                let sent = self.transport.send(request, remaining);
                let sent = deadline.within(sent.instrument(watch.span())).await;
                let result = sent
                    .unwrap_or_else(|| Err(TransportError::new(TransportErrorKind::Timeout, None)));
                let result = bound.check(result);
                context.end_attempt(watch.end(operation, &result));
                let judge = |answer| Judged::new(operation, plan.body(), answer, earlier.ambiguous);
                let result = result.map(judge);
                let next = retry.after(
                    &result,
                    token.is_some(),
                    deadline.remaining(),
                    self.clock.now(),
                );
                let result = result.map_err(CallError::from);
                match next {
                    Next::Done => {
                        // The next call has a fresh one.
                        if let (Some(true), Some(manager), Some(token)) = (
                            failure(&result).map(Failure::doubts_token),
                            plan.token(),
                            &token,
                        ) {
                            manager.invalidate(token);
                        }
                        return earlier.or(result);
                    }
                    Next::FreshToken => {
                        if let (Some(manager), Some(token)) = (plan.token(), &token) {
                            manager.invalidate(token);
                        }
                        earlier.add(result, false);
                        resend = Some(Resend::TokenRejected);
                    }
                    Next::Wait(pause, reason) => {
                        resend = Some(reason);
                        let ambiguous =
                            !matches!(&result, Err(error) if error.delivery() == Delivery::NotSent);
                        earlier.add(result, ambiguous);
                        if deadline.within(self.timer.sleep(pause)).await.is_none() {
                            return earlier.or(Err(too_late()));
                        }
                    }
                }
            }
        }
    }
}

/// Findings of the earlier attempts of a call.
#[derive(Default)]
struct Earlier {
    last: Option<Result<Judged, CallError>>,
    /// True if nobody can tell from `last` if the gateway acted.
    ambiguous: bool,
}

impl Earlier {
    /// Adds an attempt; an ambiguous one stays until another is ambiguous.
    fn add(&mut self, result: Result<Judged, CallError>, ambiguous: bool) {
        if ambiguous || !self.ambiguous {
            self.last = Some(result);
            self.ambiguous = ambiguous;
        }
    }

    /// The end of the call: an attempt that was not sent says less than one that was.
    fn or(self, end: Result<Judged, CallError>) -> Result<Judged, CallError> {
        match (self.last, end) {
            (Some(last), Err(error)) if error.delivery() == Delivery::NotSent => last,
            (_, end) => end,
        }
    }
}

/// The failure, if an answer is one.
fn failure<E>(result: &Result<Judged, E>) -> Option<&Failure> {
    result.as_ref().ok()?.judgement.failure()
}

fn too_late() -> CallError {
    let message = "the time for the call was up before it could be sent";
    CallError::not_sent(CallErrorKind::Deadline, message, None)
}

impl Pipeline for AuthPipeline {
    fn execute<'a>(
        &'a self,
        operation: &'static Operation,
        request: Request<Bytes>,
        context: &'a CallContext,
    ) -> BoxFuture<'a, Result<Judged, CallError>> {
        match Plan::new(self, operation, request, context.options()) {
            Ok(plan) => Box::pin(self.run(operation, plan, context)),
            Err(error) => Box::pin(future::ready(Err(error))),
        }
    }
}

impl fmt::Debug for AuthPipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthPipeline")
            .field("endpoints", &self.endpoints)
            .field("retry", &self.retry)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
