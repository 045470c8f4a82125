use std::{fmt, sync::Arc};

use singapay_core::Secret;

use crate::{credential::Credential, scheme::SigningKey};

/// A key that deliveries may be signed with: the client secret of a credential.
///
/// Money-out deliveries were seen signed with the Default credential although a Specific one made
/// the call, so a verifier should hold the keys of all credentials.
#[derive(Clone)]
pub struct WebhookKey {
    pub(super) name: Arc<str>,
    pub(super) partner_id: Option<Arc<str>>,
    key: SigningKey,
}

impl WebhookKey {
    /// A key under a name of the caller's choice. No verifier takes one with a blank secret.
    pub fn new(name: impl Into<String>, secret: &Secret) -> Self {
        Self {
            name: Arc::from(name.into()),
            partner_id: None,
            key: SigningKey::new(secret),
        }
    }

    /// Tries this key first when a delivery names this partner id.
    #[must_use]
    pub fn partner_id(mut self, partner_id: impl Into<String>) -> Self {
        self.partner_id = Some(Arc::from(partner_id.into()));
        self
    }

    /// Name of the key.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Partner id of the credential, if it is known.
    pub fn known_partner_id(&self) -> Option<&str> {
        self.partner_id.as_deref()
    }

    pub(super) fn signing_key(&self) -> &SigningKey {
        &self.key
    }
}

impl From<&Credential> for WebhookKey {
    fn from(credential: &Credential) -> Self {
        Self {
            name: credential.name().into(),
            partner_id: Some(credential.partner_id().into()),
            key: credential.signing_key().clone(),
        }
    }
}

impl fmt::Debug for WebhookKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookKey")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
