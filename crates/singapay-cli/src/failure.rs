use singapay_auth::canonical::{CanonicalError, Problem};

/// Reason for which there is no result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{name} cannot be read: {source}")]
    Read {
        name: String,
        source: std::io::Error,
    },
    #[error("the input is larger than {0} bytes")]
    TooLarge(u64),
    #[error("{0}")]
    Refused(#[from] CanonicalError),
    #[error("environment variable {0} is not set, is empty or is not text")]
    Variable(String),
    #[error(
        "the path must start with `/`, without scheme and host \
         (some shells rewrite a leading slash: quote it, or turn that off)"
    )]
    Path,
    #[error("{0} is not an HTTP method")]
    Method(String),
    #[error("the timestamp must be {0}")]
    Timestamp(&'static str),
    #[cfg(feature = "call")]
    #[error("{0}")]
    Sandbox(String),
}

impl Failure {
    /// 1 for values that are refused, 2 for input that cannot be used at all.
    pub(crate) fn status(&self) -> u8 {
        match self {
            Self::Refused(error) => match error.problem() {
                Problem::Syntax | Problem::InvalidUtf8 => 2,
                _ => 1,
            },
            _ => 2,
        }
    }
}
