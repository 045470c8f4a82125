//! Tokens, signatures, credentials and webhook verification for the SingaPay API.
//!
//! | Module | Holds |
//! |---|---|
//! | [`canonical`] | The JSON form that is signed, and the forms that a webhook sender can have meant |
//! | [`scheme`] | The four signature schemes |
//! | [`credential`] | Credentials, and which account needs which |
//! | [`endpoint`] | The gateway's hosts per environment |
//! | [`token`] | Access tokens: one fetch for all callers, early refresh, shared stores |
//! | [`pipeline`] | The attempt loop that every request goes through |
//! | [`webhook`] | Verification of deliveries; needs no HTTP client |
//!
//! Verifying a delivery:
//!
//! ```
//! use singapay_auth::webhook::{Verifier, WebhookKey, sign_delivery};
//! use singapay_core::{Clock, Secret, SystemClock};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let secret = Secret::new("client secret");
//! let verifier = Verifier::builder()
//!     .key(WebhookKey::new("main", &secret))
//!     .path("/hooks/singapay")
//!     .build()?;
//! // What the gateway would send:
//! let body = r#"{"event":"va-transaction"}"#;
//! let delivery = sign_delivery(&secret, "partner", "/hooks/singapay", body, SystemClock.now())?;
//!
//! let verified = verifier.verify(&delivery.headers, delivery.body)?;
//! assert_eq!(verified.deduplication_key().len(), 64);
//! # Ok(())
//! # }
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod canonical;
pub mod credential;
pub mod endpoint;
pub mod headers;
pub mod pipeline;
pub mod scheme;
pub mod token;
pub mod webhook;

#[cfg(test)]
mod testing;

pub use credential::{Credential, Credentials, CredentialsBuilder, CredentialsError};
pub use endpoint::{Endpoint, Endpoints, Environment};
pub use pipeline::{AuthPipeline, AuthPipelineBuilder, ConfigError, RetryBudget, RetryPolicy};
