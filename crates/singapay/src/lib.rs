//! Unofficial SDK for SingaPay, an Indonesian payment gateway.
//!
//! ```no_run
//! use singapay::{Rupiah, Singapay, types::PaymentLinkType};
//!
//! # async fn demo() -> Result<(), singapay::Error> {
//! let singapay = Singapay::from_env()?;
//! let link = singapay
//!     .payment_links()
//!     .create(singapay.account()?)
//!     .reff_no("INV-2026-0001")
//!     .payment_link_type(PaymentLinkType::Total)
//!     .total_amount(Rupiah::new(150_000))
//!     .send()
//!     .await?;
//! println!("{}", link.payment_url);
//! # Ok(()) }
//! ```
//!
//! Every product has a handle, every operation of it a builder: ids are arguments, body fields are
//! setters named as in the API, options of the SDK start with `with_`, and `send()` ends it.
//!
//! | To | Use |
//! |---|---|
//! | make a client | [`Singapay::builder`] or [`Singapay::from_env`] |
//! | collect money, in one shape for every way to pay | [`Singapay::charge`] |
//! | pay out | [`Singapay::money_out`] alone; each call ends with an [`Outcome`] |
//! | receive webhooks | [`webhook`] |
//! | call what is not modelled yet | [`Singapay::request`] |
//! | call without an async runtime | `send_blocking()`, with the feature `blocking` |
//!
//! [`Error::delivery`] tells whether a request that failed can have arrived. TLS comes from the
//! feature `rustls` (on) or `native-tls`; the other features are the products, all on, so that a
//! program can build with those that it uses.

#![cfg_attr(test, allow(clippy::unwrap_used))]
// A build with some products does not use everything that the others need.
#![cfg_attr(
    not(all(
        feature = "account-transfers",
        feature = "accounts",
        feature = "balances",
        feature = "bills",
        feature = "cardless-withdrawals",
        feature = "cards",
        feature = "direct-debits",
        feature = "disbursements",
        feature = "ewallet-topups",
        feature = "ewallets",
        feature = "identity",
        feature = "payment-link-histories",
        feature = "payment-links",
        feature = "plans",
        feature = "qris",
        feature = "qris-payments",
        feature = "statements",
        feature = "tokens",
        feature = "va-transactions",
        feature = "virtual-accounts",
    )),
    allow(dead_code, unused_imports)
)]

// First, for its macros.
#[macro_use]
#[rustfmt::skip]
mod generated;
#[cfg(feature = "blocking")]
mod blocking;
#[cfg(any(
    feature = "ewallets",
    feature = "payment-links",
    feature = "qris",
    feature = "virtual-accounts",
))]
mod charge;
mod check;
mod client;
mod config;
mod decode;
mod error;
mod money_out;
mod observe;
mod outcome;
mod pages;
mod raw;
mod response;
mod runtime;
mod timer;
mod transport;
mod verdict;
mod waiting;

#[cfg(feature = "blocking")]
pub use blocking::{Blocking, block_on};
#[cfg(any(
    feature = "ewallets",
    feature = "payment-links",
    feature = "qris",
    feature = "virtual-accounts",
))]
pub use charge::{
    Artifact, Charge, ChargeDetails, ChargeMethod, ChargeProduct, CreateCharge, Customer,
    GetCharge, UnknownProduct,
};
pub use client::Singapay;
pub use config::SingapayBuilder;
pub use error::{Error, ErrorKind, Reason, Stage};
pub use generated::*;
pub use money_out::{MoneyOut, MoneyOutPolicy};
pub use observe::{CallReport, Observer};
pub use outcome::{Outcome, Unresolved};
pub use pages::{Items, Paged, Pages};
pub use raw::{Json, RawMoneyOut, RawRequest};
pub use response::Response;
pub use singapay_auth::{
    Credential, Endpoints, Environment, RetryBudget, RetryPolicy, credential::IdentityCredential,
    scheme::TimestampFormat,
};
pub use singapay_core::{
    Answer, Attempt, BoxFuture, Clock, Delivery, Money, Nullable, Resend, Rupiah, Secret,
    Sensitive, SystemClock, Timer, Timestamp, Transport, TransportError, TransportErrorKind,
    envelope::{FieldError, Page},
    operation::{Effect, Host},
    time,
};
pub use transport::Tls;
pub use waiting::{Ended, Ending, PaymentRead, PaymentState, Wait, WaitError};

/// Access tokens: how they are kept, and how several processes share them.
pub mod token {
    pub use singapay_auth::token::{
        Lease, MemoryTokenStore, StoredToken, TokenError, TokenKey, TokenStore,
    };
}

/// Webhooks: verification of deliveries, and the events they carry.
pub mod webhook {
    pub use singapay_auth::webhook::*;
    pub use singapay_webhook::*;
}
