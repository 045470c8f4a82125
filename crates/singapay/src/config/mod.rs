//! Settings of a client: from a builder or from environment variables.

mod build;
#[cfg(test)]
mod tests;
mod variables;

use std::{env, fmt, net::IpAddr, sync::Arc, time::Duration};

use singapay_auth::{
    Credential, Credentials, CredentialsBuilder, CredentialsError, Endpoints, Environment,
    RetryPolicy,
    scheme::TimestampFormat,
    token::{TokenSettings, TokenStore},
};
use singapay_core::{Clock, Secret, SystemClock, Timer, Transport, operation::Host};

#[cfg(feature = "http-client-hook")]
use crate::transport::Hook;
use crate::{
    observe::Observer,
    timer::TokioTimer,
    transport::{Proxy, ProxyError, Tls},
};

/// Time for name lookup, proxy, TCP and TLS together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Time for a whole call, repetitions and token included.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);

const USER_AGENT: &str = concat!("singapay-rust/", env!("CARGO_PKG_VERSION"));

/// Collects the settings of a [`Singapay`](crate::Singapay) client.
///
/// The environment has no default: sandbox and production are never a guess. Everything that is
/// wrong, empty or contradictory is reported by [`SingapayBuilder::build`], at once.
///
/// ```
/// use singapay::{Credential, Environment, Singapay};
///
/// # fn main() -> Result<(), singapay::Error> {
/// let singapay = Singapay::builder()
///     .environment(Environment::Sandbox)
///     .credential("partner-id", "client-id", "client-secret")
///     .specific_credential(
///         Credential::new("outlet-1", "partner-id-1", "client-id-1", "client-secret-1")
///             .accounts(["01K946KF851RK7FX075GJHBVKF"]),
///     )
///     .account("01K946KF851RK7FX075GJHBVKG")
///     .build()?;
/// # let _ = singapay;
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use]
pub struct SingapayBuilder {
    environment: Option<Environment>,
    /// True if a problem is known that left it without an environment.
    environment_refused: bool,
    credentials: CredentialsSource,
    account: Option<String>,
    timeout: Duration,
    connect_timeout: Duration,
    retry: RetryPolicy,
    user_agent: String,
    tls: Option<Tls>,
    roots: Vec<Vec<u8>>,
    proxy: Option<Proxy>,
    local_address: Option<IpAddr>,
    #[cfg(feature = "http-client-hook")]
    hook: Option<Hook>,
    tokens: TokenSettings,
    token_store: Option<Arc<dyn TokenStore>>,
    timestamp_format: TimestampFormat,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
    transport: Option<Arc<dyn Transport>>,
    observer: Option<Arc<dyn Observer>>,
    problems: Vec<String>,
}

#[derive(Clone)]
enum CredentialsSource {
    Collected(Box<CredentialsBuilder>),
    Environment(Result<Credentials, CredentialsError>),
}

impl Default for SingapayBuilder {
    fn default() -> Self {
        Self {
            environment: None,
            environment_refused: false,
            credentials: CredentialsSource::Collected(Box::new(Credentials::builder())),
            account: None,
            timeout: CALL_TIMEOUT,
            connect_timeout: CONNECT_TIMEOUT,
            retry: RetryPolicy::default(),
            user_agent: USER_AGENT.to_owned(),
            tls: None,
            roots: Vec::new(),
            proxy: None,
            local_address: None,
            #[cfg(feature = "http-client-hook")]
            hook: None,
            tokens: TokenSettings::default(),
            token_store: None,
            timestamp_format: TimestampFormat::default(),
            clock: Arc::new(SystemClock),
            timer: Arc::new(TokioTimer),
            transport: None,
            observer: None,
            problems: Vec::new(),
        }
    }
}

impl SingapayBuilder {
    /// Sets the gateway to talk to.
    pub fn environment(mut self, environment: Environment) -> Self {
        if self.environment.is_some() {
            self.problems
                .push("the environment was given twice".to_owned());
        }
        self.environment = Some(environment);
        self
    }

    /// A gateway at one address, such as a sandbox on this machine: `https://host`, or `http` on a
    /// loopback address. For hosts at different addresses use
    /// [`Environment::Custom`] with [`Endpoints::with`].
    pub fn base_url(mut self, base_url: &str) -> Self {
        match Endpoints::single(base_url) {
            Ok(endpoints) => self.environment(Environment::Custom(endpoints)),
            Err(error) => {
                self.refuse_environment(format!("base URL: {error}"));
                self
            }
        }
    }

    fn refuse_environment(&mut self, problem: String) {
        self.environment_refused = true;
        self.problems.push(problem);
    }

    /// Another address for one host of a gateway that [`base_url`](Self::base_url) named.
    fn host_url(mut self, host: Host, variable: &str, base_url: &str) -> Self {
        let Some(Environment::Custom(endpoints)) = self.environment.take() else {
            self.refuse_environment(format!("{variable} is set without SINGAPAY_BASE_URL"));
            return self;
        };
        match endpoints.clone().with(host, base_url) {
            Ok(endpoints) => self.environment = Some(Environment::Custom(endpoints)),
            Err(error) => {
                self.problems.push(format!("{variable}: {error}"));
                self.environment = Some(Environment::Custom(endpoints));
            }
        }
        self
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

    /// The account (ULID) that [`Singapay::account`](crate::Singapay::account) gives, and that
    /// charges are made for unless they name another.
    pub fn account(mut self, account_id: impl Into<String>) -> Self {
        if self.account.is_some() {
            self.problems
                .push("the default account was given twice".to_owned());
        }
        self.account = Some(account_id.into());
        self
    }

    /// Bound for a whole call, repetitions and token included; 60 seconds unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Bound for connecting: name lookup, proxy, TCP and TLS; 10 seconds unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Bound for getting an access token, repetitions included; 10 seconds unless set.
    pub fn token_timeout(mut self, timeout: Duration) -> Self {
        self.tokens.fetch_timeout = timeout;
        self
    }

    /// Number of times that a repeatable call is sent, and the pauses in between; three times
    /// within a few seconds unless set, and over all calls as [`RetryBudget`](crate::RetryBudget)
    /// bounds it. What must not be repeated is sent once whatever this says. A request for a token,
    /// which only reads, is sent up to three times within
    /// [`token_timeout`](Self::token_timeout), also whatever this says.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Value of the `User-Agent` header.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Library that speaks TLS, where the build has more than one.
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Also trusts certificates under this root, one certificate in PEM, beside those of the platform:
    /// for a gateway or a proxy of one's own. Certificates and host names are verified all the same.
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots.push(pem.into());
        self
    }

    /// Sends everything through a proxy, `scheme://[user:password@]host:port`: `http`, `socks5`, or
    /// `socks5h`, which looks names up at the proxy. TLS runs inside the tunnel, so the proxy sees the
    /// gateway's host name and nothing else. A gateway on this machine, which may speak plain text,
    /// is reached without it.
    ///
    /// There is no proxy unless it is set here, by `SINGAPAY_PROXY` or by
    /// [`proxy_from_environment`](Self::proxy_from_environment), because the gateway admits registered
    /// addresses only.
    pub fn proxy(self, address: impl AsRef<str>) -> Self {
        self.with_proxy(Proxy::parse(address.as_ref()).map(Some))
    }

    /// Sends everything through the proxy that `HTTPS_PROXY` or `ALL_PROXY` names, if one does and
    /// `NO_PROXY` does not list the gateway. As [`proxy`](Self::proxy) in everything else.
    pub fn proxy_from_environment(self) -> Self {
        self.proxy_from_lookup(|name| env::var(name).ok())
    }

    fn proxy_from_lookup(self, lookup: impl Fn(&str) -> Option<String>) -> Self {
        self.with_proxy(Proxy::from_environment(lookup))
    }

    fn with_proxy(mut self, proxy: Result<Option<Proxy>, ProxyError>) -> Self {
        if self.proxy.is_some() {
            self.problems.push("the proxy was given twice".to_owned());
        }
        match proxy {
            Ok(proxy) => self.proxy = proxy.or(self.proxy),
            Err(error) => self.problems.push(format!("proxy: {error}")),
        }
        self
    }

    /// The address of this machine that calls come from; the system chooses unless it is set. The
    /// gateway knows merchants by their IP addresses.
    pub fn local_address(mut self, address: IpAddr) -> Self {
        self.local_address = Some(address);
        self
    }

    /// Changes the HTTP client beyond the settings here. Called once for each client that is made: one
    /// for each runtime that calls.
    ///
    /// Settings of this builder win over the hook's. What it cannot change: redirects and repetitions
    /// stay off, the version HTTP/1.1; cookies, decompression, logs of whole requests and proxies of the
    /// environment stay off; certificates and host names are verified, by the library of
    /// [`tls`](Self::tls); a gateway on this machine is reached without a proxy, and any other with TLS.
    #[cfg(feature = "http-client-hook")]
    pub fn http_client(
        mut self,
        hook: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.hook = Some(Arc::new(hook));
        self
    }

    /// Shares access tokens with other processes. They stay in this one unless set.
    pub fn token_store(mut self, store: impl TokenStore + 'static) -> Self {
        self.token_store = Some(Arc::new(store));
        self
    }

    /// Format of `X-Timestamp`; Unix seconds unless set, which is what was seen to work.
    pub fn timestamp_format(mut self, format: TimestampFormat) -> Self {
        self.timestamp_format = format;
        self
    }

    /// Is told how every call ended. See [`Observer`].
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// The clock that signatures, token lifetimes and expiries go by. For tests.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Timer that waits: between repetitions, and at the end of a call's time. For tests.
    pub fn timer(mut self, timer: impl Timer + 'static) -> Self {
        self.timer = Arc::new(timer);
        self
    }

    /// Sender of the finished, signed requests, instead of the HTTP client in here. Connect timeout,
    /// proxy, TLS, local address and user agent are then its own matter. For tests.
    ///
    /// It must not follow redirects and must not send anything twice.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }
}

impl fmt::Debug for SingapayBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SingapayBuilder")
            .field("environment", &self.environment)
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("retry", &self.retry)
            .field("proxy", &self.proxy)
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}
