//! The SingaPay gateway on one machine: strict, stateful, offline. No real money.
//!
//! ```no_run
//! # async fn demo() -> Result<(), singapay_sandbox::StartError> {
//! use singapay_sandbox::Sandbox;
//!
//! let sandbox = Sandbox::start().await?;
//! println!("{} for account {}", sandbox.base_url(), sandbox.account_id());
//! # Ok(()) }
//! ```
//!
//! It checks tokens, partner ids, signatures and fields with a verifier of its own, moves money
//! between accounts that add up, settles what is pending, and sends signed webhooks to the
//! addresses it was given and nowhere else. It listens on loopback unless told otherwise.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(test, allow(clippy::unwrap_used))]

/// Keeps the examples of the README true.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod admin;
mod app;
mod audit;
mod banks;
mod builder;
mod clock;
#[cfg(feature = "command")]
pub mod command;
mod customer;
mod fault;
mod generated;
mod http;
mod journal;
mod listing;
mod mask;
mod origin;
mod part;
mod payouts;
mod products;
mod request_log;
mod sample_names;
mod sandbox;
mod scheduler;
mod seed;
mod server;
mod settings;
mod settlements;
mod state;
mod status;
mod sweep;
mod table;
mod variables;
mod verify;
mod webhook;
mod wire_money;
mod wire_time;

pub use audit::Audit;
pub use builder::{Builder, StartError};
pub use clock::VirtualClock;
pub use customer::{CustomerError, PaymentOutcome};
pub use fault::{Fault, FaultAction, FaultError, FaultPoint};
pub use http::verdict::{RefusedSignature, Verdict};
pub use payouts::PayoutOutcome;
pub use products::{
    payment_links::{LinkAttempted, Payer},
    scenario::Scenario,
    virtual_accounts::VaAttempted,
};
pub use request_log::RequestRecord;
pub use sandbox::{AccountInfo, Balance, BillerCredentials, Credentials, Sandbox};
pub use seed::{AccountSeed, CredentialSeed, Seed};
pub use settings::{Delays, Fees, PageStyle, Quirks};
pub use webhook::{Chaos, DeliveryAttempt, DeliveryReport, DeliveryState, WebhookKind};
