//! Webhooks of the SingaPay API, without an HTTP client, a web framework or a database.
//!
//! [`Receiver`] proves deliveries, [`Event`] says what happened, and [`Gate`] runs a handler for each delivery once,
//! with a [`Ledger`] that remembers.
//!
//! [`Event::read`] takes the body of a delivery **whose signature has been verified** and says what
//! happened. It recognises the events that are known, in every spelling that was documented or seen,
//! and loses nothing: an event that this version does not know, or that lacks what makes it useful, is
//! still an [`Event`] with its name and its raw body. [`EventKind`] tells of each kind where its amounts and its
//! reference stand and which read confirms it, and shows a body.
//!
//! ```
//! use singapay_webhook::{Event, Payload};
//!
//! let body = br#"{"event": "payment-link-transaction", "data": {
//!     "transaction": {"reff_no": "18917720251110094037705", "status": "paid",
//!         "amount": {"value": "150000.00", "currency": "IDR"}},
//!     "payment": {"additional_info": {"payment_link": {"reff_no": "INV-2026-0001"}}}}}"#;
//! let event = Event::read(body)?;
//! assert!(event.is_paid());
//! assert_eq!(event.merchant_reference().as_deref(), Some("INV-2026-0001"));
//! assert_eq!(event.amount_paid(), Some(singapay_core::Rupiah::new(150_000)));
//! match event.payload() {
//!     Payload::PaymentLinkTransaction(paid) => {
//!         assert_eq!(paid.data.transaction.reff_no, "18917720251110094037705");
//!     }
//!     // Answer 2xx and keep `event.body()`: nothing better comes by asking for it again.
//!     Payload::Unknown | Payload::Unreadable(_) => {}
//!     _ => {}
//! }
//! # Ok::<(), singapay_webhook::EventError>(())
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod adapter;
mod amounts;
mod answers;
mod error;
mod event;
mod expired;
mod gate;
#[rustfmt::skip]
mod generated;
mod kind;
mod payload;
mod receiver;
mod recognize;
mod resource;
#[cfg(feature = "testing")]
pub mod testing;

pub use amounts::Amounts;
pub use error::EventError;
pub use event::Event;
pub use expired::{Expired, ExpiredItem};
pub use gate::{
    AttemptEnd, Claimed, Delivery, DeliveryState, Gate, GateError, Handled, HandlerResult, Horizon,
    KeptDelivery, Lease, Ledger, LedgerEntry, LedgerError, LedgerStep, MemoryLedger, NoTransaction,
    Origin, PruneError, Receipt, Release, Replayed, RetryRule, Swept,
};
pub use generated::events;
pub use kind::EventKind;
pub use payload::{Payload, Unreadable};
pub use receiver::{ReceiveError, Receiver, VerifiedEvent};
pub use resource::{Comparison, Fact, Resource};
