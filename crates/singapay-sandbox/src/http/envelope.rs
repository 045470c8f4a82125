//! Shapes of answers.

use crate::state::Host;

/// Shape of an operation's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Envelope {
    /// `{status, success, data}`.
    V1,
    /// `{response_code, response_message, data}`; carries the operation's success message.
    V2(&'static str),
    /// `{command, response_code, response_text, data}`; carries the operation's success text.
    Biller(&'static str),
    /// `{code, message, data, pricing, request_id}`.
    Identity,
    /// Fields at top level: the identity host's token.
    Flat,
}

impl Envelope {
    /// The host whose operations answer so.
    pub(crate) fn host(self) -> Host {
        match self {
            Self::V1 | Self::V2(_) => Host::Payment,
            Self::Biller(_) => Host::Biller,
            Self::Identity | Self::Flat => Host::Identity,
        }
    }
}
