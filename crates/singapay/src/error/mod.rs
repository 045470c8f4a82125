//! The one error type.

mod ip_address;
mod kind;
mod make;
mod print;
#[cfg(test)]
mod tests;
mod words;

use std::{net::IpAddr, time::Duration};

use bytes::Bytes;
use singapay_core::{
    BoxError, Delivery, Operation,
    envelope::{FieldError, Refusal},
    operation::Effect,
};

use crate::response::Exchange;

pub use kind::{ErrorKind, Stage};
pub(crate) use print::{is_printable_code, is_printable_field};
pub use singapay_core::Reason;

/// The one error of calls.
///
/// Do this, in this order:
///
/// 1. [`may_have_taken_effect`](Self::may_have_taken_effect): a write that may have been processed is
///    asked about, by its reference ([`inquiry`](Self::inquiry) names the operation), before anything is
///    sent again.
/// 2. [`is_safe_to_repeat`](Self::is_safe_to_repeat): send the same call again, after
///    [`retry_after`](Self::retry_after) where the gateway named a time.
/// 3. [`field_errors`](Self::field_errors): correct these fields.
/// 4. Anything else: [`kind`](Self::kind), whose documentation says what to do for each.
///
/// The axes behind that, each by itself: `kind` (what went wrong), [`delivery`](Self::delivery) (whether
/// the request can have arrived), [`stage`](Self::stage) (how far the call had got),
/// [`reason`](Self::reason) (what the gateway's code means for this operation).
///
/// `Display` is one line without bodies, headers or secrets, safe to log: what was asked for, what failed and
/// where (the name of host or proxy), and the gateway's words about each field as far as they quote nothing.
/// `Debug` says the same, and the axes beside it.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    stage: Stage,
    delivery: Delivery,
    summary: Option<String>,
    operation: Option<&'static Operation>,
    reason: Option<Reason>,
    refusal: Option<Refusal>,
    undisputed: bool,
    fields: Vec<FieldError>,
    /// Text about fields that the gateway refused, for the error's line.
    shown: Vec<String>,
    exchange: Option<Exchange>,
    attempts: u32,
    elapsed: Duration,
    source: Option<BoxError>,
}

impl Error {
    /// Kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Stage that the call had reached: which of the timeouts ran out, which connection broke.
    pub fn stage(&self) -> Stage {
        self.0.stage
    }

    /// Says if the request can have reached the gateway.
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// Meaning of the gateway's answer, for the operation that was called. `None` without an answer,
    /// and for one that says nothing.
    pub fn reason(&self) -> Option<Reason> {
        self.0.reason
    }

    /// True if sending the same call again can neither do a thing twice nor is bound to fail the same
    /// way: it was proven not sent, or it only reads, and the trouble may pass.
    ///
    /// `false` for a write whose outcome is ambiguous: ask what became of it first.
    pub fn is_safe_to_repeat(&self) -> bool {
        let reads = self
            .0
            .operation
            .is_some_and(|operation| operation.effect == Effect::Read);
        self.0.kind.may_pass() && (self.0.delivery == Delivery::NotSent || reads)
    }

    /// True if a write may have taken effect although the call failed: it may have arrived, and no
    /// answer proves that it was refused. Ask what became of it, by its reference, before anything is
    /// sent again.
    ///
    /// More than [`Delivery::MaybeSent`]: a 502, a redirect or an unreadable answer proves nothing
    /// either, and of a duplicate the original may have succeeded. `false` for what only reads.
    pub fn may_have_taken_effect(&self) -> bool {
        let reads = self
            .0
            .operation
            .is_some_and(|operation| operation.effect == Effect::Read);
        // A duplicate was refused, but the original may have succeeded.
        let ambiguous =
            self.0.kind.is_ambiguous() || self.0.reason == Some(Reason::DuplicateReference);
        ambiguous && self.0.delivery != Delivery::NotSent && !reads
    }

    /// True if the answer means this, and nothing in it speaks against that.
    pub(crate) fn says(&self, reason: Reason) -> bool {
        self.0.undisputed && self.0.reason == Some(reason)
    }

    /// HTTP status of the answer.
    pub fn status(&self) -> Option<u16> {
        let exchange = self.0.exchange.as_ref()?;
        Some(exchange.answer.status.as_u16())
    }

    /// The gateway's own code, such as `SP018`, `SP403` or `4019900`; a version 1 refusal repeats the
    /// HTTP status here. Any text is possible; see [`Error::reason`] for what it means.
    pub fn code(&self) -> Option<&str> {
        self.0.refusal.as_ref()?.code.as_deref()
    }

    /// The gateway's message. Its wording varies, and it may quote what was sent.
    pub fn message(&self) -> Option<&str> {
        self.0.refusal.as_ref()?.message.as_deref()
    }

    /// Every offending field, found locally or named by the gateway in any of its three ways.
    pub fn field_errors(&self) -> &[FieldError] {
        &self.0.fields
    }

    /// The address to register with the gateway, when it refused the calling one and named it
    /// ([`Reason::IpNotRegistered`]).
    pub fn ip_address(&self) -> Option<IpAddr> {
        match self.0.reason {
            Some(Reason::IpNotRegistered) => ip_address::of(self.message()?),
            _ => None,
        }
    }

    /// `data.transaction_id` of a refusal: the failed card payment, or the original of a duplicate
    /// direct-debit reference.
    pub fn transaction_id(&self) -> Option<String> {
        let body: serde_json::Value = serde_json::from_slice(self.raw_body()?).ok()?;
        match body.get("data")?.get("transaction_id")? {
            serde_json::Value::String(id) if !id.is_empty() => Some(id.clone()),
            serde_json::Value::Number(id) => Some(id.to_string()),
            _ => None,
        }
    }

    /// Operation id of the call, such as `topup_ewallet`.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.id)
    }

    /// Operation that answers what became of the call, such as `get_ewallet_topup_status`.
    pub fn inquiry(&self) -> Option<&'static str> {
        self.0.operation?.inquiry
    }

    /// Tries: requests sent or tried to send, failed connections included. Where there was no token, the
    /// requests for it count too; one that was still under way counts as one.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Time from the first step of the call to its end; zero if it ended on this side.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// Time that the gateway asks to wait, from `Retry-After` in seconds or as a date (then counted
    /// from the answer's own `Date`).
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.exchange.as_ref()?.answer.retry_after(None)
    }

    /// Headers of the answer.
    pub fn headers(&self) -> Option<&http::HeaderMap> {
        Some(&self.0.exchange.as_ref()?.answer.headers)
    }

    /// The body of the answer, as received. It may hold personal data: mind where it goes.
    pub fn raw_body(&self) -> Option<&Bytes> {
        Some(&self.0.exchange.as_ref()?.answer.body)
    }
}
