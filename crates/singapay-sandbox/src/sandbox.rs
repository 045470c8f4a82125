//! A running sandbox, and what can be done to it from outside the API.

use std::{fmt, sync::Arc, time::Duration};

use serde::Serialize;
use singapay_core::{Clock, Secret, Timestamp};

use crate::{
    audit::{Audit, audit},
    clock::VirtualClock,
    fault::{Fault, FaultError},
    request_log::RequestRecord,
    scheduler,
    server::Server,
    state::{Biller, Credential, Store, World},
    webhook::{self, Chaos, DeliveryReport, Reign, Sender, WebhookKind},
};

/// Credentials with which a client talks to the sandbox.
///
/// Given by [`Sandbox::credentials`](crate::Sandbox::credentials).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Credentials {
    /// Its name in the dashboard.
    pub name: String,
    /// Header `X-PARTNER-ID`.
    pub partner_id: String,
    /// Header `X-CLIENT-ID`.
    pub client_id: String,
    /// Key of every signature, in both directions.
    pub client_secret: Secret,
    /// Client id of the identity host.
    pub identity_client_id: String,
    /// Secret of the identity host.
    pub identity_client_secret: Secret,
}

impl Credentials {
    pub(crate) fn of(credential: &Credential) -> Self {
        Self {
            name: credential.name.clone(),
            partner_id: credential.partner_id.clone(),
            client_id: credential.client_id.clone(),
            client_secret: Secret::new(credential.client_secret.as_str()),
            identity_client_id: credential.identity_client_id.clone(),
            identity_client_secret: Secret::new(credential.identity_client_secret.as_str()),
        }
    }
}

/// Credentials with which a client talks to the biller host, which has its own.
///
/// Given by [`Sandbox::biller_credentials`](crate::Sandbox::biller_credentials).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BillerCredentials {
    /// Header `X-PARTNER-ID`.
    pub partner_id: String,
    /// Client id of a token request.
    pub client_id: String,
    /// Secret of a token request.
    pub client_secret: Secret,
    /// Goes into the body of every payment.
    pub password: Secret,
}

impl BillerCredentials {
    pub(crate) fn of(world: &World) -> Self {
        let biller = world.billers.values().next();
        let text = |of: fn(&Biller) -> &String| biller.map(of).cloned().unwrap_or_default();
        Self {
            partner_id: text(|biller| &biller.partner_id),
            client_id: text(|biller| &biller.client_id),
            client_secret: Secret::new(text(|biller| &biller.client_secret)),
            password: Secret::new(text(|biller| &biller.password)),
        }
    }
}

/// An account, as the dashboard lists it.
///
/// Given by [`Sandbox::accounts`](crate::Sandbox::accounts).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AccountInfo {
    /// ULID, by which requests name it.
    pub id: String,
    /// Twelve digits, by which transfers name their beneficiary.
    pub number: String,
    /// Name.
    pub name: String,
    /// Name of the credential that may use it.
    pub credential: String,
}

/// Parts of a balance, in rupiah.
///
/// Given by [`Sandbox::balance_of`](crate::Sandbox::balance_of).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Balance {
    /// Usable.
    pub available: i64,
    /// Collected, not yet settled.
    pub pending: i64,
    /// Locked.
    pub held: i64,
}

/// A gateway of one's own. Stops when it is dropped.
pub struct Sandbox {
    pub(crate) base_url: String,
    pub(crate) credentials: Credentials,
    pub(crate) biller_credentials: BillerCredentials,
    pub(crate) account_id: String,
    pub(crate) store: Arc<Store>,
    pub(crate) sender: Sender,
    pub(crate) server: Server,
}

impl Sandbox {
    /// Address of the sandbox, for example `http://127.0.0.1:40123`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The merchant's Default credential.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The merchant's credential at the biller.
    pub fn biller_credentials(&self) -> &BillerCredentials {
        &self.biller_credentials
    }

    /// Id of the ready-made, funded account.
    pub fn account_id(&self) -> &str {
        &self.account_id
    }

    /// A credential by its name in the dashboard.
    pub fn credentials_named(&self, name: &str) -> Option<Credentials> {
        self.store.run(|world| {
            world
                .credentials
                .values()
                .find(|c| c.name == name)
                .map(Credentials::of)
        })
    }

    /// All credentials of the merchant, the Default one first.
    pub fn all_credentials(&self) -> Vec<Credentials> {
        self.store
            .run(|world| world.credentials.values().map(Credentials::of).collect())
    }

    /// All accounts of the merchant.
    pub fn accounts(&self) -> Vec<AccountInfo> {
        self.store.run(|world| {
            let info = |(row, account): (u64, &crate::state::Account)| AccountInfo {
                id: account.id.clone(),
                number: account.number.clone(),
                name: account.name.clone(),
                credential: world
                    .credential_of(row)
                    .and_then(|row| world.credentials.get(row))
                    .map_or_else(String::new, |credential| credential.name.clone()),
            };
            world.accounts.iter().map(info).collect()
        })
    }

    /// The sandbox's clock, to be given to the client under test.
    pub fn clock(&self) -> VirtualClock {
        self.store.clock.clone()
    }

    /// The time in the sandbox.
    pub fn now(&self) -> Timestamp {
        self.store.clock.now()
    }

    /// Stops the clock.
    pub fn freeze_clock(&self) {
        self.store.clock.freeze();
        self.store.changed.notify_one();
    }

    /// Lets the clock run on.
    pub fn resume_clock(&self) {
        self.store.clock.resume();
        self.store.changed.notify_one();
    }

    /// Moves the clock forward. Everything that falls due on the way happens in order and at its
    /// own time; webhooks are sent, and their answers awaited, before time goes on. The clock stops at the start of
    /// the year 9000 however far it is moved.
    pub async fn advance(&self, by: Duration) {
        scheduler::advance(&self.store, &self.sender, by).await;
    }

    /// Waits until no webhook is waiting to be sent now. Later retries are not waited for.
    pub async fn webhooks_sent(&self) {
        scheduler::webhooks_sent(&self.store, &self.sender).await;
    }

    /// Webhooks so far, oldest first.
    pub fn deliveries(&self) -> Vec<DeliveryReport> {
        self.store.run(|world| {
            world
                .deliveries
                .iter()
                .map(|(row, d)| d.report(row))
                .collect()
        })
    }

    /// Requests so far, oldest first; the last thousand, or fewer where their bodies are large.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.server.requests()
    }

    /// Balance of an account.
    pub fn balance_of(&self, account_id: &str) -> Option<Balance> {
        self.store.run(|world| {
            world.accounts.find(account_id).map(|account| Balance {
                available: account.available,
                pending: account.pending,
                held: account.held,
            })
        })
    }

    /// Lets something go wrong.
    ///
    /// # Errors
    ///
    /// [`FaultError`], when the fault could never strike.
    pub fn add_fault(&self, fault: Fault) -> Result<(), FaultError> {
        fault.check(&self.server.operations)?;
        self.store.run(|world| world.faults.add(fault));
        Ok(())
    }

    /// Lets nothing go wrong any more.
    pub fn clear_faults(&self) {
        self.store.run(|world| world.faults.clear());
    }

    /// Treats the webhooks to come so, until it is set anew; `None` ends it.
    pub fn set_webhook_chaos(&self, chaos: impl Into<Option<Chaos>>) {
        let chaos = chaos.into().map(Reign::new);
        self.store.run(|world| world.chaos = chaos);
    }

    /// The dashboard's test button: an unsigned body to the address of this kind. `false` when the
    /// Default credential has none.
    pub fn press_test_button(&self, kind: WebhookKind) -> bool {
        self.store
            .run(|world| webhook::press_test_button(world, kind))
    }

    /// Sends a webhook again, newly signed, to the address that its kind has now, or to its old one where there is
    /// none. `false` when the log does not hold it.
    pub fn replay_webhook(&self, delivery: u64) -> bool {
        self.store.run(|world| webhook::replay(world, delivery))
    }

    /// Adds everything up again.
    pub fn audit(&self) -> Audit {
        self.store.run(|world| audit(world))
    }

    /// Stops listening, lets running requests end, and returns when all is quiet.
    pub async fn stop(self) {
        self.server.stop().await;
        self.store.stored().await;
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}
