//! Kind of an error, and the stage that the call had reached.

use singapay_core::FailureKind;

/// Kind of an error, and so what to do next.
///
/// [`Error::delivery`](crate::Error::delivery) says beside it whether the gateway can have acted:
/// with [`Delivery::NotSent`](crate::Delivery::NotSent) nothing was sent, whatever the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Settings are missing, empty or contradict each other. Correct them; nothing was sent.
    Config,
    /// Fields of the request are missing or out of range;
    /// [`Error::field_errors`](crate::Error::field_errors) names them all. Correct them; nothing
    /// was sent.
    InvalidInput,
    /// The body holds values that cannot be signed without risk; the text names the place. Send
    /// whole numbers or text instead; nothing was sent.
    Signing,
    /// The gateway refused who is calling: token, partner id, signature, IP address, or the
    /// account's owner. [`Error::reason`](crate::Error::reason) says which; for an IP address,
    /// [`Error::ip_address`](crate::Error::ip_address) is the one to register. Nothing was
    /// processed; correct the credential or the registration before the next call.
    Credential,
    /// No connection to the gateway or to the proxy: nothing was sent. The same call may be
    /// repeated; if it keeps failing, check name lookup, firewall, proxy and certificates.
    Connect,
    /// Time was up; [`Error::stage`](crate::Error::stage) tells in which phase. Before the request
    /// was out (`Token`, `Connect`) the call may be repeated. After that (`Answer`) a write may have
    /// been processed: ask by reference before repeating.
    Timeout,
    /// The connection broke before the whole answer was there. Unless it was the token's request
    /// ([`Stage::Token`]), a write may have been processed: ask by reference before repeating.
    Interrupted,
    /// The gateway refused the request, and so did not act on it: validation, an unknown resource,
    /// a business rule. Read [`Error::reason`](crate::Error::reason),
    /// [`Error::code`](crate::Error::code) and [`Error::field_errors`](crate::Error::field_errors);
    /// repeating the same request will not help.
    Refused,
    /// Too many requests (429). Wait for [`Error::retry_after`](crate::Error::retry_after); there
    /// is no proof that a write did not happen, so ask by reference before repeating one.
    RateLimited,
    /// The gateway failed (5xx, SP001, SP002, SP005, SP019, or a code that nobody knows), contradicted
    /// itself, or refused a repetition and so said nothing about the request before it. A write may
    /// have been processed: ask by reference before repeating.
    Gateway,
    /// The answer is a redirect. Redirects are never followed; check the base URL. A write may have
    /// been processed by whoever redirected it.
    Redirect,
    /// The answer could not be read, or is larger than what is kept of its kind (a list 4 MiB, one
    /// resource 1 MiB, a payout 128 KiB); [`Error::raw_body`](crate::Error::raw_body) keeps it where it
    /// could be kept. A write was probably processed: ask by reference before repeating.
    Decode,
    /// A list does not advance from page to page, or contradicts its own metadata. What was read
    /// before stands; what is missing is unknown. Narrow the filters, or read single pages.
    Paging,
}

impl From<FailureKind> for ErrorKind {
    fn from(kind: FailureKind) -> Self {
        match kind {
            FailureKind::Credential => Self::Credential,
            FailureKind::Refused => Self::Refused,
            FailureKind::RateLimited => Self::RateLimited,
            FailureKind::Redirect => Self::Redirect,
            FailureKind::Decode => Self::Decode,
            // A kind that is not known yet proves nothing.
            _ => Self::Gateway,
        }
    }
}

impl ErrorKind {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Config => "invalid configuration",
            Self::InvalidInput => "invalid input",
            Self::Signing => "the request cannot be signed",
            Self::Credential => "credential refused",
            Self::Connect => "could not connect",
            Self::Timeout => "time was up",
            Self::Interrupted => "the connection broke",
            Self::Refused => "request refused",
            Self::RateLimited => "too many requests",
            Self::Gateway => "the gateway failed",
            Self::Redirect => "the gateway answered with a redirect",
            Self::Decode => "the answer could not be read",
            Self::Paging => "the list does not advance",
        }
    }

    /// True if the same request may go better later.
    pub(crate) fn may_pass(self) -> bool {
        matches!(
            self,
            Self::Connect | Self::Timeout | Self::Interrupted | Self::RateLimited | Self::Gateway
        )
    }

    /// True if an error of this kind is no proof that a request which arrived was not processed.
    pub(crate) fn is_ambiguous(self) -> bool {
        matches!(
            self,
            Self::Timeout
                | Self::Interrupted
                | Self::RateLimited
                | Self::Gateway
                | Self::Redirect
                | Self::Decode
        )
    }
}

/// Stage that a call had reached when it ended.
///
/// In the book: `docs/book/src/errors.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Checks, settings, signing: all on this side. Nothing was sent.
    Prepare,
    /// Getting an access token. The call itself was not sent.
    Token,
    /// Name lookup, proxy, TCP and TLS. The call itself was not sent.
    Connect,
    /// The request was on its way, or the answer was there.
    Answer,
}
