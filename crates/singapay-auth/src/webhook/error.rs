use std::time::Duration;

use crate::canonical::CanonicalError;

/// Reason for which a delivery is not accepted. Names headers, never their values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The body is larger than the limit.
    #[error("the body is larger than {limit} bytes")]
    BodyTooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// A security header is missing, as in the dashboard's unsigned test deliveries.
    #[error("the header `{name}` is missing")]
    MissingHeader {
        /// Header.
        name: &'static str,
    },
    /// A security header comes more than once.
    #[error("the header `{name}` comes more than once")]
    DuplicateHeader {
        /// Header.
        name: &'static str,
    },
    /// A security header is not of its form.
    #[error("the header `{name}` is malformed")]
    MalformedHeader {
        /// Header.
        name: &'static str,
    },
    /// The delivery was signed too long ago, or too far in the future.
    #[error("the delivery is {age} seconds old (negative: in the future), the window is {} seconds", .window.as_secs())]
    Stale {
        /// Seconds from signing to now.
        age: i64,
        /// Largest accepted difference.
        window: Duration,
    },
    /// The body is not JSON, or nested too deep.
    #[error("the body is not acceptable JSON")]
    Body(#[source] CanonicalError),
    /// No key and no form of the body gives the signature.
    #[error("the signature does not match")]
    Signature,
}

impl VerifyError {
    /// The status to answer with: 413, 400 or 401.
    pub fn status(&self) -> http::StatusCode {
        match self {
            Self::BodyTooLarge { .. } => http::StatusCode::PAYLOAD_TOO_LARGE,
            Self::Body(_) => http::StatusCode::BAD_REQUEST,
            _ => http::StatusCode::UNAUTHORIZED,
        }
    }
}
