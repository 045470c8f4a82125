//! Webhooks of the SingaPay payment gateway for [axum](axum).
#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod extract;
mod request;
mod router;

pub use extract::{Refusal, WebhookEvent};
pub use router::{webhook, webhook_router};
pub use singapay_webhook::adapter::AdapterSettings;
