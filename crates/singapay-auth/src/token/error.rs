use std::{fmt, sync::Arc};

use singapay_core::{Answer, CallError, CallErrorKind, TransportError};

/// Reason for which there is no token. One failure is shared by all callers that waited for it.
#[derive(Clone)]
pub struct TokenError {
    cause: Arc<Cause>,
    attempts: u32,
}

enum Cause {
    Refused(Answer),
    Transport(TransportError),
    Unreadable(Answer),
    Unusable,
    Timeout,
    Request(&'static str),
}

impl TokenError {
    fn of(cause: Cause) -> Self {
        let attempts = match cause {
            Cause::Request(_) => 0,
            _ => 1,
        };
        Self {
            cause: Arc::new(cause),
            attempts,
        }
    }

    /// The same after this many requests.
    #[must_use]
    pub fn after(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Requests sent or tried to send; 1 unless the source says otherwise.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The gateway answered with something else than a token.
    pub fn refused(answer: Answer) -> Self {
        Self::of(Cause::Refused(answer))
    }

    /// The exchange broke.
    pub fn transport(error: TransportError) -> Self {
        Self::of(Cause::Transport(error))
    }

    /// The gateway called it a success, but no usable token was in it.
    pub fn unreadable(mut answer: Answer) -> Self {
        // Half a token is a secret too.
        answer.body = Default::default();
        Self::of(Cause::Unreadable(answer))
    }

    /// A source gave something that is no token, or one without a life.
    pub(crate) fn unusable() -> Self {
        Self::of(Cause::Unusable)
    }

    /// No token came in time.
    pub fn timeout() -> Self {
        Self::of(Cause::Timeout)
    }

    /// The request could not be built.
    pub(crate) fn request(reason: &'static str) -> Self {
        Self::of(Cause::Request(reason))
    }

    /// The gateway's answer, if there was one.
    pub fn answer(&self) -> Option<&Answer> {
        match &*self.cause {
            Cause::Refused(answer) | Cause::Unreadable(answer) => Some(answer),
            Cause::Transport(_) | Cause::Unusable | Cause::Timeout | Cause::Request(_) => None,
        }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.cause {
            Cause::Refused(answer) => {
                write!(
                    f,
                    "the token request was refused with HTTP {}",
                    answer.status.as_u16()
                )
            }
            Cause::Transport(error) => {
                f.write_str("the token request failed")?;
                match error.detail() {
                    Some(detail) => write!(f, ": {detail}"),
                    None => Ok(()),
                }
            }
            Cause::Unreadable(_) => f.write_str("the answer to the token request holds no token"),
            Cause::Unusable => f.write_str("what was fetched is no token that can be sent"),
            Cause::Timeout => f.write_str("no token came in time"),
            Cause::Request(reason) => write!(f, "the token request could not be built: {reason}"),
        }
    }
}

impl fmt::Debug for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenError({self})")
    }
}

impl std::error::Error for TokenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.cause {
            Cause::Transport(error) => Some(error),
            _ => None,
        }
    }
}

impl From<TokenError> for CallError {
    fn from(error: TokenError) -> Self {
        match error.answer() {
            Some(answer) => Self::token_refused(error.to_string(), answer.clone()),
            None => Self::not_sent(
                CallErrorKind::Token,
                error.to_string(),
                Some(Box::new(error)),
            ),
        }
    }
}
