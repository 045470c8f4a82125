//! Unofficial SDK for SingaPay, an Indonesian payment gateway.
//!
//! Start with [`Singapay::builder`] or [`Singapay::from_env`]. Every product has a handle, every
//! operation of it a builder: ids are arguments, body fields are setters named as in the API, and
//! `send()` ends it. What pays out is reached through [`Singapay::money_out`] alone.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod check;
mod client;
mod config;
mod error;
#[rustfmt::skip]
mod generated;
mod money_out;
mod outcome;
mod response;
mod runtime;
mod timer;
mod transport;
mod verdict;

pub use client::Singapay;
pub use config::SingapayBuilder;
pub use error::{Error, ErrorKind};
pub use generated::*;
pub use money_out::{MoneyOut, MoneyOutPolicy};
pub use outcome::{Outcome, Unresolved};
pub use response::Response;
pub use singapay_auth::{Credential, Endpoints, Environment, credential::IdentityCredential};
pub use singapay_core::{
    Clock, Delivery, Money, Rupiah, Secret, Sensitive, Timestamp,
    envelope::{FieldError, Page},
    time,
};

/// Webhooks: verification of deliveries, and the events they carry.
pub mod webhook {
    pub use singapay_auth::webhook::*;
    pub use singapay_webhook::*;
}
