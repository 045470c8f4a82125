//! Exchange of a request for an answer: [`Transport`], its [`Answer`] and its errors.
//!
//! It speaks `http` types, so that no HTTP client shows in a signature.
//!
//! One for tests: `tests/gateways/src/script.rs`.

use std::{error::Error, fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;

use crate::time::Timestamp;

/// A boxed future that can cross threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A cause of unknown type.
pub type BoxError = Box<dyn Error + Send + Sync + 'static>;

/// Delivery of a request: proven not sent, perhaps sent, or answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Proven: no byte of the request was sent.
    NotSent,
    /// The request may have been received and processed.
    MaybeSent,
    /// The gateway answered.
    Answered,
}

/// An HTTP answer with its whole body.
#[derive(Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: http::StatusCode,
    /// Headers, as received.
    pub headers: http::HeaderMap,
    /// Body, as received.
    pub body: Bytes,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status.as_u16())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Answer {
    /// Time that the gateway asks to wait: `Retry-After` in seconds, or as a date counted from `now`, or
    /// without one from the answer's own `Date`.
    pub fn retry_after(&self, now: Option<Timestamp>) -> Option<Duration> {
        let text = self.header(http::header::RETRY_AFTER)?;
        if let Ok(seconds) = text.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let now = now.or_else(|| http_date(self.header(http::header::DATE)?))?;
        Some(http_date(text)?.since(now))
    }

    fn header(&self, name: http::HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().map(str::trim)
    }
}

fn http_date(text: &str) -> Option<Timestamp> {
    let date = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    Some(Timestamp::from_unix_millis(date.timestamp_millis()))
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

/// Step at which an exchange broke.
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
    /// Says if a request that broke here can have reached the gateway.
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

    /// Description of the failure.
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// Step at which it broke.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Says if the request can have reached the gateway.
    pub fn delivery(&self) -> Delivery {
        self.kind.delivery()
    }
}
