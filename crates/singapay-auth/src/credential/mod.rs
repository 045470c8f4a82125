//! Credentials of the caller, and the choice of one by account.
//!
//! A merchant has one Default credential and may have Specific ones with accounts assigned to
//! them. Once an account is assigned, the Default credential is refused for it (seen
//! live). The biller and identity hosts have credentials of their own.
//!
//! In the book: `docs/book/src/merchants.md`.

mod environment;
mod problem;
mod registry;

pub use problem::{CredentialProblem, CredentialsError};
pub use registry::{Credentials, CredentialsBuilder};

use std::fmt;

use singapay_core::Secret;

use crate::scheme::SigningKey;

/// Name of the Default credential.
pub const DEFAULT: &str = "default";

/// A credential of the payment or biller host.
#[derive(Clone)]
pub struct Credential {
    name: String,
    partner_id: String,
    client_id: String,
    client_secret: Secret,
    accounts: Vec<String>,
    key: SigningKey,
}

impl Credential {
    /// A credential under a name of the caller's choice.
    ///
    /// `partner_id` is the dashboard's "API Key", `client_id` its "Client ID", `client_secret` its
    /// "Client Secret" (not the "HMAC Validation Key").
    pub fn new(
        name: impl Into<String>,
        partner_id: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Self {
        let client_secret = client_secret.into();
        Self {
            name: name.into(),
            partner_id: partner_id.into(),
            client_id: client_id.into(),
            key: SigningKey::new(&client_secret),
            client_secret,
            accounts: Vec::new(),
        }
    }

    /// Assigns accounts (their ULIDs), as the dashboard's "Assigned Accounts" does.
    #[must_use]
    pub fn accounts<I: IntoIterator<Item: Into<String>>>(mut self, accounts: I) -> Self {
        self.accounts.extend(accounts.into_iter().map(Into::into));
        self
    }

    /// Name in this configuration.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Value of `X-PARTNER-ID`.
    pub fn partner_id(&self) -> &str {
        &self.partner_id
    }

    /// Client id.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Client secret.
    pub fn client_secret(&self) -> &Secret {
        &self.client_secret
    }

    /// Accounts assigned to it.
    pub fn assigned_accounts(&self) -> &[String] {
        &self.accounts
    }

    /// The key of its signatures, prepared once.
    pub fn signing_key(&self) -> &SigningKey {
        &self.key
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("name", &self.name)
            .field("accounts", &self.accounts.len())
            .finish_non_exhaustive()
    }
}

/// A credential of the identity host.
#[derive(Clone)]
pub struct IdentityCredential {
    client_id: String,
    client_secret: Secret,
}

impl IdentityCredential {
    /// The identity dashboard's client id and secret.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret: client_secret.into(),
        }
    }

    /// Client id.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Client secret.
    pub fn client_secret(&self) -> &Secret {
        &self.client_secret
    }
}

impl fmt::Debug for IdentityCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityCredential").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
