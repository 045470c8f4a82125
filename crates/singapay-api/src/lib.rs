//! Raw client of the SingaPay API, generated from the corrected OpenAPI documents.
//!
//! This is the lowest layer: one method per operation, one module per host, one feature per
//! product. It follows the API description, so any release may break it; applications use the
//! crate `singapay`, which pins it exactly.
//!
//! In the body of a request no field is required: whoever fills it in checks it before it is sent, as
//! the builders of `singapay` do.
//!
//! A client sends nothing by itself. Every request goes to the [`Pipeline`](singapay_core::Pipeline)
//! in [`Inner`], which authenticates, signs, sends and decides about repetition, and every outcome
//! is recorded in the [`CallContext`](singapay_core::CallContext) beside it. **Read the context
//! first**: a call that failed leaves a synthetic response with status 599 behind.
#![cfg_attr(test, allow(clippy::unwrap_used))]

// Results of its methods mean nothing without the context, as said above.
#[allow(clippy::missing_errors_doc)]
#[rustfmt::skip]
mod generated;
mod hooks;

pub use generated::{biller, identity, operations, payment};
pub use hooks::{FAILED, Inner};
pub use progenitor_client::{Error, ResponseValue};
