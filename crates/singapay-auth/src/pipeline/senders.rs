//! Choice of the credential that sends a call, and the token that goes with it.

use std::sync::Arc;

use singapay_core::{
    CallError, CallErrorKind, CallOptions, Operation,
    operation::{Authentication, Host},
};

use crate::{
    credential::Credential,
    token::{TokenManager, TokenScheme},
};

/// A credential with its token.
#[derive(Debug)]
pub(super) struct Sender {
    /// Payment and biller; the identity host knows no partner id.
    pub(super) credential: Option<Arc<Credential>>,
    /// Scheme by which the pipeline itself asks for tokens.
    pub(super) scheme: TokenScheme,
    pub(super) token: TokenManager,
}

#[derive(Debug)]
pub(super) struct Senders {
    /// In the order of [`Credentials::payment`](crate::Credentials::payment).
    pub(super) payment: Vec<Sender>,
    pub(super) credentials: crate::Credentials,
    pub(super) biller: Option<Sender>,
    pub(super) identity: Option<Sender>,
}

impl Senders {
    pub(super) fn choose(
        &self,
        operation: &Operation,
        options: &CallOptions,
    ) -> Result<&Sender, CallError> {
        let missing = |what: String| CallError::not_sent(CallErrorKind::Config, what, None);
        let named = options.credential.as_deref();
        let host = match operation.host {
            Host::Payment => return self.payment(options).map_err(missing),
            Host::Biller => (&self.biller, "biller"),
            Host::Identity => (&self.identity, "identity"),
        };
        let (sender, name) = host;
        if let Some(other) = named.filter(|named| *named != name) {
            return Err(missing(format!(
                "credential `{other}` is not one of the {name} host"
            )));
        }
        sender
            .as_ref()
            .ok_or_else(|| missing(format!("no {name} credential is configured")))
    }

    fn payment(&self, options: &CallOptions) -> Result<&Sender, String> {
        let credential = match (&options.credential, &options.account) {
            (Some(name), _) => self
                .credentials
                .by_name(name)
                .ok_or_else(|| format!("no credential is called `{name}`"))?,
            (None, Some(account)) => self.credentials.for_account(account).ok_or_else(|| {
                "the account is assigned to no credential and there is no default".to_owned()
            })?,
            (None, None) => self
                .credentials
                .default_credential()
                .ok_or_else(|| "no default credential is configured".to_owned())?,
        };
        self.payment
            .iter()
            .find(|sender| {
                sender
                    .credential
                    .as_ref()
                    .is_some_and(|own| Arc::ptr_eq(own, credential))
            })
            .ok_or_else(|| "no credential is configured".to_owned())
    }
}

impl Sender {
    /// The scheme of an explicit token call; `None` for calls with a bearer token.
    pub(super) fn scheme_of(
        &self,
        operation: &Operation,
    ) -> Result<Option<TokenScheme>, CallError> {
        let scheme = match (operation.authentication, &self.credential, &self.scheme) {
            (Authentication::Bearer, _, _) => return Ok(None),
            (Authentication::SchemeA, Some(credential), _) => {
                TokenScheme::Signed(Arc::clone(credential))
            }
            (Authentication::SchemeB, Some(credential), _) => {
                TokenScheme::Basic(Arc::clone(credential))
            }
            (Authentication::SchemeD, _, scheme @ TokenScheme::Identity(_)) => scheme.clone(),
            _ => {
                let message = "the operation's scheme does not fit its host";
                return Err(CallError::not_sent(CallErrorKind::Config, message, None));
            }
        };
        Ok(Some(scheme))
    }
}
