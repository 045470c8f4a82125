//! The client.

use std::{fmt, sync::Arc};

use singapay_auth::{Endpoints, Environment};
use singapay_core::{Pipeline, operation::Host};

use crate::{
    config::SingapayBuilder,
    error::Error,
    money_out::{MoneyOut, MoneyOutPolicy},
};

/// A client of the gateway. Cheap to clone; clones share tokens and connections.
#[derive(Clone)]
pub struct Singapay {
    shared: Arc<Shared>,
}

struct Shared {
    environment: Environment,
    base_urls: [String; 3],
    pipeline: Arc<dyn Pipeline>,
    /// Only builds requests for the generated client; the pipeline's transport sends them.
    http: reqwest::Client,
}

impl Singapay {
    /// Starts the settings of a client.
    pub fn builder() -> SingapayBuilder {
        SingapayBuilder::default()
    }

    /// A client from environment variables; see [`SingapayBuilder::from_env`].
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config), naming everything that is missing, empty or
    /// contradictory.
    pub fn from_env() -> Result<Self, Error> {
        SingapayBuilder::from_env().build()
    }

    pub(crate) fn new(
        environment: Environment,
        endpoints: Endpoints,
        pipeline: Arc<dyn Pipeline>,
        http: reqwest::Client,
    ) -> Self {
        let base_urls = [Host::Payment, Host::Biller, Host::Identity]
            .map(|host| endpoints.get(host).base_url());
        Self {
            shared: Arc::new(Shared {
                environment,
                base_urls,
                pipeline,
                http,
            }),
        }
    }

    /// Which gateway this client talks to.
    pub fn environment(&self) -> &Environment {
        &self.shared.environment
    }

    /// The capability to pay out. Nothing else in this crate moves money out of an account.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) when the environment moves real money and
    /// the policy does not allow production.
    pub fn money_out(&self, policy: MoneyOutPolicy) -> Result<MoneyOut, Error> {
        MoneyOut::new(self, policy)
    }

    /// A gateway that is neither the known sandbox nor on this machine is taken for a real one.
    pub(crate) fn moves_real_money(&self) -> bool {
        match &self.shared.environment {
            Environment::Sandbox => false,
            Environment::Custom(endpoints) => !endpoints.is_loopback(),
            _ => true,
        }
    }

    pub(crate) fn pipeline(&self) -> Arc<dyn Pipeline> {
        Arc::clone(&self.shared.pipeline)
    }

    pub(crate) fn raw(&self, host: Host) -> (&str, reqwest::Client) {
        let [payment, biller, identity] = &self.shared.base_urls;
        let base_url = match host {
            Host::Payment => payment,
            Host::Biller => biller,
            Host::Identity => identity,
        };
        (base_url, self.shared.http.clone())
    }
}

impl fmt::Debug for Singapay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Singapay")
            .field("environment", &self.shared.environment)
            .finish_non_exhaustive()
    }
}
