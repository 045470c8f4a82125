//! Makers of errors.

use std::{error::Error as StdError, time::Duration};

use singapay_auth::token::TokenError;
use singapay_core::{
    BoxError, CallError, CallErrorKind, Delivery, Failure, Operation, TransportError,
    TransportErrorKind, envelope::FieldError,
};

use super::{Error, ErrorKind, Inner, Reason, Stage, words};
use crate::response::Exchange;

impl Error {
    /// An error found on this side, before anything was sent.
    pub(crate) fn local(kind: ErrorKind, summary: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            stage: Stage::Prepare,
            delivery: Delivery::NotSent,
            summary: Some(summary.into()),
            operation: None,
            reason: None,
            refusal: None,
            undisputed: false,
            fields: Vec::new(),
            shown: Vec::new(),
            exchange: None,
            attempts: 0,
            elapsed: Duration::ZERO,
            source: None,
        }))
    }

    /// Fields that are missing or out of range, all of them.
    pub(crate) fn invalid_input(operation: &'static Operation, fields: Vec<FieldError>) -> Self {
        Self::invalid_fields(fields).with_operation(operation)
    }

    /// The same where no operation has been chosen yet.
    pub(crate) fn invalid_fields(fields: Vec<FieldError>) -> Self {
        let describe =
            |field: &FieldError| format!("{} {}", field.field, field.messages.join(", "));
        let names: Vec<String> = fields.iter().map(describe).collect();
        let mut error = Self::local(ErrorKind::InvalidInput, names.join("; "));
        error.0.fields = fields;
        error
    }

    /// A call that got no answer.
    pub(crate) fn from_call(
        operation: &'static Operation,
        error: CallError,
        attempts: u32,
        elapsed: Duration,
    ) -> Self {
        let failure = error.answer().map(Failure::of_token);
        let (kind, stage) = place(&error, failure.as_ref());
        let reason = failure.as_ref().and_then(|failure| failure.reason);
        let refusal = failure.map(|failure| failure.refusal);
        let exchange = error.answer().map(|answer| Exchange {
            operation,
            answer: answer.clone(),
            page: None,
            attempts,
            elapsed,
        });
        Self(Box::new(Inner {
            kind,
            stage,
            delivery: error.delivery(),
            summary: Some(error.to_string()),
            operation: Some(operation),
            reason,
            fields: refusal
                .as_ref()
                .map(|refusal| refusal.fields.clone())
                .unwrap_or_default(),
            shown: refusal
                .as_ref()
                .map(|refusal| words::shown(&refusal.fields, None))
                .unwrap_or_default(),
            refusal,
            exchange,
            undisputed: false,
            attempts,
            elapsed,
            source: Some(Box::new(error)),
        }))
    }

    /// An answer that is not a success.
    pub(crate) fn from_answer(
        operation: &'static Operation,
        failure: Failure,
        exchange: Exchange,
    ) -> Self {
        let Failure {
            kind,
            reason,
            refusal,
            undisputed,
            ..
        } = failure;
        Self(Box::new(Inner {
            kind: kind.into(),
            stage: Stage::Answer,
            delivery: Delivery::Answered,
            summary: None,
            operation: Some(operation),
            reason,
            fields: refusal.fields.clone(),
            shown: words::shown(&refusal.fields, None),
            refusal: Some(refusal),
            undisputed,
            attempts: exchange.attempts,
            elapsed: exchange.elapsed,
            exchange: Some(exchange),
            source: None,
        }))
    }

    /// Prints the gateway's words about each field, as far as they quote nothing of this request.
    pub(crate) fn quoting(mut self, request: &[u8]) -> Self {
        self.0.shown = words::shown(&self.0.fields, Some(request));
        self
    }

    /// A list that does not advance.
    pub(crate) fn paging(operation: &'static Operation, problem: &'static str) -> Self {
        Self::unproven(Some(operation), problem)
    }

    /// The same where no page was read.
    pub(crate) fn unproven(operation: Option<&'static Operation>, problem: &'static str) -> Self {
        let mut error = Self::local(ErrorKind::Paging, problem);
        error.0.operation = operation;
        error.0.stage = Stage::Answer;
        error.0.delivery = Delivery::Answered;
        error
    }

    /// Says in the text what to do now.
    pub(crate) fn with_advice(mut self, advice: &str) -> Self {
        self.0.summary = Some(match self.0.summary.take() {
            Some(summary) => format!("{summary}; {advice}"),
            None => advice.to_owned(),
        });
        self
    }

    /// Says that the thing which a read looked for is proven not to be there.
    pub(crate) fn absent(operation: &'static Operation, summary: &str) -> Self {
        let mut error = Self::local(ErrorKind::Refused, summary).with_operation(operation);
        error.0.reason = Some(Reason::NotFound);
        error.0.stage = Stage::Answer;
        error.0.delivery = Delivery::Answered;
        error
    }

    pub(crate) fn with_operation(mut self, operation: &'static Operation) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }
}

fn place(error: &CallError, failure: Option<&Failure>) -> (ErrorKind, Stage) {
    match error.kind() {
        CallErrorKind::Config => (ErrorKind::Config, Stage::Prepare),
        CallErrorKind::Signing => (ErrorKind::Signing, Stage::Prepare),
        // The alarm rang while there was no token yet.
        CallErrorKind::Deadline => (ErrorKind::Timeout, Stage::Token),
        CallErrorKind::Token => (of_token(error, failure), Stage::Token),
        CallErrorKind::Transport(kind) => of_transport(kind),
        _ => (ErrorKind::Interrupted, Stage::Answer),
    }
}

fn of_transport(kind: TransportErrorKind) -> (ErrorKind, Stage) {
    match kind {
        TransportErrorKind::Connect => (ErrorKind::Connect, Stage::Connect),
        TransportErrorKind::ConnectTimeout => (ErrorKind::Timeout, Stage::Connect),
        TransportErrorKind::Timeout => (ErrorKind::Timeout, Stage::Answer),
        TransportErrorKind::BodyTooLarge => (ErrorKind::Decode, Stage::Answer),
        TransportErrorKind::InvalidRequest => (ErrorKind::InvalidInput, Stage::Prepare),
        // A failure of unknown kind may have been sent.
        _ => (ErrorKind::Interrupted, Stage::Answer),
    }
}

/// Kind of the failure to get a token: refused, broken off, or too late.
fn of_token(error: &CallError, failure: Option<&Failure>) -> ErrorKind {
    if let Some(failure) = failure {
        return failure.kind.into();
    }
    let source = error.source().and_then(|source| source.downcast_ref());
    let cause = source.and_then(|error: &TokenError| error.source());
    match cause.and_then(|cause| cause.downcast_ref()) {
        Some(error) => of_transport(TransportError::kind(error)).0,
        None => ErrorKind::Timeout,
    }
}
