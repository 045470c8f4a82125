//! The two traits through which every request leaves: [`Pipeline`] and [`Transport`].
//!
//! Both speak `http` types, so that no HTTP client shows in a signature.

use std::{error::Error, fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;

use crate::{
    call::{Answer, CallContext, CallError, Delivery, Judged},
    operation::Operation,
};

/// A boxed future that can cross threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A cause of unknown type.
pub type BoxError = Box<dyn Error + Send + Sync + 'static>;

/// Takes an unauthenticated request through tokens, signing, sending and classifying.
///
/// The attempt loop lives behind this trait; what it may repeat comes with the call.
pub trait Pipeline: fmt::Debug + Send + Sync {
    /// Sends the request, as often as the operation's effect and the call's options allow.
    ///
    /// The final answer is returned with what it proves, whatever its status: a refusal is an answer, not an error.
    ///
    /// # Errors
    ///
    /// A [`CallError`] when no answer was received.
    fn execute<'a>(
        &'a self,
        operation: &'static Operation,
        request: http::Request<Bytes>,
        context: &'a CallContext,
    ) -> BoxFuture<'a, Result<Judged, CallError>>;
}

impl<T: Pipeline + ?Sized> Pipeline for Arc<T> {
    fn execute<'a>(
        &'a self,
        operation: &'static Operation,
        request: http::Request<Bytes>,
        context: &'a CallContext,
    ) -> BoxFuture<'a, Result<Judged, CallError>> {
        (**self).execute(operation, request, context)
    }
}

/// Sends one finished request once: no redirects, no retries, a capped body.
pub trait Transport: fmt::Debug + Send + Sync {
    /// Sends `request` and reads the whole answer.
    ///
    /// `timeout` bounds the whole exchange. Implementations never follow redirects and never
    /// send a request twice.
    ///
    /// # Errors
    ///
    /// A [`TransportError`] that says whether the request can have reached the gateway.
    fn send<'a>(
        &'a self,
        request: http::Request<Bytes>,
        timeout: Duration,
    ) -> BoxFuture<'a, Result<Answer, TransportError>>;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send<'a>(
        &'a self,
        request: http::Request<Bytes>,
        timeout: Duration,
    ) -> BoxFuture<'a, Result<Answer, TransportError>> {
        (**self).send(request, timeout)
    }
}

/// Where an exchange broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// Name lookup, TCP connect or TLS handshake failed: nothing was sent.
    Connect,
    /// Connecting took too long: nothing was sent.
    ConnectTimeout,
    /// The request may be out, the answer did not come in time.
    Timeout,
    /// The connection was reset or closed.
    Interrupted,
    /// The answer is larger than its [bound](crate::AnswerBound), or would be when it is parsed.
    BodyTooLarge,
    /// The request could not be built: nothing was sent.
    InvalidRequest,
}

/// No complete answer was received. `Display` says what a person needs to know.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    detail: Option<String>,
    source: Option<BoxError>,
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.text())?;
        match &self.detail {
            Some(detail) => write!(f, ": {detail}"),
            None => Ok(()),
        }
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| &**source as _)
    }
}

impl TransportErrorKind {
    /// Whether a request that broke here can have reached the gateway.
    pub fn delivery(self) -> Delivery {
        match self {
            Self::Connect | Self::ConnectTimeout | Self::InvalidRequest => Delivery::NotSent,
            Self::Timeout | Self::Interrupted | Self::BodyTooLarge => Delivery::MaybeSent,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Connect => "could not connect",
            Self::ConnectTimeout => "connecting timed out",
            Self::Timeout => "no answer in time",
            Self::Interrupted => "connection interrupted",
            Self::BodyTooLarge => "the answer is larger than the limit",
            Self::InvalidRequest => "the request could not be built",
        }
    }
}

impl TransportError {
    /// Makes an error of this kind. `source` must not hold a URL query, header or body.
    pub fn new(kind: TransportErrorKind, source: Option<BoxError>) -> Self {
        Self {
            kind,
            detail: None,
            source,
        }
    }

    /// Says in words what failed, with the name of the host or proxy. `detail` must not hold a path,
    /// header or body: it is printed.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// What failed, in words.
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// Where it broke.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the request can have reached the gateway.
    pub fn delivery(&self) -> Delivery {
        self.kind.delivery()
    }
}
