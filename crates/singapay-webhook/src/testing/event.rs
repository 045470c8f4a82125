//! An event in the making.

use std::fmt;

use bytes::Bytes;
use serde_json::{Value, json};
use singapay_auth::webhook::{SignedDelivery, sign_delivery};
use singapay_core::{Clock, Rupiah, SystemClock};

use super::{
    key::Key,
    place::{self, put},
};
use crate::{amounts, error::EventError, event::Event, kind::EventKind, payload::at};

/// Starts an event of this kind: the documented body, of which setters change what they name.
///
/// An unknown event has a name of its own and no members; the dashboard's test is the text that its
/// button sends.
pub fn event(kind: EventKind) -> EventBuilder {
    let body = match (kind, kind.sample()) {
        (EventKind::DashboardTest, _) => {
            json!({"status": 200, "success": true, "data": "VA Payment Notification testing"})
        }
        // It is JSON, as each sample of the documents.
        (_, Some(sample)) => serde_json::from_str(sample).unwrap_or_default(),
        (_, None) => json!({"event": "kyb.approved", "data": {}}),
    };
    EventBuilder {
        kind,
        body,
        gross: None,
        fee: None,
        net: None,
        problem: None,
    }
}

/// An event in the making; made by [`event`]. A setter that its kind has no place for is an error at the end.
#[derive(Clone)]
#[must_use = "it is made by `sign`, `event` or `body`"]
pub struct EventBuilder {
    kind: EventKind,
    body: Value,
    gross: Option<Rupiah>,
    fee: Option<Rupiah>,
    net: Option<Rupiah>,
    problem: Option<Problem>,
}

impl fmt::Debug for EventBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventBuilder")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// Reasons for which no delivery was made.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{kind}: {problem}")]
pub struct EventBuilderError {
    kind: EventKind,
    problem: Problem,
}

#[derive(Debug, Clone, thiserror::Error)]
enum Problem {
    #[error("this kind has no {0}")]
    NoPlace(&'static str),
    #[error("there is no place {0:?}")]
    NoField(String),
    #[error("an amount is negative, or less than its fee or net amount")]
    Negative,
    #[error("{0}")]
    NotAnEvent(String),
}

impl EventBuilder {
    /// Gross amount: what the payer pays. Where the fee and the net amount were not set, they follow.
    pub fn amount(mut self, amount: impl Into<Rupiah>) -> Self {
        self.gross = Some(amount.into());
        let places = self.kind.description().gross;
        self.has("amount", !places.is_empty())
    }

    /// Fee that the gateway takes.
    pub fn fee(mut self, fee: impl Into<Rupiah>) -> Self {
        self.fee = Some(fee.into());
        let places = self.kind.description().fee;
        self.has("fee", !places.is_empty())
    }

    /// Net amount: what the payee gets.
    pub fn net(mut self, net: impl Into<Rupiah>) -> Self {
        self.net = Some(net.into());
        let places = self.kind.description().net;
        self.has("net amount", !places.is_empty())
    }

    /// The merchant's reference of the order or payout.
    pub fn merchant_reference(self, reference: impl AsRef<str>) -> Self {
        let places = self.kind.description().merchant_reference;
        self.text("merchant reference", places, reference.as_ref())
    }

    /// The gateway's id of what it is about.
    pub fn transaction_id(self, id: impl AsRef<str>) -> Self {
        let places = self.kind.description().transaction_id;
        self.text("transaction id", places, id.as_ref())
    }

    /// Status, as the gateway spells it for this kind.
    pub fn status(self, status: impl AsRef<str>) -> Self {
        let places = self.kind.description().status;
        self.text("status", places, status.as_ref())
    }

    /// Reports success.
    pub fn paid(self) -> Self {
        let members = self.kind.description().paid;
        self.state("state of success", members)
    }

    /// Reports failure.
    pub fn failed(self) -> Self {
        let members = self.kind.description().failed;
        self.state("state of failure", members)
    }

    /// Anything else, by its place, such as `data.customer.email` or `event`; null takes it away.
    pub fn field(mut self, path: impl AsRef<str>, value: impl Into<Value>) -> Self {
        let path = path.as_ref();
        if !put(&mut self.body, path, value.into()) {
            let problem = Problem::NoField(path.to_owned());
            self.problem.get_or_insert(problem);
        }
        self
    }

    fn has(mut self, what: &'static str, place: bool) -> Self {
        if !place {
            self.problem.get_or_insert(Problem::NoPlace(what));
        }
        self
    }

    fn text(mut self, what: &'static str, places: &[&'static str], text: &str) -> Self {
        if let Some(path) = places.first() {
            let value = place::text(at(&self.body, path), text);
            put(&mut self.body, path, value);
        }
        self.has(what, !places.is_empty())
    }

    fn state(mut self, what: &'static str, members: &[(&'static str, &'static str)]) -> Self {
        for (path, text) in members {
            put(&mut self.body, path, (*text).into());
        }
        self.has(what, !members.is_empty())
    }

    /// Writes the amounts, so that gross is net and fee.
    fn settle(&mut self) -> Result<(), Problem> {
        let kind = self.kind.description();
        let (gross, fees, nets) = (kind.gross, kind.fee, kind.net);
        if let Some(amount) = self.gross {
            // The documented fee, unless it is more than is paid.
            let told = self.told(fees).or_else(|| {
                let (gross, net) = (self.told(gross)?, self.told(nets)?);
                gross.checked_sub(net)
            });
            let told = told.filter(|fee| !fee.is_negative() && *fee <= amount);
            let rest = |part: Rupiah| amount.checked_sub(part);
            let fee = self.fee.or_else(|| self.net.and_then(rest)).or(told);
            self.fee = Some(fee.unwrap_or(Rupiah::ZERO));
            self.net = self.net.or_else(|| self.fee.and_then(rest));
        }
        for (value, places) in [(self.gross, gross), (self.fee, fees), (self.net, nets)] {
            let Some(value) = value else { continue };
            if value.is_negative() {
                return Err(Problem::Negative);
            }
            let there = places.iter().filter(|path| at(&self.body, path).is_some());
            let mut there: Vec<&str> = there.copied().collect();
            if there.is_empty() {
                there.extend(places.first());
            }
            for path in there {
                let value = place::amount(at(&self.body, path), value);
                put(&mut self.body, path, value);
            }
        }
        Ok(())
    }

    /// Whole rupiah at the first of these places that holds some.
    fn told(&self, places: &[&str]) -> Option<Rupiah> {
        let told = places.iter().find_map(|path| at(&self.body, path))?;
        amounts::amount(told)?.rupiah()
    }

    /// The body alone.
    ///
    /// # Errors
    ///
    /// A setter that this kind has no place for, a place that cannot be, or an amount below zero.
    pub fn body(mut self) -> Result<Bytes, EventBuilderError> {
        let settled = match self.problem.take() {
            Some(problem) => Err(problem),
            None => self.settle(),
        };
        match settled {
            Ok(()) => Ok(Bytes::from(self.body.to_string())),
            Err(problem) => Err(self.refused(problem)),
        }
    }

    /// The event alone, for code behind the verifier.
    ///
    /// # Errors
    ///
    /// As [`body`](Self::body).
    pub fn event(self) -> Result<Event, EventBuilderError> {
        let builder = self.clone();
        let not_an_event =
            |error: EventError| builder.refused(Problem::NotAnEvent(error.to_string()));
        Event::from_bytes(self.body()?).map_err(not_an_event)
    }

    /// Headers and body, as the gateway sends them. Signed again it is another copy of the same event.
    ///
    /// # Errors
    ///
    /// As [`body`](Self::body), and a body that cannot be signed.
    pub fn sign(self, key: &Key) -> Result<SignedDelivery, EventBuilderError> {
        let builder = self.clone();
        let body = self.body()?;
        let now = key.at.unwrap_or_else(|| SystemClock.now());
        sign_delivery(&key.secret, &key.partner_id, &key.path, body, now)
            .map_err(|error| builder.refused(Problem::NotAnEvent(error.to_string())))
    }

    fn refused(&self, problem: Problem) -> EventBuilderError {
        EventBuilderError {
            kind: self.kind,
            problem,
        }
    }
}
