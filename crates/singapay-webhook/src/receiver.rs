//! One entry for deliveries: raw headers and body in, a verified event out.

use std::{
    fmt,
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::StatusCode;
use singapay_auth::webhook::{HeaderSource, Verified, Verifier, VerifyError};

use crate::{Event, EventError, EventKind};

/// Takes deliveries to one registered path.
///
/// Made by `Singapay::webhook_receiver`, or from a [`Verifier`] with settings of its own: another window, further
/// keys.
///
/// Events of kinds that this version does not know are kept as they came, told to a person by a warning that holds
/// nothing of them, and counted.
#[derive(Debug, Clone)]
pub struct Receiver {
    verifier: Verifier,
    /// Shared by clones.
    unknown: Arc<AtomicU64>,
}

impl From<Verifier> for Receiver {
    fn from(verifier: Verifier) -> Self {
        Self {
            verifier,
            unknown: Arc::default(),
        }
    }
}

impl Receiver {
    /// Proves that a delivery is the gateway's, and reads its event.
    ///
    /// # Errors
    ///
    /// A delivery that nothing proves, or that is genuine and holds no event;
    /// [`ReceiveError::status`] is what to answer.
    pub fn receive<H: HeaderSource + ?Sized>(
        &self,
        headers: &H,
        body: impl Into<Bytes>,
    ) -> Result<VerifiedEvent, ReceiveError> {
        let event = VerifiedEvent::read(self.verifier.verify(headers, body)?)?;
        if event.kind() == EventKind::Unknown {
            let count = self
                .unknown
                .fetch_add(1, Ordering::Relaxed)
                .saturating_add(1);
            tracing::warn!(
                target: "singapay",
                count,
                name_bytes = event.name().len(),
                "a webhook of a kind that this version does not know"
            );
        }
        Ok(event)
    }

    /// Deliveries so far, copies included, of kinds that this version does not know. Clones count together.
    pub fn unknown_events(&self) -> u64 {
        self.unknown.load(Ordering::Relaxed)
    }

    pub(crate) fn or_window(self, window: Duration) -> Self {
        Self {
            verifier: self.verifier.or_window(window),
            ..self
        }
    }

    /// Verifier that proves deliveries.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }
}

/// An event that is proven to be the gateway's; derefs to [`Event`].
#[derive(Clone)]
pub struct VerifiedEvent {
    verified: Verified,
    event: Event,
}

impl VerifiedEvent {
    pub(crate) fn read(verified: Verified) -> Result<Self, ReceiveError> {
        let read = Event::from_bytes(verified.body.clone()).or_else(|error| {
            // What is proven is the form. A copy in which only something is unreadable that its form has not is the
            // delivery still, and must not put it aside.
            let event = Event::from_bytes(verified.canonical.clone());
            event
                .map(|event| event.with_body(verified.body.clone()))
                .map_err(|_| error)
        });
        match read {
            Ok(event) => Ok(Self { verified, event }),
            Err(source) => Err(ReceiveError::NotAnEvent {
                source,
                verified: Box::new(verified),
            }),
        }
    }

    /// 64 hexadecimal digits, the same for every copy: what to claim, in one transaction with the effect.
    pub fn deduplication_key(&self) -> String {
        self.verified.deduplication_key()
    }

    /// Proof of the delivery: key, time and form of the body.
    pub fn verified(&self) -> &Verified {
        &self.verified
    }

    /// The event alone.
    pub fn into_event(self) -> Event {
        self.event
    }
}

impl Deref for VerifiedEvent {
    type Target = Event;

    fn deref(&self) -> &Event {
        &self.event
    }
}

impl fmt::Debug for VerifiedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedEvent")
            .field("event", &self.event.kind())
            .field("verified", &self.verified)
            .finish()
    }
}

/// Reasons for which a delivery brings no event.
///
/// In the book: `docs/book/src/webhooks.md#what-is-answered`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiveError {
    /// It is not proven to be the gateway's; nothing in it can be believed.
    #[error(transparent)]
    Refused(#[from] VerifyError),
    /// It is genuine, and its body is no event. Keep the body: another copy says no more.
    #[error("the delivery is genuine, but {source}")]
    NotAnEvent {
        /// The complaint about the body.
        source: EventError,
        /// Proof of the delivery, with the body.
        verified: Box<Verified>,
    },
}

impl ReceiveError {
    /// The status to answer with: 413, 400 or 401, and 200 to what is genuine, so that it does not come again.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refused(error) => error.status(),
            Self::NotAnEvent { .. } => StatusCode::OK,
        }
    }
}
