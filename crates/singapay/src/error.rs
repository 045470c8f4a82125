//! The one error type.

use std::{error::Error as StdError, fmt, time::Duration};

use bytes::Bytes;
use singapay_core::{
    BoxError, CallError, CallErrorKind, Delivery, Operation, TransportErrorKind,
    envelope::{FieldError, Refusal},
};

use crate::{response::Exchange, verdict};

/// Why a call failed.
///
/// `Display` is one line without bodies, headers or secrets. [`Error::kind`] says what went wrong,
/// [`Error::delivery`] whether the gateway can have acted.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    delivery: Delivery,
    summary: String,
    operation: Option<&'static str>,
    refusal: Option<Refusal>,
    fields: Vec<FieldError>,
    exchange: Option<Exchange>,
    attempts: u32,
    source: Option<BoxError>,
}

/// What went wrong, and so what to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Settings are missing, empty or contradict each other. Correct them; nothing was sent.
    Config,
    /// Fields of the request are missing or out of range; [`Error::field_errors`] names them all.
    /// Correct them; nothing was sent.
    InvalidInput,
    /// The body holds values that cannot be signed without risk. Nothing was sent.
    Signing,
    /// The gateway refused the credential: token, partner id, account ownership or IP address
    /// (401, 403, SP013, SP403, SP017). Check the credential and the registered IP addresses.
    Credential,
    /// No connection: nothing was sent. The call may be repeated.
    Connect,
    /// No answer in time. A write may have been processed: ask by reference before repeating.
    Timeout,
    /// The connection broke. A write may have been processed: ask by reference before repeating.
    Interrupted,
    /// The gateway refused the request (validation, unknown resource, business rule). Read
    /// [`Error::code`] and [`Error::field_errors`].
    Refused,
    /// Too many requests (429). Wait for [`Error::retry_after`]; a write may still have happened.
    RateLimited,
    /// The gateway failed (5xx, SP001, SP002, SP005, SP019 or a code that nobody knows). A write
    /// may have been processed: ask by reference before repeating.
    Gateway,
    /// The answer is a redirect. Redirects are never followed; check the base URL.
    Redirect,
    /// The answer could not be read; [`Error::raw_body`] keeps it, unless it was too large. A write
    /// was probably processed: ask by reference before repeating.
    Decode,
}

impl ErrorKind {
    fn text(self) -> &'static str {
        match self {
            Self::Config => "invalid configuration",
            Self::InvalidInput => "invalid input",
            Self::Signing => "the request cannot be signed",
            Self::Credential => "credential refused",
            Self::Connect => "could not connect",
            Self::Timeout => "no answer in time",
            Self::Interrupted => "the connection broke",
            Self::Refused => "request refused",
            Self::RateLimited => "too many requests",
            Self::Gateway => "the gateway failed",
            Self::Redirect => "the gateway answered with a redirect",
            Self::Decode => "the answer could not be read",
        }
    }
}

impl Error {
    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the request can have reached the gateway.
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// HTTP status of the answer.
    pub fn status(&self) -> Option<u16> {
        self.0
            .exchange
            .as_ref()
            .map(|exchange| exchange.answer.status.as_u16())
    }

    /// The gateway's own code, such as `SP018`, `SP403` or `4019900`. Any text is possible.
    pub fn code(&self) -> Option<&str> {
        self.0
            .refusal
            .as_ref()
            .and_then(|refusal| refusal.code.as_deref())
    }

    fn printable_code(&self) -> Option<&str> {
        let status = self.status()?;
        self.code().filter(|code| is_printable_code(code, status))
    }

    /// The gateway's message. Its wording varies, and it may quote what was sent.
    pub fn message(&self) -> Option<&str> {
        self.0
            .refusal
            .as_ref()
            .and_then(|refusal| refusal.message.as_deref())
    }

    /// Every offending field, found locally or named by the gateway.
    pub fn field_errors(&self) -> &[FieldError] {
        &self.0.fields
    }

    /// Operation id of the call, such as `topup_ewallet`.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// Requests sent for the call.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the gateway asks to wait, from `Retry-After` in seconds.
    pub fn retry_after(&self) -> Option<Duration> {
        let value = self
            .0
            .exchange
            .as_ref()?
            .answer
            .headers
            .get(http::header::RETRY_AFTER)?;
        value
            .to_str()
            .ok()?
            .trim()
            .parse()
            .ok()
            .map(Duration::from_secs)
    }

    /// The body of the answer, as received. It may hold personal data: mind where it goes.
    pub fn raw_body(&self) -> Option<&Bytes> {
        self.0
            .exchange
            .as_ref()
            .map(|exchange| &exchange.answer.body)
    }

    /// An error found on this side, before anything was sent.
    pub(crate) fn local(kind: ErrorKind, summary: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            delivery: Delivery::NotSent,
            summary: summary.into(),
            operation: None,
            refusal: None,
            fields: Vec::new(),
            exchange: None,
            attempts: 0,
            source: None,
        }))
    }

    /// Fields that are missing or out of range, all of them.
    pub(crate) fn invalid_input(operation: &'static Operation, fields: Vec<FieldError>) -> Self {
        let names: Vec<String> = fields.iter().map(describe).collect();
        let mut error = Self::local(ErrorKind::InvalidInput, names.join("; "));
        error.0.operation = Some(operation.id);
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
        let kind = match error.kind() {
            CallErrorKind::Config => ErrorKind::Config,
            CallErrorKind::Token => error.answer().map_or(ErrorKind::Connect, |answer| {
                verdict::token_kind(answer.status)
            }),
            CallErrorKind::Signing => ErrorKind::Signing,
            CallErrorKind::Deadline => ErrorKind::Timeout,
            CallErrorKind::Transport(TransportErrorKind::Timeout) => ErrorKind::Timeout,
            CallErrorKind::Transport(TransportErrorKind::BodyTooLarge) => ErrorKind::Decode,
            CallErrorKind::Transport(kind) if kind.delivery() == Delivery::NotSent => {
                ErrorKind::Connect
            }
            _ => ErrorKind::Interrupted,
        };
        let exchange = error.answer().map(|answer| Exchange {
            answer: answer.clone(),
            code: None,
            message: None,
            page: None,
            attempts,
            elapsed,
        });
        let refusal = error
            .answer()
            .map(|answer| Refusal::parse(answer.status, &answer.body));
        Self(Box::new(Inner {
            kind,
            delivery: error.delivery(),
            summary: error.to_string(),
            operation: Some(operation.id),
            fields: refusal
                .as_ref()
                .map(|refusal| refusal.fields.clone())
                .unwrap_or_default(),
            refusal,
            exchange,
            attempts,
            source: Some(Box::new(error)),
        }))
    }

    /// An answer that is not a success.
    pub(crate) fn from_answer(
        kind: ErrorKind,
        operation: &'static Operation,
        refusal: Refusal,
        exchange: Exchange,
    ) -> Self {
        Self(Box::new(Inner {
            kind,
            delivery: Delivery::Answered,
            summary: kind.text().to_owned(),
            operation: Some(operation.id),
            fields: refusal.fields.clone(),
            refusal: Some(refusal),
            attempts: exchange.attempts,
            exchange: Some(exchange),
            source: None,
        }))
    }

    pub(crate) fn with_operation(mut self, operation: &'static Operation) -> Self {
        self.0.operation = Some(operation.id);
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }
}

/// The gateway could echo anything as a code. Printed is only what has the form of one: `SP018`,
/// `CLIENT_ERROR`, the biller's `04`, the status repeated, a status and service as in `4019900`.
pub(crate) fn is_printable_code(code: &str, status: u16) -> bool {
    let bytes = code.as_bytes();
    let number = bytes.strip_prefix(b"SP").unwrap_or(bytes);
    if number.iter().all(u8::is_ascii_digit) {
        match (number.len() == bytes.len(), number) {
            (false, number) => number.len() == 3,
            (true, [_, _] | [b'4' | b'5', _, _, _, _, _, _]) => true,
            (true, _) => code == status.to_string(),
        }
    } else {
        bytes.len() <= 40
            && bytes
                .iter()
                .all(|byte| byte.is_ascii_uppercase() || *byte == b'_')
    }
}

/// The same for the name of a request field: words and short indexes, such as `items.0.unit_price`.
fn is_printable_field(name: &str) -> bool {
    let is_word = |part: &str| {
        part.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    let is_index = |part: &str| part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    name.len() <= 80
        && name
            .split(['.', '[', ']'])
            .all(|part| is_word(part) || is_index(part))
}

fn describe(field: &FieldError) -> String {
    format!("{} {}", field.field, field.messages.join(", "))
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(self.0.kind.text())?;
        if self.0.summary != self.0.kind.text() {
            write!(f, ": {}", self.0.summary)?;
        }
        if let Some(status) = self.status() {
            write!(f, " (HTTP {status}")?;
            if let Some(code) = self.printable_code() {
                write!(f, ", code {code}")?;
            }
            f.write_str(")")?;
        }
        if self.0.exchange.is_some() {
            let names = self.0.fields.iter().map(|field| field.field.as_str());
            let names: Vec<_> = names.filter(|name| is_printable_field(name)).collect();
            if !names.is_empty() {
                write!(f, "; fields: {}", names.join(", "))?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("delivery", &self.0.delivery)
            .field("operation", &self.0.operation)
            .field("status", &self.status())
            .field("code", &self.printable_code())
            .field("summary", &self.0.summary)
            .field("attempts", &self.0.attempts)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.source {
            Some(source) => Some(&**source),
            None => None,
        }
    }
}
