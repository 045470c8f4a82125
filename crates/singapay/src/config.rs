//! Settings of a client: from a builder or from environment variables.

use std::{env, sync::Arc, time::Duration};

use http::HeaderValue;
use singapay_auth::{
    AuthPipeline, Credential, Credentials, CredentialsBuilder, CredentialsError, Endpoints,
    Environment,
};
use singapay_core::{Clock, Secret, SystemClock};

use crate::{
    client::Singapay,
    error::{Error, ErrorKind},
    timer::TokioTimer,
    transport::{HttpTransport, TransportSettings},
};

/// Time for DNS, TCP and TLS together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Time for a whole call, retries included.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);

const USER_AGENT: &str = concat!("singapay-rust/", env!("CARGO_PKG_VERSION"));

/// Collects the settings of a [`Singapay`] client.
///
/// The environment has no default: sandbox and production are never a guess. Everything that is
/// wrong is reported by [`SingapayBuilder::build`], at once.
#[derive(Debug, Clone)]
#[must_use]
pub struct SingapayBuilder {
    environment: Option<Environment>,
    credentials: CredentialsSource,
    timeout: Duration,
    connect_timeout: Duration,
    user_agent: String,
    clock: Arc<dyn Clock>,
    problems: Vec<String>,
}

#[derive(Debug, Clone)]
enum CredentialsSource {
    Collected(Box<CredentialsBuilder>),
    Environment(Result<Credentials, CredentialsError>),
}

impl Default for SingapayBuilder {
    fn default() -> Self {
        Self {
            environment: None,
            credentials: CredentialsSource::Collected(Box::new(Credentials::builder())),
            timeout: CALL_TIMEOUT,
            connect_timeout: CONNECT_TIMEOUT,
            user_agent: USER_AGENT.to_owned(),
            clock: Arc::new(SystemClock),
            problems: Vec::new(),
        }
    }
}

impl SingapayBuilder {
    /// Reads `SINGAPAY_ENVIRONMENT` (`sandbox` or `production`), or `SINGAPAY_BASE_URL` for a
    /// gateway elsewhere, and the credentials (see [`Credentials::from_lookup`] for their names).
    pub fn from_env() -> Self {
        Self::from_lookup(|name| env::var(name).ok())
    }

    /// The same from any source of variables.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let mut builder = Self::default();
        match (lookup("SINGAPAY_ENVIRONMENT"), lookup("SINGAPAY_BASE_URL")) {
            (Some(_), Some(_)) => builder
                .problems
                .push("SINGAPAY_ENVIRONMENT and SINGAPAY_BASE_URL exclude each other".to_owned()),
            (Some(name), None) => match name.parse() {
                Ok(environment) => builder.environment = Some(environment),
                Err(error) => builder
                    .problems
                    .push(format!("SINGAPAY_ENVIRONMENT: {error}")),
            },
            (None, Some(url)) => builder = builder.base_url(&url),
            (None, None) => {}
        }
        builder.credentials = CredentialsSource::Environment(Credentials::from_lookup(lookup));
        builder
    }

    /// Which gateway is talked to.
    pub fn environment(mut self, environment: Environment) -> Self {
        if self.environment.is_some() {
            self.problems
                .push("the environment was given twice".to_owned());
        }
        self.environment = Some(environment);
        self
    }

    /// A gateway at one address, such as a sandbox on this machine: `https://host`, or `http` on a
    /// loopback address.
    pub fn base_url(mut self, base_url: &str) -> Self {
        match Endpoints::single(base_url) {
            Ok(endpoints) => self.environment(Environment::Custom(endpoints)),
            Err(error) => {
                self.problems.push(format!("base URL: {error}"));
                self
            }
        }
    }

    /// The merchant's Default credential: the dashboard's "API Key", "Client ID" and "Client
    /// Secret".
    pub fn credential(
        self,
        partner_id: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Self {
        self.with_credentials(|credentials| {
            credentials.default_credential(partner_id, client_id, client_secret)
        })
    }

    /// A Specific credential; calls for its accounts use it.
    pub fn specific_credential(self, credential: Credential) -> Self {
        self.with_credentials(|credentials| credentials.specific(credential))
    }

    /// The credential of the biller host.
    pub fn biller_credential(
        self,
        partner_id: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Self {
        self.with_credentials(|credentials| {
            credentials.biller(partner_id, client_id, client_secret)
        })
    }

    /// The credential of the identity host.
    pub fn identity_credential(
        self,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Self {
        self.with_credentials(|credentials| credentials.identity(client_id, client_secret))
    }

    fn with_credentials(
        mut self,
        change: impl FnOnce(CredentialsBuilder) -> CredentialsBuilder,
    ) -> Self {
        self.credentials = match self.credentials {
            CredentialsSource::Collected(builder) => {
                CredentialsSource::Collected(Box::new(change(*builder)))
            }
            environment @ CredentialsSource::Environment(_) => {
                self.problems
                    .push("credentials come from environment variables and from code".to_owned());
                environment
            }
        };
        self
    }

    /// Bound for a whole call, retries included; 60 seconds unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Bound for connecting; 10 seconds unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Value of the `User-Agent` header.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// The clock that signatures, token lifetimes and deadlines go by. For tests.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Checks the settings and makes the client. Sends nothing and needs no runtime.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming everything that is missing, empty or contradictory.
    pub fn build(self) -> Result<Singapay, Error> {
        let mut problems = self.problems;
        let credentials = match self.credentials {
            CredentialsSource::Collected(builder) => builder.build(),
            CredentialsSource::Environment(result) => result,
        };
        if self.environment.is_none() && problems.is_empty() {
            problems.push("no environment: choose sandbox, production or a base URL".to_owned());
        }
        for (name, timeout) in [
            ("timeout", self.timeout),
            ("connect timeout", self.connect_timeout),
        ] {
            if timeout.is_zero() {
                problems.push(format!("the {name} is zero"));
            }
        }
        if HeaderValue::from_str(&self.user_agent).is_err() {
            problems.push("the user agent cannot be a header".to_owned());
        }
        if let Err(error) = &credentials {
            problems.push(error.to_string());
        }
        let (Some(environment), Ok(credentials), true) =
            (self.environment, credentials, problems.is_empty())
        else {
            return Err(Error::local(ErrorKind::Config, problems.join("; ")));
        };

        let endpoints = environment.endpoints();
        let transport = HttpTransport::new(&TransportSettings {
            connect_timeout: self.connect_timeout,
            user_agent: self.user_agent,
            loopback_only: endpoints.is_loopback(),
        })?;
        // Only builds requests for the generated client; nothing is ever sent through it.
        let http = reqwest::Client::builder()
            .no_proxy()
            .build()
            .map_err(|error| {
                Error::local(ErrorKind::Config, "requests cannot be built").with_source(error)
            })?;
        let pipeline = AuthPipeline::builder(
            credentials,
            endpoints.clone(),
            Arc::new(transport),
            self.clock,
            Arc::new(TokioTimer),
        )
        .timeout(self.timeout)
        .build()
        .map_err(|error| Error::local(ErrorKind::Config, error.to_string()).with_source(error))?;
        Ok(Singapay::new(
            environment,
            endpoints,
            Arc::new(pipeline),
            http,
        ))
    }
}
