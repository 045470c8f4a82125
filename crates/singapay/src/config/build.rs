//! From settings to a client.

use std::sync::Arc;

use http::HeaderValue;
use reqwest::Url;
use singapay_auth::{AuthPipeline, Endpoints, Environment, webhook::Verifier};
use singapay_core::{Transport, operation::Host};

use super::{CredentialsSource, SingapayBuilder};
use crate::{
    client::{Parts, Singapay},
    error::{Error, ErrorKind},
    observe::Observed,
    transport::{HttpTransport, Tls, TransportSettings, request_builder},
    validation::is_ulid,
};

impl SingapayBuilder {
    /// Checks the settings and makes the client. Sends nothing and needs no runtime.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming everything that is missing, empty or contradictory.
    ///
    /// # Panics
    ///
    /// In a build without TLS, where another crate of the program switches on reqwest's feature
    /// `rustls-no-provider` and no provider is installed yet: reqwest then makes no client at all.
    pub fn build(mut self) -> Result<Singapay, Error> {
        let mut problems = self.found_problems();
        let credentials = match self.credentials {
            CredentialsSource::Collected(builder) => builder.build(),
            CredentialsSource::Environment(result) => result,
        };
        if let Err(error) = &credentials {
            problems.push(error.to_string());
        }
        let (Some(environment), Ok(credentials), true) =
            (self.environment, credentials, problems.is_empty())
        else {
            return Err(Error::local(ErrorKind::Config, problems.join("; ")));
        };

        let verifier = Verifier::builder()
            .credentials(&credentials)
            .clock(Arc::clone(&self.clock));
        let endpoints = environment.endpoints();
        let urls = urls(&endpoints)?;
        let transport: Arc<dyn Transport> = match self.transport {
            Some(transport) => transport,
            None => Arc::new(HttpTransport::new(TransportSettings {
                origins: urls.to_vec(),
                connect_timeout: self.connect_timeout,
                user_agent: self.user_agent,
                tls: self.tls.or_else(Tls::preferred),
                https: speaks_https(&endpoints),
                roots: self.roots,
                proxy: self.proxy,
                local_address: self.local_address,
                #[cfg(feature = "http-client-hook")]
                hook: self.hook,
            })?),
        };
        let mut pipeline = AuthPipeline::builder(
            credentials.clone(),
            endpoints.clone(),
            transport,
            Arc::clone(&self.clock),
            Arc::clone(&self.timer),
        )
        .timeout(self.timeout)
        .retry(self.retry)
        .token_settings(self.tokens)
        .timestamp_format(self.timestamp_format);
        if let Some(store) = self.token_store {
            pipeline = pipeline.token_store(store);
        }
        let pipeline = pipeline
            .build()
            .map_err(|error| Error::local(ErrorKind::Config, error.to_string()))?;
        Ok(Singapay::new(Parts {
            real_money: moves_real_money(&environment),
            environment,
            base_urls: HOSTS.map(|host| endpoints.get(host).base_url()),
            urls,
            account: self.account,
            timeout: self.timeout,
            credentials,
            pipeline: Arc::new(Observed::new(pipeline, self.observer)),
            clock: self.clock,
            timer: self.timer,
            verifier,
            http: request_builder()?,
        }))
    }

    /// Problems of the settings, the credentials aside.
    fn found_problems(&mut self) -> Vec<String> {
        let mut problems = std::mem::take(&mut self.problems);
        if self.environment.is_none() && !self.environment_refused {
            let problem = "no environment: set SINGAPAY_ENVIRONMENT or SINGAPAY_BASE_URL, or call \
                           SingapayBuilder::environment or base_url";
            problems.push(problem.to_owned());
        }
        for (name, timeout) in [
            ("timeout", self.timeout),
            ("connect timeout", self.connect_timeout),
            ("token timeout", self.tokens.fetch_timeout),
        ] {
            if timeout.is_zero() {
                problems.push(format!("the {name} is zero"));
            }
        }
        if HeaderValue::from_str(&self.user_agent).is_err() {
            problems.push("the user agent cannot be a header".to_owned());
        }
        if self.account.as_deref().is_some_and(|id| !is_ulid(id)) {
            problems.push("the default account is no ULID of 26 characters".to_owned());
        }
        if let Some(environment) = &self.environment
            && self.transport.is_none()
            && self.tls.or_else(Tls::preferred).is_none()
            && speaks_https(&environment.endpoints())
        {
            let problem =
                "no TLS: switch on the feature `rustls`, `native-tls` or `rustls-no-provider`";
            problems.push(problem.to_owned());
        }
        problems
    }
}

/// In the order of [`Parts::base_urls`].
const HOSTS: [Host; 3] = [Host::Payment, Host::Biller, Host::Identity];

fn speaks_https(endpoints: &Endpoints) -> bool {
    HOSTS
        .iter()
        .any(|host| endpoints.get(*host).base_url().starts_with("https://"))
}

fn urls(endpoints: &Endpoints) -> Result<[Url; 3], Error> {
    let [payment, biller, identity] = HOSTS.map(|host| {
        Url::parse(&endpoints.get(host).base_url()).map_err(|error| {
            let message = format!("the address of the {host:?} host cannot be a URL");
            Error::local(ErrorKind::Config, message).with_source(error)
        })
    });
    Ok([payment?, biller?, identity?])
}

/// A gateway that is neither the known sandbox nor on this machine is taken for a real one.
fn moves_real_money(environment: &Environment) -> bool {
    match environment {
        Environment::Sandbox => false,
        Environment::Custom(endpoints) => !endpoints.is_loopback(),
        _ => true,
    }
}
