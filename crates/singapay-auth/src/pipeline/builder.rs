use std::{sync::Arc, time::Duration};

use singapay_core::{Clock, Timer, Transport, operation::Host};

use super::{
    AuthPipeline, RetryPolicy,
    budget::Budgets,
    senders::{Sender, Senders},
};
use crate::{
    credential::{Credential, Credentials},
    endpoint::Endpoints,
    scheme::TimestampFormat,
    token::{HttpTokenSource, TokenKey, TokenManager, TokenScheme, TokenSettings, TokenStore},
};

/// Builds an [`AuthPipeline`].
#[derive(Debug)]
pub struct AuthPipelineBuilder {
    credentials: Credentials,
    endpoints: Endpoints,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
    retry: RetryPolicy,
    timeout: Duration,
    timestamp_format: TimestampFormat,
    token_settings: TokenSettings,
    token_store: Option<Arc<dyn TokenStore>>,
}

/// Settings of a pipeline that make no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A call without time can never be sent.
    #[error("the timeout of calls must not be zero")]
    ZeroTimeout,
    /// A call without attempts can never be sent.
    #[error("the number of attempts must not be zero")]
    ZeroAttempts,
    /// A token fetch without time can never succeed.
    #[error("the timeout of token fetches must not be zero")]
    ZeroTokenTimeout,
}

impl AuthPipelineBuilder {
    pub(super) fn new(
        credentials: Credentials,
        endpoints: Endpoints,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        timer: Arc<dyn Timer>,
    ) -> Self {
        Self {
            credentials,
            endpoints,
            transport,
            clock,
            timer,
            retry: RetryPolicy::default(),
            timeout: Duration::from_secs(30),
            timestamp_format: TimestampFormat::default(),
            token_settings: TokenSettings::default(),
            token_store: None,
        }
    }

    /// Number of times that calls may be sent, and the pauses between.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Bound for a whole call, retries and token included. Default 30 seconds.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Format of `X-Timestamp`. Default Unix seconds.
    #[must_use]
    pub fn timestamp_format(mut self, format: TimestampFormat) -> Self {
        self.timestamp_format = format;
        self
    }

    /// Time bounds of token fetches.
    #[must_use]
    pub fn token_settings(mut self, settings: TokenSettings) -> Self {
        self.token_settings = settings;
        self
    }

    /// Shares tokens with other processes. Default: they stay in this one.
    #[must_use]
    pub fn token_store(mut self, store: Arc<dyn TokenStore>) -> Self {
        self.token_store = Some(store);
        self
    }

    /// The pipeline. Sends nothing and needs no runtime.
    ///
    /// # Errors
    ///
    /// Settings that make no sense.
    pub fn build(self) -> Result<AuthPipeline, ConfigError> {
        if self.timeout.is_zero() {
            return Err(ConfigError::ZeroTimeout);
        }
        if self.retry.max_attempts == 0 {
            return Err(ConfigError::ZeroAttempts);
        }
        if self.token_settings.fetch_timeout.is_zero() {
            return Err(ConfigError::ZeroTokenTimeout);
        }
        let payment = self.credentials.payment().iter();
        let senders = Senders {
            payment: payment
                .map(|own| self.sender(Host::Payment, TokenScheme::Signed(own.clone()), Some(own)))
                .collect(),
            biller: self
                .credentials
                .biller()
                .map(|own| self.sender(Host::Biller, TokenScheme::Basic(own.clone()), Some(own))),
            identity: self
                .credentials
                .identity()
                .map(|own| self.sender(Host::Identity, TokenScheme::Identity(own.clone()), None)),
            credentials: self.credentials,
        };
        Ok(AuthPipeline {
            endpoints: self.endpoints,
            senders,
            transport: self.transport,
            clock: self.clock,
            timer: self.timer,
            retry: self.retry,
            budgets: Budgets::new(self.retry.budget),
            timeout: self.timeout,
            timestamp_format: self.timestamp_format,
        })
    }

    fn sender(
        &self,
        host: Host,
        scheme: TokenScheme,
        credential: Option<&Arc<Credential>>,
    ) -> Sender {
        let endpoint = self.endpoints.get(host).clone();
        let key = TokenKey::new(endpoint.clone(), scheme.client_id());
        let (clock, timer) = (Arc::clone(&self.clock), Arc::clone(&self.timer));
        let source = HttpTokenSource::new(
            scheme.clone(),
            endpoint,
            Arc::clone(&self.transport),
            Arc::clone(&clock),
            Arc::clone(&timer),
            self.token_settings.fetch_timeout,
        );
        let mut token = TokenManager::builder(Arc::new(source), clock, timer);
        token = token.settings(self.token_settings);
        if let Some(store) = &self.token_store {
            token = token.store(key, Arc::clone(store));
        }
        Sender {
            credential: credential.cloned(),
            scheme,
            token: token.build(),
        }
    }
}
