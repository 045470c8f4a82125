use std::fmt;

use bytes::Bytes;

/// A body that is no JSON object, so no event can be in it. Keeps the body.
#[derive(thiserror::Error)]
#[error("the body is not {}", .reason.expected())]
pub struct EventError {
    #[source]
    reason: Reason,
    body: Bytes,
}

/// The parser's complaint names a position, never a value.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Reason {
    #[error(transparent)]
    NotJson(#[from] serde_json::Error),
    #[error("it is JSON of another kind")]
    NotAnObject,
    #[error("it has more members than any event")]
    TooLarge,
}

impl Reason {
    fn expected(&self) -> &'static str {
        match self {
            Self::NotJson(_) => "JSON that can be read",
            Self::NotAnObject => "a JSON object",
            Self::TooLarge => "small enough to be read",
        }
    }
}

impl EventError {
    pub(crate) fn new(reason: impl Into<Reason>, body: Bytes) -> Self {
        Self {
            reason: reason.into(),
            body,
        }
    }

    /// The body as it came.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body as it came.
    pub fn into_body(self) -> Bytes {
        self.body
    }
}

impl fmt::Debug for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventError")
            .field("reason", &self.reason)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
