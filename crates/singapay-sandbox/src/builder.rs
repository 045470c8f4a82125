//! Setting up a sandbox.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use singapay_core::{Clock, Secret, SystemClock};
use tokio::net::TcpListener;

use crate::{
    clock::VirtualClock,
    sandbox::{Credentials, Sandbox},
    server,
    settings::{Delays, Fees, Quirks, Settings},
    state::{Account, Bucket, Cause, Credential, Random, Store, World},
    webhook::{Sender, WebhookKind},
    wire_time::At,
};

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The port cannot be used.
    #[error("cannot listen on {address}")]
    Listen {
        /// Address that was tried.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// A webhook address is not an http address (or https, with the feature `tls`).
    #[error("{kind:?} webhook address is not usable: {reason}")]
    WebhookUrl {
        /// The address field.
        kind: WebhookKind,
        /// What is wrong with it.
        reason: String,
    },
    /// The client that delivers webhooks could not be made.
    #[error("cannot make the webhook client")]
    WebhookClient {
        /// What the HTTP library said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// What a sandbox should be like. Made by [`Sandbox::builder`].
#[derive(Debug)]
pub struct Builder {
    seed: u64,
    bind: IpAddr,
    port: u16,
    balance: i64,
    clock: Arc<dyn Clock>,
    webhooks: BTreeMap<WebhookKind, String>,
    settings: Settings,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            seed: 1,
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            balance: 1_000_000_000,
            clock: Arc::new(SystemClock),
            webhooks: BTreeMap::new(),
            settings: Settings::default(),
        }
    }
}

impl Builder {
    /// Credentials and identifiers follow the seed; 1 unless set.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Port to listen on; a free one unless set.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Address to listen on; loopback unless set. Anyone who reaches it can use the admin routes.
    #[must_use]
    pub fn bind(mut self, address: IpAddr) -> Self {
        self.bind = address;
        self
    }

    /// Opening balance of the ready-made account, in rupiah; 1,000,000,000 unless set.
    #[must_use]
    pub fn balance(mut self, rupiah: i64) -> Self {
        self.balance = rupiah;
        self
    }

    /// The clock to run with; the machine's unless set.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Where webhooks of this kind go. Kinds without an address are not sent.
    #[must_use]
    pub fn webhook_url(mut self, kind: WebhookKind, url: impl Into<String>) -> Self {
        self.webhooks.insert(kind, url.into());
        self
    }

    /// One address for every kind of webhook.
    #[must_use]
    pub fn webhook_url_for_all(self, url: &str) -> Self {
        WebhookKind::ALL
            .into_iter()
            .fold(self, |builder, kind| builder.webhook_url(kind, url))
    }

    /// Addresses that may call; anyone unless set.
    #[must_use]
    pub fn allowed_ips(mut self, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        self.settings.allowed_ips = addresses.into_iter().collect();
        self
    }

    /// Changes the fees.
    #[must_use]
    pub fn fees(mut self, change: impl FnOnce(&mut Fees)) -> Self {
        change(&mut self.settings.fees);
        self
    }

    /// Changes how long things take.
    #[must_use]
    pub fn delays(mut self, change: impl FnOnce(&mut Delays)) -> Self {
        change(&mut self.settings.delays);
        self
    }

    /// Switches measured quirks on or off.
    #[must_use]
    pub fn quirks(mut self, change: impl FnOnce(&mut Quirks)) -> Self {
        change(&mut self.settings.quirks);
        self
    }

    /// Starts it. Needs a tokio runtime, which it keeps using until it is dropped.
    pub async fn start(mut self) -> Result<Sandbox, StartError> {
        for (kind, url) in &self.webhooks {
            check_url(url).map_err(|reason| StartError::WebhookUrl {
                kind: *kind,
                reason,
            })?;
        }
        let address = SocketAddr::new(self.bind, self.port);
        let listen = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        self.settings.base_url = format!("http://{}", reachable(address));

        let clock = VirtualClock::new(Arc::clone(&self.clock));
        let mut world = World::new(At::from(clock.now()), self.settings, self.seed);
        let (credentials, account_id) = furnish(&mut world, self.webhooks, self.balance);
        let base_url = world.settings.base_url.clone();
        let store = Arc::new(Store::new(world, clock));
        let sender =
            Sender::new(Arc::clone(&store)).map_err(|source| StartError::WebhookClient {
                source: Box::new(source),
            })?;
        let server = server::start(listener, Arc::clone(&store), sender.clone());
        Ok(Sandbox {
            base_url,
            credentials,
            account_id,
            store,
            sender,
            server,
        })
    }
}

/// The address under which a listener can be called from this machine.
fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        return SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port());
    }
    address
}

/// Ready-made credentials and one funded account. The identifiers depend on the seed alone.
fn furnish(
    world: &mut World,
    webhooks: BTreeMap<WebhookKind, String>,
    balance: i64,
) -> (Credentials, String) {
    const NEW_YEAR_2026: At = At(1_767_225_600_000);
    let random: &mut Random = &mut world.random;
    let credential = Credential {
        name: "Default".to_owned(),
        partner_id: random.uuid(),
        client_id: random.uuid(),
        client_secret: random.token(40),
        is_default: true,
        webhooks,
    };
    let account = Account {
        id: random.ulid(NEW_YEAR_2026),
        number: random.digits(12),
        name: "Main Account".to_owned(),
        active: true,
        account_type: "owned".to_owned(),
        kyb_status: None,
        kyb_onboarding_url: None,
        invite_members: Vec::new(),
        credential: None,
        available: 0,
        pending: 0,
        held: 0,
    };
    let opening = random.transaction_id("66", NEW_YEAR_2026);
    let credentials = Credentials {
        partner_id: credential.partner_id.clone(),
        client_id: credential.client_id.clone(),
        client_secret: Secret::new(credential.client_secret.as_str()),
    };
    let account_id = account.id.clone();
    world.credentials.insert(credential);
    let row = world.accounts.insert(account);
    let cause = Cause {
        transaction_id: &opening,
        merchant_reff_no: None,
        kind: "opening",
    };
    world.post(row, Bucket::Available, balance, cause);
    (credentials, account_id)
}

pub(crate) fn check_url(url: &str) -> Result<(), String> {
    let parsed = reqwest::Url::parse(url).map_err(|error| error.to_string())?;
    match parsed.scheme() {
        "http" => Ok(()),
        "https" if cfg!(feature = "tls") => Ok(()),
        "https" => Err("https needs the feature `tls`".to_owned()),
        other => Err(format!("{other} is not http")),
    }
}
