//! End of waiting for a payment.

use std::{error::Error as StdError, fmt, time::Duration};

use crate::{error::Error, response::Response};

/// Ending of a payment.
///
/// In the book: `docs/book/src/payments.md#charge`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ending {
    /// The money was paid.
    Paid,
    /// Nobody paid in time. A payment that had begun may still be booked: the webhook has the last
    /// word.
    Expired,
    /// The payment was tried and failed.
    Failed,
    /// Called off: closed, switched off or voided.
    Canceled,
    /// Paid, and given back.
    Refunded,
}

/// A payment that has ended, and the answer that says so.
///
/// In the book: `docs/book/src/payments.md#charge`.
#[must_use = "a payment that has ended need not be paid"]
pub struct Ended<T> {
    ending: Ending,
    response: Response<T>,
}

impl<T> Ended<T> {
    pub(crate) fn new(ending: Ending, response: Response<T>) -> Self {
        Self { ending, response }
    }

    /// Ending of the payment.
    pub fn ending(&self) -> Ending {
        self.ending
    }

    /// True if it was paid.
    pub fn is_paid(&self) -> bool {
        self.ending == Ending::Paid
    }

    /// The answer of the last read.
    pub fn response(&self) -> &Response<T> {
        &self.response
    }

    /// The answer of the last read.
    pub fn into_response(self) -> Response<T> {
        self.response
    }
}

impl<T> fmt::Debug for Ended<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ended")
            .field("ending", &self.ending)
            .finish_non_exhaustive()
    }
}

/// The payment had not ended when waiting did.
///
/// In the book: `docs/book/src/payments.md#charge`.
pub struct WaitError<T>(Box<Inner<T>>);

struct Inner<T> {
    /// `None` when a refusal ended it.
    patience: Option<Duration>,
    last: Option<Response<T>>,
    error: Option<Error>,
}

impl<T> WaitError<T> {
    pub(crate) fn stopped(last: Option<Response<T>>, error: Error) -> Self {
        Self(Box::new(Inner {
            patience: None,
            last,
            error: Some(error),
        }))
    }

    pub(crate) fn out_of_patience(
        last: Option<Response<T>>,
        error: Option<Error>,
        patience: Duration,
    ) -> Self {
        Self(Box::new(Inner {
            patience: Some(patience),
            last,
            error,
        }))
    }

    /// True if patience ran out; else a read was refused in a way that waiting does not heal.
    pub fn is_out_of_patience(&self) -> bool {
        self.0.patience.is_some()
    }

    /// The last answer that could be read, however long ago. `None` if there never was one.
    pub fn last(&self) -> Option<&Response<T>> {
        self.0.last.as_ref()
    }

    /// Error of the very last read, if it had one.
    pub fn error(&self) -> Option<&Error> {
        self.0.error.as_ref()
    }
}

impl<T> fmt::Display for WaitError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.patience {
            Some(patience) => write!(f, "the payment had not ended after {patience:?}")?,
            None => f.write_str("waiting for the payment was refused")?,
        }
        if self.0.last.is_none() && self.0.patience.is_some() {
            f.write_str(", and its state could never be read")?;
        }
        match &self.0.error {
            Some(error) => write!(f, "; the last read: {error}"),
            None => Ok(()),
        }
    }
}

impl<T> fmt::Debug for WaitError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitError")
            .field("patience", &self.0.patience)
            .field("error", &self.0.error)
            .finish_non_exhaustive()
    }
}

impl<T> StdError for WaitError<T> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let error = self.0.error.as_ref()?;
        Some(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn a_dead_gateway_is_named() {
        let error = Error::local(ErrorKind::Connect, "gateway.example refused the connection");
        let patience = Duration::from_secs(10);
        let ended = WaitError::<()>::out_of_patience(None, Some(error), patience);
        assert_eq!(
            ended.to_string(),
            "the payment had not ended after 10s, and its state could never be read; \
             the last read: could not connect: gateway.example refused the connection"
        );
    }
}
