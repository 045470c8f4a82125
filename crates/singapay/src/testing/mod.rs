//! For the tests of programs: signed deliveries of every kind. Only with the feature `testing`, which a program
//! switches on among its `dev-dependencies`.
//!
//! ```
//! use singapay::{
//!     Rupiah, Singapay,
//!     testing,
//!     webhook::EventKind,
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let singapay = Singapay::builder()
//! #     .environment(singapay::Environment::Sandbox)
//! #     .credential("partner", "client", "secret")
//! #     .build()?;
//! let receiver = singapay.webhook_receiver("/hooks/singapay")?;
//! let key = testing::Key::new("partner", "secret", "/hooks/singapay");
//! let delivery = testing::event(EventKind::VaTransaction)
//!     .amount(Rupiah::new(150_000))
//!     .merchant_reference("INV-1")
//!     .paid()
//!     .sign(&key)?;
//!
//! let event = receiver.receive(&delivery.headers, delivery.body)?;
//! assert_eq!(event.amount_paid(), Some(Rupiah::new(150_000)));
//! # Ok(()) }
//! ```
//!
//! A whole gateway on one machine is the crate `singapay-sandbox`.

pub use singapay_webhook::testing::{EventBuilder, EventBuilderError, Key, SignedDelivery, event};
