//! Setting up a sandbox.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use singapay_core::{Clock, SystemClock};
use tokio::{net::TcpListener, sync::Semaphore};

use crate::{
    clock::VirtualClock,
    journal::Journal,
    products::{PARTS, identity, scenario::Scenario},
    request_log::{RequestLog, RequestRecord},
    sandbox::Sandbox,
    seed::{AccountSeed, CredentialSeed, Seed, furnish, furnish_biller},
    server::{self, Limits},
    settings::{Delays, Fees, Quirks, Settings},
    state::{Store, World},
    webhook::{Chaos, Reign, Sender, WebhookKind, check_url},
    wire_time::At,
};

/// Reasons for which a sandbox does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The port cannot be used.
    #[error("cannot listen on {address}")]
    Listen {
        /// Address that was tried.
        address: SocketAddr,
        /// Error of the system.
        source: std::io::Error,
    },
    /// A webhook address is not an http address (or https, with the feature `tls`).
    #[error("{kind:?} webhook address is not usable: {reason}")]
    WebhookUrl {
        /// The address field.
        kind: WebhookKind,
        /// Reason for the refusal.
        reason: String,
    },
    /// A credential is for an account that is not in the seed, or the seed has no account.
    #[error("the seed has no account named {0:?}")]
    UnknownAccount(String),
    /// The scenario has something that cannot be; its place comes first.
    #[error("the scenario cannot be played: {0}")]
    Scenario(String),
    /// The kept state cannot be read.
    #[error("cannot use the state in {path}: {reason}")]
    State {
        /// File that was given.
        path: PathBuf,
        /// Reason for the refusal.
        reason: String,
    },
    /// The client that delivers webhooks could not be made.
    #[error("cannot make the webhook client")]
    WebhookClient {
        /// Error of the HTTP library.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Settings of a sandbox to be started. Made by [`Sandbox::builder`].
pub struct Builder {
    seed: Seed,
    bind: IpAddr,
    port: u16,
    clock: Arc<dyn Clock>,
    state: Option<PathBuf>,
    chaos: Option<Chaos>,
    scenario: Scenario,
    log: RequestLog,
    limits: Limits,
}

impl Sandbox {
    /// Starts on a free port of the loopback address, with credentials and one funded account.
    ///
    /// # Errors
    ///
    /// [`StartError`], if no port can be had.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// For a sandbox with other settings.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            seed: Seed::default(),
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            clock: Arc::new(SystemClock),
            state: None,
            chaos: None,
            scenario: Scenario::default(),
            log: RequestLog::default(),
            limits: Limits::default(),
        }
    }
}

impl Builder {
    /// Takes over everything a seed says; what was set before is lost.
    #[must_use]
    pub fn with_seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Credentials and identifiers follow the seed; 1 unless set.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed.seed = seed;
        self
    }

    /// Port to listen on; a free one unless set.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Address to listen on; loopback unless set. With another one, anyone who reaches it can use
    /// the admin routes by its IP address.
    #[must_use]
    pub fn bind(mut self, address: IpAddr) -> Self {
        self.bind = address;
        self
    }

    /// Opening balance of the main account, in rupiah; 1,000,000,000 unless set.
    #[must_use]
    pub fn balance(mut self, rupiah: i64) -> Self {
        if let Some(main) = self.seed.accounts.first_mut() {
            main.balance = rupiah;
        }
        self
    }

    /// Deposit at the biller, in rupiah; 100,000,000 unless set.
    #[must_use]
    pub fn biller_deposit(mut self, rupiah: i64) -> Self {
        self.seed.biller_deposit = rupiah;
        self
    }

    /// Balance for identity checks, in rupiah; 10,000,000 unless set.
    #[must_use]
    pub fn identity_balance(mut self, rupiah: i64) -> Self {
        self.seed.identity_balance = rupiah;
        self
    }

    /// One more account, with its opening balance in rupiah.
    #[must_use]
    pub fn account(mut self, name: &str, balance: i64) -> Self {
        self.seed.accounts.push(AccountSeed {
            name: name.to_owned(),
            balance,
        });
        self
    }

    /// A Specific credential beside the Default one.
    #[must_use]
    pub fn credential(mut self, credential: CredentialSeed) -> Self {
        self.seed.credentials.push(credential);
        self
    }

    /// The clock to run with; the machine's unless set.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sets the address for webhooks of this kind. Kinds without an address are not sent.
    #[must_use]
    pub fn webhook_url(mut self, kind: WebhookKind, url: impl Into<String>) -> Self {
        self.seed.webhooks.insert(kind, url.into());
        self
    }

    /// One address for every kind of webhook.
    #[must_use]
    pub fn webhook_url_for_all(self, url: &str) -> Self {
        WebhookKind::ALL
            .iter()
            .fold(self, |builder, kind| builder.webhook_url(*kind, url))
    }

    /// Lets webhooks come twice, late and in any order; see [`Chaos`].
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use singapay_sandbox::{Chaos, Sandbox};
    /// # async fn demo() -> Result<(), singapay_sandbox::StartError> {
    /// let chaos = Chaos::new(7)
    ///     .duplicates(50)
    ///     .reorder(Duration::from_secs(5))
    ///     .delay(Duration::from_secs(60));
    /// let sandbox = Sandbox::builder().webhook_chaos(chaos).start().await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn webhook_chaos(mut self, chaos: Chaos) -> Self {
        self.chaos = Some(chaos);
        self
    }

    /// What has happened before it starts; with a kept state nothing of it does again.
    #[must_use]
    pub fn scenario(mut self, scenario: Scenario) -> Self {
        self.scenario = scenario;
        self
    }

    /// Addresses that may call; anyone unless set.
    #[must_use]
    pub fn allowed_ips(mut self, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        self.seed.allowed_ips = addresses.into_iter().collect();
        self
    }

    /// Changes the fees.
    #[must_use]
    pub fn fees(mut self, change: impl FnOnce(&mut Fees)) -> Self {
        change(&mut self.seed.fees);
        self
    }

    /// Changes how long things take.
    #[must_use]
    pub fn delays(mut self, change: impl FnOnce(&mut Delays)) -> Self {
        change(&mut self.seed.delays);
        self
    }

    /// Switches measured quirks on or off.
    #[must_use]
    pub fn quirks(mut self, change: impl FnOnce(&mut Quirks)) -> Self {
        change(&mut self.seed.quirks);
        self
    }

    /// Keeps the state in this SQLite file: an answer leaves when what it says is stored. A file
    /// that holds a state wins over the seed's accounts and credentials. The file holds their
    /// secrets and tokens as they are, and no card number. A file with the tables of another program
    /// is refused, and nothing of it changed.
    #[cfg(feature = "sqlite")]
    #[must_use]
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state = Some(path.into());
        self
    }

    /// Connections that are served at a time, at least 1; 512 unless set. Further ones wait.
    #[must_use]
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.limits.connections = connections.clamp(1, Semaphore::MAX_PERMITS);
        self
    }

    /// Time that a caller has for the head of a request, and again for its body, in real time;
    /// 10 seconds unless set. A connection without a request is closed after the same time.
    #[must_use]
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        self.limits.reading = timeout;
        self
    }

    /// Calls this for every request that was answered.
    #[must_use]
    pub fn on_request(mut self, tell: impl Fn(&RequestRecord) + Send + Sync + 'static) -> Self {
        self.log.tell(Box::new(tell));
        self
    }

    /// Starts it. Needs a tokio runtime, which it keeps using until it is dropped.
    ///
    /// # Errors
    ///
    /// [`StartError`]: an address, a seed or a kept state that cannot be used.
    pub async fn start(self) -> Result<Sandbox, StartError> {
        let mut seed = self.seed;
        for account in self.scenario.accounts() {
            if seed.accounts.iter().any(|known| known.name == account.name) {
                let twice = format!("accounts: {:?} is there already", account.name);
                return Err(StartError::Scenario(twice));
            }
            seed.accounts.push(account.clone());
        }
        let specific = seed
            .credentials
            .iter()
            .flat_map(|credential| &credential.webhooks);
        for (kind, url) in seed.webhooks.iter().chain(specific) {
            check_url(url).map_err(|reason| StartError::WebhookUrl {
                kind: *kind,
                reason,
            })?;
        }
        let address = SocketAddr::new(self.bind, self.port);
        let listen = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;

        let settings = Settings {
            fees: seed.fees.clone(),
            delays: seed.delays.clone(),
            quirks: seed.quirks.clone(),
            allowed_ips: seed.allowed_ips.clone(),
            members: seed.members.clone(),
            base_url: format!("http://{}", reachable(address)),
        };
        let hooks = PARTS.iter().map(|part| &part.hooks).collect();
        let clock = VirtualClock::new(self.clock);
        let mut world = World::new(At::from(clock.now()), settings, seed.seed, hooks);
        world.chaos = self.chaos.map(Reign::new);
        let path = self.state.clone().unwrap_or_default();
        let journal = restore(&mut world, &clock, self.state).await?;
        let (deposit, checks) = (seed.biller_deposit, seed.identity_balance);
        let is_new = world.credentials.len() == 0;
        if is_new {
            furnish(&mut world, seed).map_err(StartError::UnknownAccount)?;
        }
        identity::state::furnish(&mut world, checks);
        furnish_biller(&mut world, deposit);
        if is_new {
            let played = self.scenario.play(&mut world);
            played.map_err(StartError::Scenario)?;
        }
        let main = world
            .accounts
            .values()
            .next()
            .map(|account| account.id.clone());
        let account_id = main.ok_or_else(|| StartError::UnknownAccount("main".to_owned()))?;
        let credentials = world
            .default_credential()
            .and_then(|row| world.credentials.get(row))
            .map(crate::sandbox::Credentials::of)
            .ok_or_else(|| StartError::UnknownAccount("main".to_owned()))?;
        let biller_credentials = crate::sandbox::BillerCredentials::of(&world);
        let base_url = world.settings.base_url.clone();
        let store = Arc::new(Store::new(world, clock, journal));
        // Credentials are told only when another start would have the same.
        if !store.stored().await {
            let reason = "it cannot be written".to_owned();
            return Err(StartError::State { path, reason });
        }
        let sender =
            Sender::new(Arc::clone(&store)).map_err(|source| StartError::WebhookClient {
                source: Box::new(source),
            })?;
        let server = server::start(
            listener,
            Arc::clone(&store),
            sender.clone(),
            self.log,
            self.limits,
            PARTS,
        );
        Ok(Sandbox {
            base_url,
            credentials,
            biller_credentials,
            account_id,
            store,
            sender,
            server,
        })
    }
}

#[cfg(not(feature = "sqlite"))]
async fn restore(
    _: &mut World,
    _: &VirtualClock,
    _: Option<PathBuf>,
) -> Result<Option<Journal>, StartError> {
    Ok(None)
}

#[cfg(feature = "sqlite")]
async fn restore(
    world: &mut World,
    clock: &VirtualClock,
    path: Option<PathBuf>,
) -> Result<Option<Journal>, StartError> {
    let Some(path) = path else { return Ok(None) };
    let fail = |reason: String| StartError::State {
        path: path.clone(),
        reason,
    };
    let (journal, stored) = crate::journal::open(&path).await.map_err(fail)?;
    for (table, row, json) in stored {
        world.restore(&table, row, &json).map_err(fail)?;
    }
    clock.forward(world.resume());
    world.now = At::from(clock.now());
    Ok(Some(journal))
}

/// The address under which a listener can be called from this machine.
fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        return SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port());
    }
    address
}
