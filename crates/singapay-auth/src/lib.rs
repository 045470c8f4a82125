//! Tokens, signatures, credentials and webhook verification for the SingaPay API.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod canonical;
pub mod credential;
pub mod endpoint;
pub mod scheme;

pub use credential::{Credential, Credentials, CredentialsBuilder, CredentialsError};
pub use endpoint::{Endpoint, Endpoints, Environment};
