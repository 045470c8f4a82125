//! Merchant credentials and the tokens they were given.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Record;
use crate::{webhook::WebhookKind, wire_time::At};

/// A Default or Specific credential (fact sheet 01, section 2).
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Credential {
    pub(crate) name: String,
    pub(crate) partner_id: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    /// Of the identity host, which knows no other credential.
    pub(crate) identity_client_id: String,
    pub(crate) identity_client_secret: String,
    /// The merchant-wide one. Accounts assigned to a Specific one are closed to it.
    pub(crate) is_default: bool,
    pub(crate) webhooks: BTreeMap<WebhookKind, String>,
}

impl Record for Credential {
    const TABLE: &'static str = "credential";

    fn keys(&self) -> Vec<String> {
        vec![
            format!("client:{}", self.client_id),
            format!("partner:{}", self.partner_id),
            format!("identity:{}", self.identity_client_id),
        ]
    }
}

/// The gateway's hosts, which know nothing of each other's tokens. The sandbox has one address for
/// all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Host {
    #[default]
    Payment,
    Biller,
    Identity,
}

/// A bearer token.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) token: String,
    #[serde(default)]
    pub(crate) host: Host,
    /// Row of the credential, of the kind that its host knows.
    pub(crate) credential: u64,
    pub(crate) expires_at: At,
}

impl Token {
    pub(crate) fn is_live(&self, now: At) -> bool {
        now < self.expires_at
    }
}

impl Record for Token {
    const TABLE: &'static str = "token";

    fn keys(&self) -> Vec<String> {
        vec![self.token.clone()]
    }
}
