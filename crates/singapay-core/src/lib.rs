//! Leaf types of the SingaPay SDK.
//!
//! Everything that generated code has to name lives here: money, open enums, redacting secrets,
//! the gateway's many time formats, operation metadata, and the two traits through which a request
//! leaves the process. This crate knows no HTTP client and no async runtime.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod bank;
pub mod bound;
pub mod call;
pub mod clock;
pub mod codes;
pub mod envelope;
#[rustfmt::skip]
mod generated {
    pub(crate) mod banks;
    pub(crate) mod codes;
}
pub mod judgement;
pub mod money;
pub mod nullable;
pub mod open_enum;
pub mod operation;
pub mod path;
pub mod payout;
pub mod pipeline;
mod reading;
pub mod secret;
mod shape;
pub mod time;
pub mod tolerant;
pub mod transport;

pub use bound::AnswerBound;
pub use call::{
    Attempt, CallContext, CallError, CallErrorKind, CallOptions, CallRecord, Judged, Resend,
};
pub use clock::{Clock, SystemClock, Timer};
pub use codes::{Proof, Reason};
pub use envelope::{Enveloped, FieldError, Page, Refusal};
pub use judgement::{Compared, Failure, FailureKind, Judgement};
pub use money::{Amount, Currency, Money, Rupiah};
pub use nullable::Nullable;
pub use open_enum::UnknownText;
pub use operation::Operation;
pub use payout::TransactionStatusCode;
pub use pipeline::Pipeline;
pub use secret::{Secret, Sensitive};
pub use time::{AnyTime, Iso8601, Timestamp, UnixMillis, UnixSeconds, WibDateTime, WibText};
pub use transport::{
    Answer, BoxError, BoxFuture, Delivery, Transport, TransportError, TransportErrorKind,
};

/// For macros of this crate only.
#[doc(hidden)]
pub mod __private {
    pub use serde;
}
