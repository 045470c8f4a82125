//! Webhooks: raw headers and body in, a verified event with its deduplication key out.
//!
//! Take the body as raw bytes, before anything parses it: the signature is over what came.
//!
//! ```
//! use singapay::{Singapay, webhook::{Gate, Handled, MemoryLedger, VerifierError}};
//!
//! /// Once, at the start. The path is the one that is registered in the dashboard.
//! fn gate(singapay: &Singapay) -> Result<Gate<MemoryLedger>, VerifierError> {
//!     let receiver = singapay.webhook_receiver("/hooks/singapay")?;
//!     Ok(Gate::new(receiver, MemoryLedger::new()))
//! }
//!
//! /// For each delivery; what it returns is the status to answer with.
//! async fn receive(gate: &Gate<MemoryLedger>, headers: &http::HeaderMap, body: Vec<u8>) -> u16 {
//!     let receipt = gate.receive(headers, body, |_transaction, event| {
//!         Box::pin(async move {
//!             if event.is_paid() {
//!                 let order = event.merchant_reference();
//!                 // Find the order, compare the amount, mark it as paid: in the transaction.
//! #               let _ = order;
//!             }
//!             Ok(Handled::Done)
//!         })
//!     });
//!     receipt.await.status().as_u16()
//! }
//! ```
//!
//! - Every delivery may come again, and they come in any order. The [`Gate`] runs the handler once; say
//!   [`Handled::Later`] where the order is not stored yet.
//! - What a handler writes in the transaction of a ledger of `singapay-store` exists exactly once, whatever crashes.
//!   [`MemoryLedger`] has none, and forgets everything at the next start.
//! - Call [`Gate::sweep`] every half minute: it tries again what failed, crashed or came too early, also when the
//!   gateway has stopped.
//! - An event is a reason to look, not the last word: [`Confirm`] runs the read that knows better, before goods leave.
//! - A kind that this version does not know is kept as it came, and counted: [`Receiver::unknown_events`].
//! - The "Test" button of the dashboard sends nothing that is signed; it is refused with 401.
//! - [`Verifier::explain`] tells which of key, path, time and body is wrong, and [`sign_delivery`] signs
//!   deliveries for tests.
//! - A ledger of one's own needs only a [`Receiver`]: `deduplication_key()` is what to put under a unique index, in one
//!   transaction with what the event changes.

pub use singapay_auth::{canonical::CanonicalError, scheme::BodyHash, webhook::*};
pub use singapay_webhook::*;

pub use crate::confirm::{Confirm, Confirmation};

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::StatusCode;
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

    /// Neither a clone nor another receiver of the same verifier starts to count anew.
    #[test]
    fn an_event_of_tomorrow_is_kept_as_it_came_and_counted() {
        const TOMORROW: &str = "{\"event\": \"kyb.approved\",\n\"data\":{\"n\":1.50}}";
        let receiver = receiver();
        for count in 1..=2 {
            let signed = sign("secret", TOMORROW);
            let event = receiver
                .clone()
                .receive(&signed.headers, signed.body)
                .unwrap();
            assert_eq!(
                (event.kind(), event.name()),
                (EventKind::Unknown, "kyb.approved")
            );
            assert_eq!(event.body(), TOMORROW.as_bytes());
            assert_eq!(receiver.unknown_events(), count);
        }
        for signed in [sign("secret", PAID), sign("other", TOMORROW)] {
            let _ = receiver.receive(&signed.headers, signed.body);
        }
        assert_eq!(
            receiver.unknown_events(),
            2,
            "known ones and forgeries do not count"
        );
    }
}
