//! Values that one call carries down the pipeline, and brings back up beside the typed result.
//!
//! In use: `crates/singapay-api/src/hooks.rs`.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;

use crate::{
    judgement::Judgement,
    operation::Operation,
    transport::{Answer, BoxError, Delivery, TransportError, TransportErrorKind},
};

/// An answer, and what it says and proves.
#[derive(Debug, Clone)]
pub struct Judged {
    /// As received.
    pub answer: Answer,
    /// Meaning and proof of it.
    pub judgement: Judgement,
}

impl Judged {
    /// Judges an answer; see [`Judgement::of`].
    pub fn new(
        operation: &Operation,
        request: &[u8],
        answer: Answer,
        earlier_ambiguous: bool,
    ) -> Self {
        let judgement = Judgement::of(operation, request, &answer, earlier_ambiguous);
        Self { answer, judgement }
    }
}

impl std::ops::Deref for Judged {
    type Target = Answer;

    fn deref(&self) -> &Answer {
        &self.answer
    }
}

/// Options of one call, as the caller sets them.
#[derive(Clone, Default)]
pub struct CallOptions {
    /// Account (ULID) the call is about; chooses the credential.
    pub account: Option<String>,
    /// Credential by name; wins over `account`.
    pub credential: Option<String>,
    /// Bound for the whole call, retries included.
    pub timeout: Option<Duration>,
    /// Most requests that the call may send; `None` means the client's setting.
    pub max_attempts: Option<u32>,
    /// Further request headers. Headers that authentication owns are refused.
    pub headers: Vec<(http::HeaderName, http::HeaderValue)>,
}

impl fmt::Debug for CallOptions {
    /// Names the headers and shows none of their values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("CallOptions")
            .field("account", &self.account)
            .field("credential", &self.credential)
            .field("timeout", &self.timeout)
            .field("max_attempts", &self.max_attempts)
            .field("headers", &headers)
            .finish()
    }
}

/// Options of a call, and the record of what happened to it.
///
/// The generated client cannot carry typed errors or a failed answer, so they travel here.
#[derive(Debug, Default)]
pub struct CallContext {
    options: CallOptions,
    record: Mutex<CallRecord>,
}

/// One request of a call: how it went, and nothing of what it held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// Counted from 1.
    pub number: u32,
    /// Reason for sending it after another one; `None` for the first.
    pub resend: Option<Resend>,
    /// Time from handing it to the transport to the last byte of its answer, or to its failure.
    pub duration: Duration,
    /// HTTP status of its answer.
    pub status: Option<u16>,
    /// Step at which it broke, if it has no answer.
    pub failure: Option<TransportErrorKind>,
}

/// Reason for sending a request once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Resend {
    /// The token of the one before was rejected; this one had a fresh token and signature.
    TokenRejected,
    /// The one before was proven not sent.
    NotSent,
    /// The one before got no answer, and a second copy can do no harm.
    NoAnswer,
    /// The gateway was busy or not available (429, 502, 503, 504), and a second copy can do no harm.
    Unavailable,
}

impl Resend {
    /// The name, as spans carry it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TokenRejected => "token_rejected",
            Self::NotSent => "not_sent",
            Self::NoAnswer => "no_answer",
            Self::Unavailable => "unavailable",
        }
    }
}

impl Attempt {
    /// Records an attempt that has ended.
    pub fn new(
        number: u32,
        resend: Option<Resend>,
        duration: Duration,
        result: &Result<Answer, TransportError>,
    ) -> Self {
        Self {
            number,
            resend,
            duration,
            status: result.as_ref().ok().map(|answer| answer.status.as_u16()),
            failure: result.as_ref().err().map(TransportError::kind),
        }
    }
}

/// Record of a call.
#[derive(Default)]
pub struct CallRecord {
    /// Body of the request, so that nothing of it is quoted from an answer. Never printed.
    pub request: Bytes,
    /// Requests sent, or tried to send; those for a token that could not be had included.
    pub attempts: u32,
    /// The end of each of them.
    pub log: Vec<Attempt>,
    /// Time from the first step to the last byte.
    pub elapsed: Duration,
    /// Final answer, if one was received.
    pub answer: Option<Judged>,
    /// Error, if there is no answer.
    pub error: Option<CallError>,
    /// Values that layers around the pipeline keep until the call has ended. Never printed.
    pub extensions: http::Extensions,
}

impl fmt::Debug for CallRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallRecord")
            .field("attempts", &self.attempts)
            .field("log", &self.log)
            .field("elapsed", &self.elapsed)
            .field("answer", &self.answer)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl CallContext {
    /// A fresh context for one call.
    pub fn new(options: CallOptions) -> Self {
        Self {
            options,
            record: Mutex::default(),
        }
    }

    /// Options that the caller set.
    pub fn options(&self) -> &CallOptions {
        &self.options
    }

    /// Counts one attempt and returns its number, starting at 1.
    pub fn start_attempt(&self) -> u32 {
        let mut record = self.lock();
        record.attempts += 1;
        record.attempts
    }

    /// Keeps the body of the request until the call has ended.
    pub fn keep_request(&self, body: Bytes) {
        self.lock().request = body;
    }

    /// Keeps something of those around the pipeline until the call has ended.
    pub fn keep<T: Clone + Send + Sync + 'static>(&self, value: T) {
        self.lock().extensions.insert(value);
    }

    /// Counts requests for a token that could not be had.
    pub fn add_token_attempts(&self, attempts: u32) {
        let mut record = self.lock();
        record.attempts = record.attempts.saturating_add(attempts);
    }

    /// Attempts so far.
    pub fn attempts(&self) -> u32 {
        self.lock().attempts
    }

    /// Notes how an attempt ended.
    pub fn end_attempt(&self, attempt: Attempt) {
        self.lock().log.push(attempt);
    }

    /// The attempts so far, each with its end.
    pub fn log(&self) -> Vec<Attempt> {
        self.lock().log.clone()
    }

    /// Stores how the call ended.
    pub fn finish(&self, elapsed: Duration, result: Result<Judged, CallError>) {
        let mut record = self.lock();
        record.elapsed = elapsed;
        match result {
            Ok(answer) => record.answer = Some(answer),
            Err(error) => record.error = Some(error),
        }
    }

    /// Takes the record out; the context is empty afterwards.
    pub fn take(&self) -> CallRecord {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, CallRecord> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reason for which a call has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallErrorKind {
    /// Settings do not fit the call, for example no credential for the account.
    Config,
    /// The token request was refused or failed; see [`CallError::answer`] for a refusal.
    Token,
    /// The body cannot be signed without risk.
    Signing,
    /// The exchange broke.
    Transport(TransportErrorKind),
    /// The call's time was up before a request could be sent.
    Deadline,
}

/// No answer to a call.
#[derive(thiserror::Error)]
#[error("{message}")]
pub struct CallError {
    kind: CallErrorKind,
    delivery: Delivery,
    message: String,
    answer: Option<Box<Answer>>,
    #[source]
    source: Option<BoxError>,
}

impl fmt::Debug for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallError")
            .field("kind", &self.kind)
            .field("delivery", &self.delivery)
            .field("message", &self.message)
            .field("answer", &self.answer)
            .field("source", &self.source)
            .finish()
    }
}

impl CallError {
    /// An error raised before anything was sent. `message` holds no secret and no body.
    pub fn not_sent(
        kind: CallErrorKind,
        message: impl Into<String>,
        source: Option<BoxError>,
    ) -> Self {
        Self {
            kind,
            delivery: Delivery::NotSent,
            message: message.into(),
            answer: None,
            source,
        }
    }

    /// The refusal of a token request: the call itself was not sent.
    pub fn token_refused(message: impl Into<String>, answer: Answer) -> Self {
        Self {
            kind: CallErrorKind::Token,
            delivery: Delivery::NotSent,
            message: message.into(),
            answer: Some(Box::new(answer)),
            source: None,
        }
    }

    /// Kind of failure.
    pub fn kind(&self) -> CallErrorKind {
        self.kind
    }

    /// Says if the request can have reached the gateway.
    pub fn delivery(&self) -> Delivery {
        self.delivery
    }

    /// The gateway's refusal of the token request.
    pub fn answer(&self) -> Option<&Answer> {
        self.answer.as_deref()
    }
}

impl From<TransportError> for CallError {
    fn from(error: TransportError) -> Self {
        Self {
            kind: CallErrorKind::Transport(error.kind()),
            delivery: error.delivery(),
            message: error.to_string(),
            answer: None,
            source: Some(Box::new(error)),
        }
    }
}
