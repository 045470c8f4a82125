//! A running sandbox, and what can be done to it from outside the API.

use std::{fmt, sync::Arc, time::Duration};

use serde::Serialize;
use singapay_core::{Clock, Secret, Timestamp};

use crate::{
    admin::RequestRecord,
    builder::{Builder, StartError},
    clock::VirtualClock,
    server::Server,
    state::{Customer, CustomerError, PayoutOutcome, Store},
    webhook::{DeliveryReport, Sender},
    wire_time::At,
};

/// What a client needs to talk to the sandbox.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Credentials {
    /// Header `X-PARTNER-ID`.
    pub partner_id: String,
    /// Header `X-CLIENT-ID`.
    pub client_id: String,
    /// Key of every signature, in both directions.
    pub client_secret: Secret,
}

/// Parts of a balance, in rupiah.
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

/// Who pays a payment link, and how.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Payer {
    /// Method code such as `QRIS`; the link's first one unless set.
    pub method: Option<String>,
    /// Name typed into the page.
    pub name: String,
    /// E-mail address typed into the page.
    pub email: String,
    /// Phone number typed into the page.
    pub phone: String,
}

impl Payer {
    /// Somebody who pays with this method.
    pub fn with(method: &str) -> Self {
        Self {
            method: Some(method.to_owned()),
            ..Self::default()
        }
    }
}

/// A payment that was made on a payment link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PaidLink {
    /// Number of the attempt (history id).
    pub history_id: u64,
    /// The attempt's own reference, as the webhook names it.
    pub reff_no: String,
}

/// A gateway of one's own. Stops when it is dropped.
pub struct Sandbox {
    pub(crate) base_url: String,
    pub(crate) credentials: Credentials,
    pub(crate) account_id: String,
    pub(crate) store: Arc<Store>,
    pub(crate) sender: Sender,
    pub(crate) server: Server,
}

impl Sandbox {
    /// Starts on a free port of the loopback address, with credentials and one funded account.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// For a sandbox with other settings.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where it is reached, for example `http://127.0.0.1:40123`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The merchant's Default credential.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Id of the ready-made, funded account.
    pub fn account_id(&self) -> &str {
        &self.account_id
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
    /// own time; webhooks are sent, and their answers awaited, before time goes on.
    pub async fn advance(&self, by: Duration) {
        advance(&self.store, &self.sender, by).await;
    }

    /// Waits until no webhook is waiting to be sent now. Later retries are not waited for.
    pub async fn webhooks_sent(&self) {
        webhooks_sent(&self.store, &self.sender).await;
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

    /// Requests so far, oldest first; the last thousand.
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

    /// The customer opens a payment link, picks a method and pays. `link` is its id or reference.
    pub fn pay_payment_link(&self, link: &str, payer: Payer) -> Result<PaidLink, CustomerError> {
        pay_payment_link(&self.store, link, payer)
    }

    /// The card holder answers the 3-D Secure page. `payment` is any id of the card payment.
    pub fn complete_3d_secure(&self, payment: &str, approve: bool) -> Result<(), CustomerError> {
        complete_3d_secure(&self.store, payment, approve)
    }

    /// Ends a pending payout now. `transaction_id` is the gateway's id.
    pub fn decide_payout(
        &self,
        transaction_id: &str,
        outcome: PayoutOutcome,
    ) -> Result<(), CustomerError> {
        decide_payout(&self.store, transaction_id, outcome)
    }

    /// Stops listening, lets running requests end, and returns when all is quiet.
    pub async fn stop(self) {
        self.server.stop().await;
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

pub(crate) async fn advance(store: &Store, sender: &Sender, by: Duration) {
    webhooks_sent(store, sender).await;
    let target = At::from(store.clock.now()).plus(by);
    while let Some(at) = store
        .run(|world| world.next_due())
        .filter(|at| *at <= target)
    {
        store.clock.forward(at.since(At::from(store.clock.now())));
        webhooks_sent(store, sender).await;
    }
    store
        .clock
        .forward(target.since(At::from(store.clock.now())));
    webhooks_sent(store, sender).await;
    store.changed.notify_one();
}

pub(crate) async fn webhooks_sent(store: &Store, sender: &Sender) {
    loop {
        let delivered = store.delivered.notified();
        tokio::pin!(delivered);
        delivered.as_mut().enable();
        sender.send_due();
        if !store.run(|world| world.is_delivering()) {
            return;
        }
        delivered.await;
    }
}

pub(crate) fn pay_payment_link(
    store: &Store,
    link: &str,
    payer: Payer,
) -> Result<PaidLink, CustomerError> {
    store.run(|world| {
        let by_id = link
            .parse()
            .ok()
            .filter(|row| world.links.get(*row).is_some());
        let row = by_id
            .or_else(|| world.links.row_of(link))
            .ok_or_else(|| CustomerError::Unknown(link.to_owned()))?;
        let customer = Customer {
            name: payer.name,
            email: payer.email,
            phone: payer.phone,
        };
        let history_id = world.start_attempt(row, payer.method.as_deref(), customer)?;
        world.pay_attempt(history_id)?;
        let reff_no = world
            .attempts
            .get(history_id)
            .map(|a| a.reff_no.clone())
            .unwrap_or_default();
        Ok(PaidLink {
            history_id,
            reff_no,
        })
    })
}

pub(crate) fn complete_3d_secure(
    store: &Store,
    payment: &str,
    approve: bool,
) -> Result<(), CustomerError> {
    store.run(|world| {
        let row = world
            .card_row(payment)
            .ok_or_else(|| CustomerError::Unknown(payment.to_owned()))?;
        world.decide_card(row, approve)
    })
}

pub(crate) fn decide_payout(
    store: &Store,
    transaction_id: &str,
    outcome: PayoutOutcome,
) -> Result<(), CustomerError> {
    store.run(|world| {
        let row = world
            .payouts
            .row_of(&format!("id:{transaction_id}"))
            .ok_or_else(|| CustomerError::Unknown(transaction_id.to_owned()))?;
        if world.decide_payout(row, outcome) {
            return Ok(());
        }
        let word = world
            .payouts
            .get(row)
            .map_or("", |payout| payout.status.desc());
        Err(CustomerError::AlreadyDecided(word.to_owned()))
    })
}
