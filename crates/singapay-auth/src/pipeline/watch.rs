//! Report of each attempt: number, reason, status, duration. Never a body, header or address.

use std::time::Instant;

use singapay_core::{Answer, Attempt, Operation, Resend, TransportError};
use tracing::{Span, field::Empty};

/// One attempt under way.
pub(super) struct Watch {
    number: u32,
    resend: Option<Resend>,
    started: Instant,
    span: Span,
}

impl Watch {
    pub(super) fn start(number: u32, resend: Option<Resend>) -> Self {
        let span = tracing::debug_span!(
            target: "singapay",
            "singapay.attempt",
            attempt = number,
            resend = resend.map(Resend::as_str),
            status = Empty,
            failure = Empty,
            duration_ms = Empty,
        );
        Self {
            number,
            resend,
            started: Instant::now(),
            span,
        }
    }

    /// The span of the attempt.
    pub(super) fn span(&self) -> Span {
        self.span.clone()
    }

    pub(super) fn end(
        self,
        operation: &Operation,
        result: &Result<Answer, TransportError>,
    ) -> Attempt {
        let attempt = Attempt::new(self.number, self.resend, self.started.elapsed(), result);
        let millis = u64::try_from(attempt.duration.as_millis()).unwrap_or(u64::MAX);
        self.span.record("status", attempt.status);
        if let Some(failure) = attempt.failure {
            self.span.record("failure", tracing::field::debug(failure));
        }
        self.span.record("duration_ms", millis);
        let _entered = self.span.enter();
        match result {
            Ok(answer) => tracing::debug!(
                operation = operation.id,
                attempt = self.number,
                status = answer.status.as_u16(),
                duration_ms = millis,
                "the gateway answered"
            ),
            Err(error) => tracing::debug!(
                operation = operation.id,
                attempt = self.number,
                kind = ?error.kind(),
                delivery = ?error.delivery(),
                duration_ms = millis,
                "no answer"
            ),
        }
        attempt
    }
}
