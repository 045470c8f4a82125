use std::{collections::HashMap, fmt, sync::Arc};

use super::{Credential, CredentialProblem, CredentialsError, DEFAULT, IdentityCredential};

/// All credentials of a merchant, checked.
#[derive(Clone)]
pub struct Credentials {
    payment: Vec<Arc<Credential>>,
    default: Option<usize>,
    by_account: HashMap<String, usize>,
    biller: Option<Arc<Credential>>,
    identity: Option<Arc<IdentityCredential>>,
}

impl Credentials {
    /// Starts a set of credentials.
    pub fn builder() -> CredentialsBuilder {
        CredentialsBuilder::default()
    }

    /// The Default credential of the payment host.
    pub fn default_credential(&self) -> Option<&Arc<Credential>> {
        self.default.map(|at| &self.payment[at])
    }

    /// All credentials of the payment host, the Default one first.
    pub fn payment(&self) -> &[Arc<Credential>] {
        &self.payment
    }

    /// The credential of this name, on the payment host.
    pub fn by_name(&self, name: &str) -> Option<&Arc<Credential>> {
        self.payment
            .iter()
            .find(|credential| credential.name() == name)
    }

    /// The credential that serves an account: the one it is assigned to, else the Default one.
    pub fn for_account(&self, account: &str) -> Option<&Arc<Credential>> {
        match self.by_account.get(account) {
            Some(&at) => Some(&self.payment[at]),
            None => self.default_credential(),
        }
    }

    /// The credential of the biller host.
    pub fn biller(&self) -> Option<&Arc<Credential>> {
        self.biller.as_ref()
    }

    /// The credential of the identity host.
    pub fn identity(&self) -> Option<&Arc<IdentityCredential>> {
        self.identity.as_ref()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("payment", &self.payment)
            .field("biller", &self.biller.is_some())
            .field("identity", &self.identity.is_some())
            .finish_non_exhaustive()
    }
}

/// Collects credentials; [`build`](Self::build) reports everything that is wrong at once.
#[derive(Debug, Clone, Default)]
pub struct CredentialsBuilder {
    default: Option<Credential>,
    specific: Vec<Credential>,
    biller: Option<Credential>,
    identity: Option<IdentityCredential>,
    pub(super) problems: Vec<CredentialProblem>,
}

impl CredentialsBuilder {
    /// The Default credential, under the name [`DEFAULT`].
    #[must_use]
    pub fn default_credential(
        self,
        partner_id: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<singapay_core::Secret>,
    ) -> Self {
        let credential = Credential::new(DEFAULT, partner_id, client_id, client_secret);
        self.set_default(credential)
    }

    /// A Specific credential. Its [accounts](Credential::accounts) are routed to it; it can also be
    /// chosen by name.
    #[must_use]
    pub fn specific(mut self, credential: Credential) -> Self {
        self.specific.push(credential);
        self
    }

    /// The credential of the biller host.
    #[must_use]
    pub fn biller(
        mut self,
        partner_id: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<singapay_core::Secret>,
    ) -> Self {
        if self.biller.is_some() {
            self.problems.push(CredentialProblem::GivenTwice {
                setting: "the biller credential",
            });
        }
        self.biller = Some(Credential::new(
            "biller",
            partner_id,
            client_id,
            client_secret,
        ));
        self
    }

    /// The credential of the identity host.
    #[must_use]
    pub fn identity(
        mut self,
        client_id: impl Into<String>,
        client_secret: impl Into<singapay_core::Secret>,
    ) -> Self {
        if self.identity.is_some() {
            self.problems.push(CredentialProblem::GivenTwice {
                setting: "the identity credential",
            });
        }
        self.identity = Some(IdentityCredential::new(client_id, client_secret));
        self
    }

    pub(super) fn set_default(mut self, credential: Credential) -> Self {
        if self.default.is_some() {
            self.problems.push(CredentialProblem::GivenTwice {
                setting: "the default credential",
            });
        }
        self.default = Some(credential);
        self
    }

    /// Checks everything.
    ///
    /// # Errors
    ///
    /// All problems at once: empty settings, names, client ids or accounts that occur twice.
    pub fn build(self) -> Result<Credentials, CredentialsError> {
        let Self {
            default,
            specific,
            biller,
            identity,
            mut problems,
        } = self;
        if default.is_none() && specific.is_empty() && biller.is_none() && identity.is_none() {
            // Half-set variables have been reported already.
            if problems.is_empty() {
                problems.push(CredentialProblem::None);
            }
        }
        if default
            .as_ref()
            .is_some_and(|default| !default.assigned_accounts().is_empty())
        {
            problems.push(CredentialProblem::AccountsOfDefault);
        }
        let has_default = default.is_some();
        let payment: Vec<Arc<Credential>> =
            default.into_iter().chain(specific).map(Arc::new).collect();
        for credential in payment.iter().map(Arc::as_ref).chain(&biller) {
            check(credential, &mut problems);
        }
        if let Some(identity) = &identity {
            check_setting(
                "identity",
                "the client id",
                identity.client_id(),
                &mut problems,
            );
            let secret = identity.client_secret().expose();
            check_setting("identity", "the client secret", secret, &mut problems);
        }
        for (at, second) in payment.iter().enumerate() {
            for first in &payment[..at] {
                if first.name() == second.name() {
                    let credential = first.name().to_owned();
                    problems.push(CredentialProblem::DuplicateName { credential });
                } else if first.client_id() == second.client_id() && !first.client_id().is_empty() {
                    problems.push(CredentialProblem::DuplicateClientId {
                        first: first.name().to_owned(),
                        second: second.name().to_owned(),
                    });
                }
            }
        }
        let by_account = route(&payment, &mut problems);
        if !problems.is_empty() {
            return Err(CredentialsError { problems });
        }
        Ok(Credentials {
            payment,
            default: has_default.then_some(0),
            by_account,
            biller: biller.map(Arc::new),
            identity: identity.map(Arc::new),
        })
    }
}

fn route(
    payment: &[Arc<Credential>],
    problems: &mut Vec<CredentialProblem>,
) -> HashMap<String, usize> {
    let mut by_account = HashMap::new();
    for (at, credential) in payment.iter().enumerate() {
        for account in credential.assigned_accounts() {
            check_setting(credential.name(), "an assigned account", account, problems);
            if let Some(first) = by_account.insert(account.clone(), at) {
                problems.push(CredentialProblem::DuplicateAccount {
                    account: account.clone(),
                    first: payment[first].name().to_owned(),
                    second: credential.name().to_owned(),
                });
            }
        }
    }
    by_account
}

fn check(credential: &Credential, problems: &mut Vec<CredentialProblem>) {
    let name = credential.name();
    check_setting(name, "the name", name, problems);
    check_setting(name, "the partner id", credential.partner_id(), problems);
    check_setting(name, "the client id", credential.client_id(), problems);
    check_setting(
        name,
        "the client secret",
        credential.client_secret().expose(),
        problems,
    );
    if credential.client_id().contains(':') {
        problems.push(CredentialProblem::Colon {
            credential: name.to_owned(),
        });
    }
}

fn check_setting(
    credential: &str,
    setting: &'static str,
    value: &str,
    problems: &mut Vec<CredentialProblem>,
) {
    let credential = credential.to_owned();
    if value.trim().is_empty() {
        problems.push(CredentialProblem::Empty {
            credential,
            setting,
        });
    } else if value.trim() != value || value.chars().any(|c| !c.is_ascii() || c.is_ascii_control())
    {
        problems.push(CredentialProblem::Unprintable {
            credential,
            setting,
        });
    }
}
