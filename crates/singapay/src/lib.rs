//! Unofficial SDK for SingaPay, an Indonesian payment gateway.
//!
//! ```no_run
//! use singapay::{Rupiah, Singapay, types::PaymentLinkType};
//!
//! # async fn demo() -> Result<(), singapay::Error> {
//! let singapay = Singapay::from_env()?;
//! let link = singapay
//!     .payment_links()
//!     .create()
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
//! setters named as in the API, options of the SDK start with `with_`, and `send()` ends it. The account
//! of a call is the client's own unless `.account_id(…)` names another.
//!
//! | To | Use |
//! |---|---|
//! | make a client | [`Singapay::builder`] or [`Singapay::from_env`] |
//! | collect money, in one shape for every way to pay | [`Charges::create`], [`Charges::find`], [`Charge::wait`] |
//! | use one product | its module, such as [`payment_links`]; bodies and answers are in [`types`] |
//! | pay out | [`Singapay::money_out`] alone; each call ends with an [`Outcome`] |
//! | receive webhooks | [`Singapay::webhook_receiver`]; [`webhook`] shows how |
//! | judge a failure | [`Error`], [`ErrorKind`], [`Reason`] |
//! | read a list, or find in it | [`Pages`], [`Items`]; `find_by_reference` of a product |
//! | call what is not modelled yet | [`Singapay::request`] |
//! | call without an async runtime | `send_blocking()`, `blocking()` of waits and lists, and `block_on`, with the feature `blocking` |
//! | test a program | the crate `singapay-sandbox`, which [`SandboxClock`] follows from another process; without a gateway `testing`, with the feature of that name |
//!
//! [`Error::may_have_taken_effect`] tells whether a write that failed has to be asked about before it is
//! sent again. Dropping the future of a call takes nothing back either: treat it the same way.
//!
//! Every call is a span `singapay.call` at level info (`operation`, `attempts`, `status`, `code`, `error`,
//! `duration_ms`), every attempt a span `singapay.attempt` at level debug in it, both with target
//! `singapay`, and so is every token request: `singapay.token` at level debug (`host`, `attempt`, `status`,
//! `failure`, `duration_ms`). How a call ended is known when its span closes, so let the subscriber show that.
//! Events at level warn are for a person to see: a call that failed for good, an outcome that is not
//! known, a token that could not be had, a webhook delivery that was refused. For metrics see [`Observer`].
//!
//! Calls travel on reqwest. TLS comes from the feature `rustls` (on), `native-tls` or
//! `rustls-no-provider`, which are reqwest's of the same names and so are felt by a program's own clients
//! of reqwest 0.13: the first brings aws-lc-rs, the second becomes the library of those that name none,
//! with the third the program installs a provider of rustls before it makes any client. The other features
//! are the products, `payouts` (the flow of [`Payouts`]) and `webhooks`, all on, so that a program can build
//! with those that it uses.

#![cfg_attr(docsrs, feature(doc_cfg))]
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
        feature = "qris-payouts",
        feature = "statements",
        feature = "tokens",
        feature = "va-transactions",
        feature = "virtual-accounts",
        feature = "payouts",
        feature = "webhooks",
    )),
    allow(dead_code, unused_imports)
)]

// First, for their macros.
#[macro_use]
mod request;
#[macro_use]
#[rustfmt::skip]
mod generated;
#[cfg(feature = "blocking")]
mod blocking;
mod call;
#[cfg(any(
    feature = "ewallets",
    feature = "payment-links",
    feature = "qris",
    feature = "virtual-accounts",
))]
mod charge;
mod client;
mod config;
#[cfg(feature = "webhooks")]
mod confirm;
mod decode;
mod error;
mod money_out;
mod observe;
mod outcome;
mod pages;
#[cfg(feature = "payouts")]
mod payouts;
mod raw;
mod resolve;
mod response;
mod sandbox_clock;
#[cfg(feature = "testing")]
pub mod testing;
mod timer;
mod transport;
mod validation;
mod waiting;
#[cfg(feature = "webhooks")]
pub mod webhook;

#[cfg(feature = "blocking")]
pub use blocking::{Blocking, block_on};
#[cfg(any(
    feature = "ewallets",
    feature = "payment-links",
    feature = "qris",
    feature = "virtual-accounts",
))]
pub use charge::{
    Charge, ChargeDetails, ChargeMethod, ChargeProduct, Charges, CreateCharge, Customer,
    FindCharge, GetCharge, PaymentInstructions, UnknownProduct,
};
pub use client::Singapay;
pub use config::SingapayBuilder;
pub use error::{Error, ErrorKind, Reason, Stage};
pub use generated::*;
pub use money_out::{MoneyOut, MoneyOutPolicy};
pub use observe::{CallReport, Observer};
pub use outcome::{Outcome, Unresolved};
pub use pages::{Items, Paged, Pages};
#[cfg(feature = "payouts")]
pub use payouts::{
    Approval, Inserted, MemoryPayoutStore, Missed, PayoutError, PayoutEvent, PayoutFacts,
    PayoutLimits, PayoutProgress, PayoutQuote, PayoutRecord, PayoutRequest, PayoutState,
    PayoutStep, PayoutStore, Payouts, PersonReason, Reserve, Share, StoreError, Submit,
    UnknownState, Updated,
};
pub use raw::{RawData, RawMoneyOut, RawRequest};
pub use resolve::{Absence, AbsenceRule, FoundPayout, Resolution, Resolve, Undecided};
pub use response::Response;
pub use sandbox_clock::SandboxClock;
pub use singapay_auth::{
    Credential, Endpoints, Environment, RetryBudget, RetryPolicy,
    credential::IdentityCredential,
    endpoint::{EndpointError, EnvironmentError},
    scheme::TimestampFormat,
};
pub use singapay_core::{
    Amount, Answer, Attempt, BoxError, BoxFuture, Clock, Currency, Delivery, Money, Nullable,
    Resend, Rupiah, Secret, Sensitive, SystemClock, Timer, Timestamp, Transport, TransportError,
    TransportErrorKind, UnknownText,
    bank::Bank,
    envelope::{FieldError, Page},
    money::{ParseAmountError, ParseRupiahError},
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
