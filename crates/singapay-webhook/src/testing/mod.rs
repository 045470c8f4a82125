//! Deliveries of every kind, for the tests of programs. Only with the feature `testing`.
//!
//! ```
//! use singapay_auth::webhook::{Verifier, WebhookKey};
//! use singapay_core::{Rupiah, Secret};
//! use singapay_webhook::{Event, EventKind, testing};
//!
//! let key = testing::Key::new("partner", "secret", "/hooks/singapay");
//! let delivery = testing::event(EventKind::VaTransaction)
//!     .amount(Rupiah::new(150_000))
//!     .merchant_reference("INV-2026-0001")
//!     .paid()
//!     .sign(&key)?;
//!
//! let verifier = Verifier::builder()
//!     .key(WebhookKey::new("test", &Secret::new("secret")))
//!     .path("/hooks/singapay")
//!     .build()?;
//! let verified = verifier.verify(&delivery.headers, delivery.body)?;
//! let event = Event::from_bytes(verified.body)?;
//! assert!(event.is_paid());
//! assert_eq!(event.amount_paid(), Some(Rupiah::new(150_000)));
//! assert_eq!(event.merchant_reference().as_deref(), Some("INV-2026-0001"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod event;
mod key;
#[doc(hidden)]
pub mod place;

pub use event::{EventBuilder, EventBuilderError, event};
pub use key::Key;
pub use singapay_auth::webhook::SignedDelivery;
