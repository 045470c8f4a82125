//! The gate.

use std::{
    fmt,
    marker::PhantomData,
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::Bytes;
use singapay_auth::webhook::HeaderSource;
use singapay_core::{BoxFuture, Timer, Timestamp};

use super::{
    Claimed, Delivery, GateError, HandlerResult, Horizon, KeptDelivery, Lease, Ledger, LedgerError,
    Origin, PruneError, Receipt, Release, Replayed, RetryRule,
};
use crate::{ReceiveError, Receiver};

/// Widest window that loses nothing to slow retries, where a ledger knows copies.
const WINDOW: Duration = Duration::from_secs(15 * 60);

/// The gateway tries again after a minute; what was lost must be free by then.
const LONGEST_LEASE: Duration = Duration::from_secs(45);

/// Runs a handler once for each delivery, and says what to answer.
///
/// Every delivery is kept in a [`Ledger`] before its handler runs. With a ledger in SQL the handler writes in the
/// transaction that also commits the end of the attempt, so that **its effect exists exactly once** whatever
/// crashes; with [`MemoryLedger`](crate::MemoryLedger) it runs at least once. What else a handler does (mails,
/// calls) happens at least once with any of them.
///
/// One ledger serves one handler: a sweep gives it everything that is due. Its clones share receiver and ledger.
/// Without an adapter, give it a [timer](Self::with_timer): it has no runtime of its own.
///
/// ```
/// use singapay_webhook::{Gate, Handled, MemoryLedger, Receipt};
/// # use singapay_auth::webhook::{Verifier, WebhookKey, sign_delivery};
/// # use singapay_core::{Clock, Secret, SystemClock};
/// # fn run<F: Future>(future: F) -> F::Output {
/// #     tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
/// # }
/// # let secret = Secret::new("secret");
/// # let verifier = Verifier::builder().key(WebhookKey::new("default", &secret)).path("/hooks").build()?;
/// # let body = r#"{"event":"va-transaction","data":{"transaction":{"status":"paid","reff_no":"INV-1","transaction_id":"T-1"}}}"#;
/// # let signed = sign_delivery(&secret, "partner", "/hooks", body, SystemClock.now())?;
/// # let (headers, body) = (signed.headers, signed.body);
/// # run(async {
/// let gate = Gate::new(verifier.into(), MemoryLedger::new());
/// let receipt = gate
///     .receive(&headers, body, |_transaction, event| {
///         Box::pin(async move {
///             let Some(order) = event.merchant_reference() else { return Ok(Handled::Done) };
///             // Find the order, compare the amount, mark it as paid: in the transaction.
///             # let _ = order;
///             Ok(Handled::Done)
///         })
///     })
///     .await;
/// assert!(matches!(receipt, Receipt::Accepted { .. }));
/// assert_eq!(receipt.status(), 200);
/// # });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Gate<L> {
    receiver: Arc<Receiver>,
    pub(super) ledger: Arc<L>,
    lease: Duration,
    pub(super) retry: RetryRule,
    pub(super) timer: Arc<OnceLock<Arc<dyn Timer>>>,
}

impl<L: Ledger> Gate<L> {
    /// A gate of this receiver and ledger. The window of the verifier is 15 minutes where none was chosen, its clock
    /// is the gate's.
    pub fn new(receiver: Receiver, ledger: L) -> Self {
        Self {
            receiver: Arc::new(receiver.or_window(WINDOW)),
            ledger: Arc::new(ledger),
            lease: Duration::from_secs(40),
            retry: RetryRule::default(),
            timer: Arc::default(),
        }
    }

    /// Time that an attempt has before somebody else may make the next one; 40 seconds unless set, and at most 45.
    #[must_use]
    pub fn with_lease(mut self, lease: Duration) -> Self {
        self.lease = lease.min(LONGEST_LEASE);
        self
    }

    /// When the sweep tries again, and how often.
    #[must_use]
    pub fn with_retry_rule(mut self, retry: RetryRule) -> Self {
        self.retry = retry;
        self
    }

    /// Gives up an attempt that has not ended with its lease, by this timer: its handler is dropped, what it wrote
    /// undone, and the answer is 503. A handler that never ends would hold up its sweep for good without one.
    ///
    /// The adapters for axum and Actix Web bring Tokio's; one that blocks its thread is beyond any.
    #[must_use]
    pub fn with_timer(mut self, timer: impl Timer + 'static) -> Self {
        let timer: Arc<dyn Timer> = Arc::new(timer);
        self.timer = Arc::new(OnceLock::from(timer));
        self
    }

    /// As [`with_timer`](Self::with_timer), where there is none yet, and for all clones: what an adapter knows to be
    /// there, the sweep has too.
    pub fn or_timer(&self, timer: impl Timer + 'static) {
        self.timer.get_or_init(|| Arc::new(timer));
    }

    /// Its receiver.
    pub fn receiver(&self) -> &Receiver {
        &self.receiver
    }

    /// Its ledger.
    pub fn ledger(&self) -> &L {
        &self.ledger
    }

    /// Takes a request: proves it, keeps it, and runs the handler if it is its turn.
    ///
    /// `body` are the raw bytes. The handler's future is dropped with this one, and what it wrote undone: the
    /// delivery is tried again when its lease has ended.
    pub async fn receive<'env, H, F>(
        &self,
        headers: &H,
        body: impl Into<Bytes>,
        handler: F,
    ) -> Receipt
    where
        H: HeaderSource + ?Sized,
        F: for<'a> FnOnce(
                &'a mut L::Transaction,
                &'a Delivery<'env>,
            ) -> BoxFuture<'a, HandlerResult>
            + Send,
    {
        match self.receiver().receive(headers, body) {
            Ok(event) => {
                let kept = KeptDelivery::of(event.verified(), Some(&event));
                match self.claim(&kept).await {
                    Err(receipt) => receipt,
                    Ok(lease) => {
                        let delivery = Delivery {
                            event,
                            key: kept.key,
                            attempt: lease.attempt,
                            origin: origin(&lease, Origin::Received),
                            env: PhantomData,
                        };
                        self.attempt(&lease, delivery, handler).await
                    }
                }
            }
            Err(ReceiveError::NotAnEvent { source, verified }) => {
                let kept = KeptDelivery::of(&verified, None);
                let lease = match self.claim(&kept).await {
                    Err(receipt) => return receipt,
                    Ok(lease) => lease,
                };
                let key = kept.key;
                match self.set_aside(&lease).await {
                    Ok(true) => Receipt::NotAnEvent { key, error: source },
                    Ok(false) => Receipt::LeaseLost { key },
                    Err(error) => failed(key, error),
                }
            }
            Err(ReceiveError::Refused(error)) => Receipt::Refused(error),
        }
    }

    async fn claim(&self, kept: &KeptDelivery) -> Result<Lease, Receipt> {
        let key = || kept.key.clone();
        match self.try_claim(kept).await {
            Ok(Claimed::Ours(lease)) => Ok(lease),
            Ok(Claimed::Done) => Err(Receipt::Duplicate { key: key() }),
            Ok(Claimed::InWork) => Err(Receipt::InProgress { key: key() }),
            Ok(Claimed::Full) => Err(failed(key(), LedgerError::new("it is full"))),
            Err(error) => Err(failed(key(), error)),
        }
    }

    async fn try_claim(&self, kept: &KeptDelivery) -> Result<Claimed, LedgerError> {
        let (now, until) = self.lease();
        let claimed = self.ledger.claim(kept, now, until).await?;
        if claimed != Claimed::Full {
            return Ok(claimed);
        }
        let horizon = self.horizon(self.shortest_memory());
        self.ledger.prune(horizon).await?;
        self.ledger.claim(kept, now, until).await
    }

    /// Keeps what holds no event, so that it does not come again.
    pub(super) async fn set_aside(&self, lease: &Lease) -> Result<bool, LedgerError> {
        let ledger = &self.ledger;
        ledger
            .release(lease, &Release::no_event(), self.now())
            .await
    }

    /// Makes a delivery due again, on purpose and wherever it stands; the next [`sweep`](Self::sweep) runs it, and
    /// its handler sees [`Origin::Replayed`].
    ///
    /// # Errors
    ///
    /// The ledger failed.
    pub async fn replay(&self, key: &str) -> Result<Replayed, LedgerError> {
        self.ledger.replay(key, self.now()).await
    }

    /// Forgets what was dealt with longer ago than this, and says how many that were. Never what is not dealt with.
    ///
    /// # Errors
    ///
    /// Less than twice the verifier's window and 15 minutes: a copy could still come. Or the ledger failed.
    pub async fn prune(&self, older_than: Duration) -> Result<u64, PruneError> {
        let least = self.shortest_memory();
        if older_than < least {
            return Err(PruneError::TooYoung { least });
        }
        Ok(self.ledger.prune(self.horizon(older_than)).await?)
    }

    /// A copy can be signed in the future by one window and come in the past by another; retries that are signed
    /// anew come within 15 minutes.
    fn shortest_memory(&self) -> Duration {
        let window = self.receiver().verifier().window();
        (window.saturating_mul(2)).saturating_add(Duration::from_secs(15 * 60))
    }

    fn horizon(&self, older_than: Duration) -> Horizon {
        let millis = i64::try_from(older_than.as_millis()).unwrap_or(i64::MAX);
        let now = self.now().unix_millis();
        Horizon(Timestamp::from_unix_millis(now.saturating_sub(millis)))
    }

    pub(super) fn now(&self) -> Timestamp {
        self.receiver().verifier().clock().now()
    }

    /// Now, and the end of a lease that begins now.
    pub(super) fn lease(&self) -> (Timestamp, Timestamp) {
        let now = self.now();
        (now, now.plus(self.lease))
    }
}

pub(super) fn origin(lease: &Lease, otherwise: Origin) -> Origin {
    if lease.replayed {
        Origin::Replayed
    } else {
        otherwise
    }
}

pub(super) fn failed(key: String, error: impl Into<GateError>) -> Receipt {
    Receipt::Failed {
        key,
        error: error.into(),
    }
}

impl<L> Clone for Gate<L> {
    fn clone(&self) -> Self {
        Self {
            receiver: Arc::clone(&self.receiver),
            ledger: Arc::clone(&self.ledger),
            lease: self.lease,
            retry: self.retry,
            timer: Arc::clone(&self.timer),
        }
    }
}

impl<L> fmt::Debug for Gate<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate")
            .field("receiver", &self.receiver)
            .field("lease", &self.lease)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
