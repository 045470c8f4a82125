//! Calls any operation through the facade with fields given as JSON.

use std::pin::Pin;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use singapay::{Error, MoneyOut, MoneyOutPolicy, Outcome, Response, Singapay, Unresolved};

use crate::generated::calls::CALLS;

/// Starts the call of one operation; see [`CALLS`].
pub type Call = fn(&Clients, Given) -> Sending;

/// A call on its way.
pub type Sending = Pin<Box<dyn Future<Output = Result<End, Error>> + Send>>;

/// Clients that calls start from.
pub struct Clients {
    /// The client.
    pub client: Singapay,
    /// Its capability to pay out.
    pub money_out: MoneyOut,
}

impl Clients {
    /// The client, and a capability without limits.
    ///
    /// # Panics
    ///
    /// The client talks to a gateway that moves real money.
    pub fn of(client: Singapay) -> Self {
        let money_out = client.money_out(MoneyOutPolicy::new()).unwrap();
        Self { client, money_out }
    }

    /// Calls an operation with these fields.
    ///
    /// # Panics
    ///
    /// There is no such operation, or a field fits no setter of its builder.
    pub fn call(&self, operation: &str, given: Map<String, Value>) -> Sending {
        let call = CALLS.iter().find(|(id, _)| *id == operation).unwrap().1;
        call(self, Given(given))
    }
}

/// Fields by their names in the API; a builder takes each exactly once.
pub struct Given(Map<String, Value>);

impl Given {
    /// A field that the builder cannot be made without.
    pub(crate) fn need<T: DeserializeOwned>(&mut self, name: &str) -> T {
        self.take(name)
            .unwrap_or_else(|| panic!("{name} is needed"))
    }

    /// A field, if it is given.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let value = self.0.remove(name)?;
        Some(serde_json::from_value(value).unwrap_or_else(|error| panic!("{name}: {error}")))
    }

    /// Ends the call; every field has been taken.
    pub(crate) fn end<T: Into<End>>(
        self,
        sending: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Sending {
        assert!(self.0.is_empty(), "no setter for {:?}", self.0.keys());
        Box::pin(async move { sending.await.map(Into::into) })
    }
}

/// End of a call, whatever its answer is made of; with the requests that it took.
#[derive(Debug)]
pub enum End {
    /// An answer to what is no payout.
    Response(u32),
    /// An accepted payout.
    Accepted(u32),
    /// A refused payout.
    Refused(Error),
    /// A payout whose reference is known.
    Duplicate(Unresolved),
    /// A payout of which nobody knows.
    Unknown(Unresolved),
}

impl End {
    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Response(_) => "response",
            Self::Accepted(_) => "accepted",
            Self::Refused(_) => "refused",
            Self::Duplicate(_) => "duplicate",
            Self::Unknown(_) => "unknown",
        }
    }
}

impl<T> From<Response<T>> for End {
    fn from(response: Response<T>) -> Self {
        Self::Response(response.attempts())
    }
}

impl<T> From<Outcome<T>> for End {
    fn from(outcome: Outcome<T>) -> Self {
        match outcome {
            Outcome::Accepted(response) => Self::Accepted(response.attempts()),
            Outcome::Refused(error) => Self::Refused(error),
            Outcome::Duplicate(unresolved) => Self::Duplicate(unresolved),
            Outcome::Unknown(unresolved) => Self::Unknown(unresolved),
        }
    }
}
