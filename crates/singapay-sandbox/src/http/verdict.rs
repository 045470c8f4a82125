//! What became of a request, as the request log tells it.

use std::borrow::Cow;

use bytes::Bytes;
use serde::Serialize;

use super::operation::Operation;

/// What became of a request.
///
/// Given by [`Sandbox::requests`](crate::Sandbox::requests).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// It was carried out.
    Accepted,
    /// It was refused, as the gateway refuses it, or could not be read.
    Refused,
    /// A fault struck it.
    Faulted,
    /// Its path or method leads nowhere.
    NoRoute,
}

/// A signature that was refused, beside the values that it was held to. No secret is in it.
///
/// Given by [`Sandbox::requests`](crate::Sandbox::requests).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RefusedSignature {
    /// The signature that came.
    pub given: String,
    /// The signature that was expected.
    pub expected: String,
    /// The time that is signed: the header `X-Timestamp`, or the day of a request for a token.
    pub timestamp: String,
    /// Path and query as they arrived.
    pub endpoint: String,
    /// Hash of the body as the gateway normalises it; empty for a request for a token, where none is signed.
    pub body_hash: String,
    /// The text that is signed, with the token or secret in it cut short.
    pub string_to_sign: String,
    /// What most likely differs: the name of one of these values, `token`, `method` or `secret`, and how, as in
    /// `endpoint: signed without the query`. When nothing that was tried gives the signature, the values that were
    /// compared, as in `secret, token, path or body: none of the usual mistakes gives it`.
    pub differs: String,
}

/// Reasons that the answer itself does not tell.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Why {
    pub(crate) reason: Option<Cow<'static, str>>,
    pub(crate) signature: Option<Box<RefusedSignature>>,
}

impl Why {
    pub(crate) fn reason(reason: impl Into<Cow<'static, str>>) -> Self {
        Self {
            reason: Some(reason.into()),
            signature: None,
        }
    }
}

/// How a request was judged, and the body that it was answered with.
pub(crate) struct Judged {
    /// `None` when its path or method leads nowhere.
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) verdict: Verdict,
    pub(crate) why: Why,
    /// Partner id of the credential, once that is proven.
    pub(crate) credential: Option<String>,
    pub(crate) answer: Bytes,
}
