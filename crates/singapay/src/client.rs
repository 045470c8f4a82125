//! The client.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::Url;
use singapay_auth::{Credentials, Environment, webhook::VerifierBuilder};
use singapay_core::{Clock, Pipeline, Timer, operation::Host};

use crate::{
    config::SingapayBuilder,
    error::{Error, ErrorKind},
    money_out::{MoneyOut, MoneyOutPolicy},
};

/// A client of the gateway. Cheap to clone; clones share tokens and connections.
#[derive(Clone)]
pub struct Singapay {
    parts: Arc<Parts>,
}

/// Parts of a client.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) environment: Environment,
    /// True if paying out costs real money.
    pub(crate) real_money: bool,
    /// Of the payment, biller and identity host.
    pub(crate) base_urls: [String; 3],
    /// The same, parsed.
    pub(crate) urls: [Url; 3],
    pub(crate) account: Option<String>,
    /// Bound of a call that has none of its own.
    pub(crate) timeout: Duration,
    pub(crate) credentials: Credentials,
    pub(crate) pipeline: Arc<dyn Pipeline>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) timer: Arc<dyn Timer>,
    /// With the keys of the credentials, which the pipeline keeps to itself.
    pub(crate) verifier: VerifierBuilder,
    /// Only builds requests for the generated client; the pipeline's transport sends them.
    pub(crate) http: reqwest::Client,
}

impl Singapay {
    /// Starts the settings of a client.
    pub fn builder() -> SingapayBuilder {
        SingapayBuilder::default()
    }

    /// A client from environment variables; [`SingapayBuilder::from_env`] lists them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming everything that is missing, empty or contradictory.
    ///
    /// # Panics
    ///
    /// As [`SingapayBuilder::build`].
    pub fn from_env() -> Result<Self, Error> {
        SingapayBuilder::from_env().build()
    }

    pub(crate) fn new(parts: Parts) -> Self {
        Self {
            parts: Arc::new(parts),
        }
    }

    /// The gateway that this client talks to.
    pub fn environment(&self) -> &Environment {
        &self.parts.environment
    }

    /// The default account (ULID).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if none was configured with [`SingapayBuilder::account`] or
    /// `SINGAPAY_ACCOUNT_ID`.
    pub fn account(&self) -> Result<&str, Error> {
        self.parts.account.as_deref().ok_or_else(|| {
            let summary = "no default account: set SINGAPAY_ACCOUNT_ID or SingapayBuilder::account";
            Error::local(ErrorKind::Config, summary)
        })
    }

    /// The account of calls that name none.
    pub(crate) fn own_account(&self) -> Option<String> {
        self.parts.account.clone()
    }

    /// The capability to pay out. Nothing else in this crate moves money out of an account.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when the environment moves real money and the policy does not allow
    /// production.
    pub fn money_out(&self, policy: MoneyOutPolicy) -> Result<MoneyOut, Error> {
        MoneyOut::new(self, policy)
    }

    /// The receiver of webhooks: raw headers and body in, a verified event with its deduplication key out.
    /// It has the keys of all payment and biller credentials of this client, and its clock.
    ///
    /// `path` is path and query exactly as registered in the dashboard, such as `/hooks/singapay`.
    ///
    /// # Errors
    ///
    /// No key, a key with a blank secret, or a path that does not start with `/`.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let singapay = singapay::Singapay::builder()
    /// #     .environment(singapay::Environment::Sandbox)
    /// #     .credential("partner-id", "client-id", "client-secret")
    /// #     .build()?;
    /// let receiver = singapay.webhook_receiver("/hooks/singapay")?;
    /// # let _ = receiver;
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "webhooks")]
    pub fn webhook_receiver(
        &self,
        path: impl Into<String>,
    ) -> Result<crate::webhook::Receiver, crate::webhook::VerifierError> {
        Ok(self.webhook_verifier(path).build()?.into())
    }

    /// Starts the [`Verifier`](crate::webhook::Verifier) of a
    /// [`Receiver`](crate::webhook::Receiver) that needs settings of its own.
    #[cfg(feature = "webhooks")]
    pub fn webhook_verifier(&self, path: impl Into<String>) -> VerifierBuilder {
        self.parts.verifier.clone().path(path)
    }

    pub(crate) fn moves_real_money(&self) -> bool {
        self.parts.real_money
    }

    /// The same client with another way to send.
    pub(crate) fn with_pipeline(&self, pipeline: impl Pipeline + 'static) -> Self {
        Self::new(Parts {
            pipeline: Arc::new(pipeline),
            ..(*self.parts).clone()
        })
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.parts.clock
    }

    /// Name and partner id of the credential that sends a call, as the pipeline chooses it; nothing if there is none.
    pub(crate) fn sender(
        &self,
        host: Host,
        account: Option<&str>,
        credential: Option<&str>,
    ) -> Option<String> {
        let credentials = &self.parts.credentials;
        let sender = match (host, credential, account) {
            (Host::Payment, Some(name), _) => credentials.by_name(name),
            (Host::Payment, None, Some(account)) => credentials.for_account(account),
            (Host::Payment, None, None) => credentials.default_credential(),
            (Host::Biller, ..) => credentials.biller(),
            (Host::Identity, ..) => None,
        }?;
        Some(format!("{} {}", sender.name(), sender.partner_id()))
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.parts.timeout
    }

    pub(crate) fn timer(&self) -> &dyn Timer {
        &*self.parts.timer
    }

    pub(crate) fn pipeline(&self) -> Arc<dyn Pipeline> {
        Arc::clone(&self.parts.pipeline)
    }

    pub(crate) fn base_url(&self, host: Host) -> &str {
        of_host::<String>(&self.parts.base_urls, host)
    }

    pub(crate) fn url(&self, host: Host) -> &Url {
        of_host(&self.parts.urls, host)
    }

    /// The client that builds the requests of generated code.
    pub(crate) fn http(&self) -> reqwest::Client {
        self.parts.http.clone()
    }
}

fn of_host<T>([payment, biller, identity]: &[T; 3], host: Host) -> &T {
    match host {
        Host::Payment => payment,
        Host::Biller => biller,
        Host::Identity => identity,
    }
}

impl fmt::Debug for Singapay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Singapay")
            .field("environment", &self.parts.environment)
            .finish_non_exhaustive()
    }
}
