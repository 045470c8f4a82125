//! Merchant credentials and the tokens they were given.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::World;
use crate::{table::Record, webhook::kind::WebhookKind};

/// A Default or Specific credential.
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

impl World {
    /// All secrets but the one that this credential signs with, and what each belongs to.
    pub(crate) fn secrets(&self, credential: u64) -> Vec<(String, String)> {
        let mut secrets = Vec::new();
        for (row, other) in self.credentials.iter() {
            let name = &other.name;
            if row != credential {
                let whose = format!("the secret of the credential {name:?}");
                secrets.push((whose, other.client_secret.clone()));
            }
            let whose = format!("the identity secret of the credential {name:?}");
            secrets.push((whose, other.identity_client_secret.clone()));
            let whose = format!("the client id of the credential {name:?}");
            secrets.push((whose, other.client_id.clone()));
        }
        for biller in self.billers.values() {
            secrets.push((
                "the biller's secret".to_owned(),
                biller.client_secret.clone(),
            ));
            secrets.push(("the biller's password".to_owned(), biller.password.clone()));
        }
        secrets
    }
}

/// The one credential of the biller host, with the deposit that payments are taken from.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Biller {
    pub(crate) partner_id: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    /// Goes into the body of every payment; not the client secret.
    pub(crate) password: String,
    /// Opening balance of the deposit, and the rest of it.
    pub(crate) opened: i64,
    pub(crate) deposit: i64,
}

impl Record for Biller {
    const TABLE: &'static str = "biller";

    fn keys(&self) -> Vec<String> {
        vec![self.client_id.clone()]
    }
}
