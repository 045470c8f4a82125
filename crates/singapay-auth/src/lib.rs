//! Tokens, signatures, credentials and webhook verification for the SingaPay API.

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
pub use pipeline::{AuthPipeline, AuthPipelineBuilder, ConfigError, RetryPolicy};
