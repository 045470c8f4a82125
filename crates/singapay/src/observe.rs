//! Telling how calls ended: a tracing span per call, with one for each attempt in it, a warning where a
//! person should look, and a hook for metrics. Never a body, header or reference.

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::Request;
use singapay_auth::AuthPipeline;
use singapay_core::{
    Attempt, BoxFuture, CallContext, CallError, CallRecord, Delivery, Judged, Operation, Pipeline,
    operation::{Effect, Host},
};
use tracing::{Instrument, Span, field::Empty};

use crate::{
    error::{Error, ErrorKind, Stage},
    outcome::Outcome,
};

/// Is told how every call ended, for metrics. Any closure over a [`CallReport`] is one.
///
/// It runs on the task of the call and holds it up: count and return. A panic in it takes the outcome
/// of the call along, of a payout too. Calls that a local check
/// refused never got that far and are not reported, nor are calls whose future was dropped.
///
/// ```
/// use std::sync::{Arc, atomic::{AtomicU64, Ordering}};
/// use singapay::{CallReport, Singapay};
///
/// let failures = Arc::new(AtomicU64::new(0));
/// let counted = Arc::clone(&failures);
/// let builder = Singapay::builder().observer(move |call: &CallReport<'_>| {
///     if call.error_kind().is_some() {
///         counted.fetch_add(1, Ordering::Relaxed);
///     }
/// });
/// # let _ = builder;
/// ```
pub trait Observer: Send + Sync {
    /// A call has ended, with an answer or without.
    fn call_ended(&self, call: &CallReport<'_>);
}

impl<F: Fn(&CallReport<'_>) + Send + Sync> Observer for F {
    fn call_ended(&self, call: &CallReport<'_>) {
        self(call);
    }
}

/// Report of a call that has ended. Holds nothing that is personal or secret.
#[derive(Debug, Clone, Copy)]
pub struct CallReport<'a> {
    operation: &'static Operation,
    attempts: &'a [Attempt],
    elapsed: Duration,
    status: Option<u16>,
    code: Option<&'a str>,
    kind: Option<ErrorKind>,
    delivery: Delivery,
}

impl CallReport<'_> {
    /// Operation id, such as `create_payment_link`; `raw_request` for what is not modelled.
    pub fn operation(&self) -> &'static str {
        self.operation.id
    }

    /// Product, such as `payment_links`.
    pub fn product(&self) -> &'static str {
        self.operation.product
    }

    /// Host that serves the operation.
    pub fn host(&self) -> Host {
        self.operation.host
    }

    /// Effect of the operation.
    pub fn effect(&self) -> Effect {
        self.operation.effect
    }

    /// Requests sent, or tried to send; token requests not included.
    pub fn attempts(&self) -> u32 {
        u32::try_from(self.attempts.len()).unwrap_or(u32::MAX)
    }

    /// Each of these requests: its end, its duration, and the reason for sending it after another one.
    pub fn attempt_log(&self) -> &[Attempt] {
        self.attempts
    }

    /// Time from the first step to the end, waiting included.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// HTTP status of the last answer.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// The gateway's own code, if it looks like one.
    pub fn code(&self) -> Option<&str> {
        self.code
    }

    /// Kind of the error, as [`Error::kind`] has it; `None` for a success.
    pub fn error_kind(&self) -> Option<ErrorKind> {
        self.kind
    }

    /// Says if the request can have reached the gateway.
    pub fn delivery(&self) -> Delivery {
        self.delivery
    }
}

/// The pipeline, watched.
pub(crate) struct Observed {
    pipeline: AuthPipeline,
    observer: Option<Arc<dyn Observer>>,
}

impl Observed {
    pub(crate) fn new(pipeline: AuthPipeline, observer: Option<Arc<dyn Observer>>) -> Self {
        Self { pipeline, observer }
    }
}

/// The span and the observer of a call, kept until it has been judged and its data read, so that metrics and
/// [`Error::kind`] cannot differ.
#[derive(Clone)]
struct Watch {
    span: Span,
    observer: Option<Arc<dyn Observer>>,
}

/// Tells how a call has ended.
pub(crate) fn tell_end(
    operation: &'static Operation,
    record: &mut CallRecord,
    end: Result<u16, &Error>,
) {
    let Some(Watch { span, observer }) = record.extensions.remove() else {
        return;
    };
    let error = end.err();
    let report = CallReport {
        operation,
        attempts: &record.log,
        elapsed: record.elapsed,
        status: end.ok().or_else(|| error?.status()),
        code: error.and_then(Error::printable_code),
        kind: error.map(Error::kind),
        delivery: error.map_or(Delivery::Answered, Error::delivery),
    };
    report.record(&span);
    if let Some(observer) = observer {
        let _entered = span.enter();
        observer.call_ended(&report);
    }
}

impl CallReport<'_> {
    fn record(&self, span: &tracing::Span) {
        span.record("attempts", self.attempts());
        span.record("status", self.status);
        span.record("code", self.code);
        if let Some(kind) = self.kind {
            span.record("error", tracing::field::debug(kind));
        }
        let millis = u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX);
        span.record("duration_ms", millis);
    }
}

/// Tells a person that a call has failed for good; the line holds no body, header or reference.
pub(crate) fn tell_failure(error: &Error) {
    let what = match error.may_have_taken_effect() {
        true => "the outcome of a call is not known",
        false => "a call failed",
    };
    tell(what, error);
}

/// The same for what became of a payout.
pub(crate) fn tell_outcome<T>(outcome: &Result<Outcome<T>, Error>) {
    match outcome {
        Ok(Outcome::Accepted(_)) => {}
        Ok(Outcome::Unknown(unresolved)) => {
            tell("the outcome of a payout is not known", unresolved.error())
        }
        Ok(Outcome::Duplicate(unresolved)) => {
            tell(
                "a payout had the reference of an earlier one",
                unresolved.error(),
            );
        }
        Ok(Outcome::Refused(error)) | Err(error) => tell("a payout failed", error),
    }
}

fn tell(what: &str, error: &Error) {
    // Found on this side, like a field that is missing: nothing was tried.
    if error.stage() == Stage::Prepare {
        return;
    }
    tracing::warn!(
        target: "singapay",
        operation = error.operation(),
        kind = ?error.kind(),
        delivery = ?error.delivery(),
        attempts = error.attempts(),
        inquiry = error.inquiry(),
        "{what}: {error}"
    );
}

impl Pipeline for Observed {
    fn execute<'a>(
        &'a self,
        operation: &'static Operation,
        request: Request<Bytes>,
        context: &'a CallContext,
    ) -> BoxFuture<'a, Result<Judged, CallError>> {
        let span = tracing::info_span!(
            target: "singapay",
            "singapay.call",
            operation = operation.id,
            attempts = Empty,
            status = Empty,
            code = Empty,
            error = Empty,
            duration_ms = Empty,
        );
        context.keep_request(request.body().clone());
        if span.is_disabled() && self.observer.is_none() {
            return self.pipeline.execute(operation, request, context);
        }
        let observer = self.observer.clone();
        context.keep(Watch {
            span: span.clone(),
            observer,
        });
        let call = self.pipeline.execute(operation, request, context);
        Box::pin(call.instrument(span))
    }
}

impl fmt::Debug for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observed")
            .field("pipeline", &self.pipeline)
            .finish_non_exhaustive()
    }
}
