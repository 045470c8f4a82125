//! Webhooks: raw headers and body in, a verified event with its deduplication key out.
//!
//! Take the body as raw bytes, before anything parses it: the signature is over what came.
//!
//! ```
//! use singapay::{Singapay, webhook::{Receiver, VerifierError}};
//!
//! /// Once, at the start. The path is the one that is registered in the dashboard.
//! fn receiver(singapay: &Singapay) -> Result<Receiver, VerifierError> {
//!     singapay.webhook_receiver("/hooks/singapay")
//! }
//!
//! /// For each delivery; what it returns is the status to answer with.
//! fn receive(receiver: &Receiver, headers: &http::HeaderMap, body: Vec<u8>) -> u16 {
//!     let event = match receiver.receive(headers, body) {
//!         Ok(event) => event,
//!         Err(error) => return error.status().as_u16(),
//!     };
//!     if !claim(&event.deduplication_key()) {
//!         return 200; // a copy of what was dealt with
//!     }
//!     if event.is_paid() {
//!         let order = event.merchant_reference();
//!         // Find the order, compare the amount, mark it as paid.
//! #       let _ = order;
//!     }
//!     200
//! }
//! # fn claim(_: &str) -> bool { true }
//! ```
//!
//! - Every delivery may come again, and they come in any order. Put the deduplication key under a
//!   unique index, in one transaction with what the event changes.
//! - Answer 503 where that fails: a 503 is sent four times more, a 500 once, each a minute after the
//!   one before (documented).
//! - An event is a reason to look, not the last word: read the payment again before goods leave, with
//!   [`Charges::get`](crate::Charges::get) or the product's `get`.
//! - The "Test" button of the dashboard sends nothing that is signed; it is refused with 401.
//! - [`Verifier::explain`] tells which of key, path, time and body is wrong, and [`sign_delivery`] signs
//!   deliveries for tests.

use std::{fmt, ops::Deref};

use bytes::Bytes;
use http::StatusCode;
pub use singapay_auth::{canonical::CanonicalError, scheme::BodyHash, webhook::*};
pub use singapay_webhook::*;

/// Takes deliveries to one registered path.
///
/// Made by [`Singapay::webhook_receiver`](crate::Singapay::webhook_receiver), or from a [`Verifier`] with settings
/// of its own: another window, further keys.
#[derive(Debug, Clone)]
pub struct Receiver {
    verifier: Verifier,
}

impl From<Verifier> for Receiver {
    fn from(verifier: Verifier) -> Self {
        Self { verifier }
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
        let verified = self.verifier.verify(headers, body)?;
        match Event::from_bytes(verified.body.clone()) {
            Ok(event) => Ok(VerifiedEvent { verified, event }),
            Err(source) => Err(ReceiveError::NotAnEvent {
                source,
                verified: Box::new(verified),
            }),
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use singapay_core::{Clock, Secret, SystemClock};

    use super::*;
    use crate::Singapay;

    const PATH: &str = "/hooks/singapay";
    const PAID: &str = r#"{"event":"va-transaction","data":{"transaction":{"status":"paid","reff_no":"INV-1","transaction_id":"T-1"}}}"#;

    fn receiver() -> Receiver {
        let client = Singapay::builder()
            .base_url("http://127.0.0.1:9")
            .credential("partner", "client", "secret")
            .build()
            .unwrap();
        client.webhook_receiver(PATH).unwrap()
    }

    fn sign(secret: &str, body: &'static str) -> SignedDelivery {
        let now = SystemClock.now();
        sign_delivery(&Secret::new(secret), "partner", PATH, body, now).unwrap()
    }

    #[test]
    fn a_genuine_delivery_is_an_event_with_its_key() {
        let signed = sign("secret", PAID);
        let event = receiver().receive(&signed.headers, signed.body).unwrap();
        assert!(event.is_paid());
        assert_eq!(event.merchant_reference().as_deref(), Some("INV-1"));
        assert_eq!(&*event.verified().key_name, "default");
        let respelt = PAID.replace("{\"event\"", "{ \"event\"");
        let again = sign("secret", PAID);
        let again = receiver().receive(&again.headers, respelt).unwrap();
        assert_eq!(again.deduplication_key(), event.deduplication_key());
        assert!(!format!("{event:?}").contains("INV-1"));
    }

    #[test]
    fn what_is_not_proven_is_refused_and_what_is_no_event_is_kept() {
        let forged = sign("other", PAID);
        let error = receiver()
            .receive(&forged.headers, forged.body)
            .unwrap_err();
        assert_eq!(error.status(), StatusCode::UNAUTHORIZED);
        assert!(matches!(
            error,
            ReceiveError::Refused(VerifyError::Signature)
        ));

        let listed = sign("secret", r#"["canary"]"#);
        let error = receiver()
            .receive(&listed.headers, listed.body)
            .unwrap_err();
        assert_eq!(error.status(), StatusCode::OK);
        assert_eq!(
            error.to_string(),
            "the delivery is genuine, but the body is not a JSON object"
        );
        assert!(!format!("{error:?}").contains("canary"));
        let ReceiveError::NotAnEvent { source, verified } = error else {
            panic!("{error:?}")
        };
        assert_eq!(source.body(), &verified.body);
    }

    #[test]
    fn settings_of_its_own_are_those_of_a_verifier() {
        let client = Singapay::builder()
            .base_url("http://127.0.0.1:9")
            .credential("partner", "client", "secret")
            .build()
            .unwrap();
        let verifier = client
            .webhook_verifier(PATH)
            .window(Duration::from_secs(900));
        let receiver = Receiver::from(verifier.build().unwrap());
        assert_eq!(receiver.verifier().window(), Duration::from_secs(900));
        assert!(client.webhook_receiver("hooks").is_err());
    }
}
