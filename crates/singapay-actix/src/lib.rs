//! Webhooks of the SingaPay payment gateway for [Actix Web](actix_web).
#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod extract;
mod request;
mod resource;

pub use extract::{Refusal, WebhookEvent};
pub use resource::{webhook, webhook_resource};
pub use singapay_webhook::adapter::AdapterSettings;
