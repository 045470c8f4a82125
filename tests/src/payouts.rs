//! All operations that pay out, as the documents have them, in one shape.

use std::fmt;

use serde_json::{Map, Value};
use singapay::{Delivery, Error, Unresolved};
use singapay_api::operations;
use singapay_core::{
    Operation,
    operation::{Effect, Host, Replay},
};

use crate::{
    driver::{Clients, End},
    spec::{Document, HOSTS},
};

/// End of a payout, whatever its answer is made of.
#[derive(Debug)]
pub enum Ending {
    /// `Err`: nothing was sent.
    NotSent(Error),
    /// Accepted, after this many requests.
    Accepted(u32),
    /// Refused.
    Refused(Error),
    /// The reference is known.
    Duplicate(Unresolved),
    /// Nobody knows.
    Unknown(Unresolved),
}

impl Ending {
    /// The error that came with it.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Accepted(_) => None,
            Self::NotSent(error) | Self::Refused(error) => Some(error),
            Self::Duplicate(unresolved) | Self::Unknown(unresolved) => Some(unresolved.error()),
        }
    }

    /// Ending and delivery in words, such as `Unknown/MaybeSent`.
    pub fn words(&self) -> String {
        let name = match self {
            Self::NotSent(_) => "Err",
            Self::Accepted(_) => "Accepted",
            Self::Refused(_) => "Refused",
            Self::Duplicate(_) => "Duplicate",
            Self::Unknown(_) => "Unknown",
        };
        let delivery = self.error().map_or(Delivery::Answered, Error::delivery);
        format!("{name}/{delivery:?}")
    }

    /// Requests that the client says it sent.
    pub fn attempts(&self) -> u32 {
        match self {
            Self::Accepted(attempts) => *attempts,
            other => other.error().map_or(0, Error::attempts),
        }
    }
}

impl<T: Into<End>> From<Result<T, Error>> for Ending {
    fn from(result: Result<T, Error>) -> Self {
        match result.map(Into::into) {
            Err(error) => Self::NotSent(error),
            Ok(End::Response(attempts) | End::Accepted(attempts)) => Self::Accepted(attempts),
            Ok(End::Refused(error)) => Self::Refused(error),
            Ok(End::Duplicate(unresolved)) => Self::Duplicate(unresolved),
            Ok(End::Unknown(unresolved)) => Self::Unknown(unresolved),
        }
    }
}

/// One operation that pays out.
#[derive(Clone)]
pub struct Payout {
    /// Its row of the operation table.
    pub operation: &'static Operation,
    /// A complete request.
    pub given: Map<String, Value>,
    /// A complete answer that it was taken on.
    pub accepted: String,
}

impl Payout {
    /// True if it goes to the biller host.
    pub fn is_bill(&self) -> bool {
        self.operation.host == Host::Biller
    }

    /// True if a repeated reference is refused as a duplicate.
    pub fn refuses_duplicates(&self) -> bool {
        let reference = self.operation.reference;
        reference.is_some_and(|reference| reference.replay == Replay::RefusedAsDuplicate)
    }

    /// Sends the request.
    pub fn send(&self, clients: &Clients) -> impl Future<Output = Ending> + Send + use<> {
        let call = clients.call(self.operation.id, self.given.clone());
        async move { Ending::from(call.await) }
    }
}

impl fmt::Debug for Payout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operation.id)
    }
}

/// Every one of them. Signed or not, on both hosts, in all three envelopes.
pub fn all() -> Vec<Payout> {
    let documents = HOSTS.map(Document::load);
    let described = documents.iter().flat_map(Document::operations);
    let mut payouts = Vec::new();
    for described in described {
        let operation =
            operations::find(described.id).unwrap_or_else(|| panic!("{}", described.id));
        if operation.effect == Effect::MoneyOut {
            let mut answer = described.answer();
            forget_what_was_asked(operation.id, &mut answer["data"]);
            payouts.push(Payout {
                operation,
                given: described.given(|input| input.required),
                accepted: answer.to_string(),
            });
        }
    }
    payouts
}

/// The one of this id.
///
/// # Panics
///
/// There is none.
pub fn of(id: &str) -> Payout {
    let mut all = all().into_iter();
    all.find(|payout| payout.operation.id == id).unwrap()
}

/// Takes out of a made-up answer what repeats another amount and beneficiary than were asked for.
pub fn forget_what_was_asked(id: &str, data: &mut Value) {
    let Some(payout) = operations::find(id).and_then(|operation| operation.payout) else {
        return;
    };
    let echo = payout.echo;
    let names = echo.amounts.iter().copied();
    let names = names.chain(echo.gross);
    let names = names.chain(echo.bank).chain(echo.beneficiary);
    for name in names.chain(echo.same.iter().map(|(_, told)| *told)) {
        let pointer = format!("/{}", name.replace('.', "/"));
        if let Some(value) = data.pointer_mut(&pointer) {
            *value = Value::Null;
        }
    }
}
