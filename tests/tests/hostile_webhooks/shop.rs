//! A shop with a gate, whose handler does as the test says.

use std::{
    net::IpAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
    time::Duration,
};

use singapay_auth::webhook::{Verifier, WebhookKey, sign_delivery};
use singapay_core::{BoxFuture, Clock, Secret, Timestamp};
use singapay_webhook::{
    Delivery, Gate, Handled, HandlerResult, MemoryLedger, NoTransaction, Receiver,
    adapter::AdapterSettings,
};
use tokio::sync::Notify;

use crate::sent::{Body, Sent};

pub(crate) const HOOK: &str = "/hooks/singapay";
pub(crate) const LIMIT: usize = 64 * 1024;
pub(crate) const OLD: &str = "secret-of-yesterday";
pub(crate) const NEW: &str = "secret-of-today";
/// Nobody configured it.
pub(crate) const OTHER: &str = "secret-of-somebody";
const PARTNER: &str = "partner-1";

/// What the handler does.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Answering {
    Done,
    Later,
    Fails,
    Panics,
    Held,
}

#[derive(Debug, Clone)]
pub(crate) struct ManualClock(Arc<AtomicI64>);

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(self.0.load(Ordering::Relaxed))
    }
}

impl ManualClock {
    pub(crate) fn advance(&self, time: Duration) {
        let seconds = i64::try_from(time.as_secs()).unwrap();
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

pub(crate) struct Shop {
    pub(crate) gate: Gate<MemoryLedger>,
    pub(crate) receiver: Receiver,
    pub(crate) clock: ManualClock,
    pub(crate) peer: IpAddr,
    pub(crate) settings: Option<AdapterSettings>,
    path: String,
    inside: Arc<Inside>,
}

struct Inside {
    answering: Mutex<Answering>,
    effects: AtomicU32,
    entered: Notify,
    let_go: Notify,
}

impl Shop {
    pub(crate) fn open(path: &str) -> Self {
        let clock = ManualClock(Arc::new(AtomicI64::new(1_790_000_000)));
        let key =
            |name: &str, secret| WebhookKey::new(name, &Secret::new(secret)).partner_id(PARTNER);
        let verifier = Verifier::builder()
            .key(key("old", OLD))
            .key(key("new", NEW))
            .path(path)
            .max_body_bytes(LIMIT)
            .clock(clock.clone());
        let receiver = Receiver::from(verifier.build().unwrap());
        Self {
            gate: Gate::new(receiver.clone(), MemoryLedger::new()),
            receiver,
            clock,
            peer: "203.0.113.1".parse().unwrap(),
            settings: None,
            path: path.to_owned(),
            inside: Arc::new(Inside {
                answering: Mutex::new(Answering::Done),
                effects: AtomicU32::new(0),
                entered: Notify::new(),
                let_go: Notify::new(),
            }),
        }
    }

    pub(crate) fn answer(&self, answering: Answering) {
        *self.inside.answering.lock().unwrap() = answering;
    }

    pub(crate) fn effects(&self) -> u32 {
        self.inside.effects.load(Ordering::Relaxed)
    }

    pub(crate) async fn entered(&self) {
        self.inside.entered.notified().await;
    }

    pub(crate) fn let_go(&self) {
        self.inside.let_go.notify_one();
    }

    pub(crate) fn handler(
        &self,
    ) -> impl for<'a> Fn(
        &'a mut NoTransaction,
        &'a Delivery<'static>,
    ) -> BoxFuture<'a, HandlerResult>
    + Send
    + Sync
    + 'static {
        let inside = Arc::clone(&self.inside);
        move |_, _| {
            let inside = Arc::clone(&inside);
            Box::pin(async move {
                let answering = *inside.answering.lock().unwrap();
                match answering {
                    Answering::Done => {}
                    Answering::Later => return Ok(Handled::Later),
                    Answering::Fails => return Err("the shop is closed".into()),
                    Answering::Panics => panic!("the shop fell down"),
                    Answering::Held => {
                        inside.entered.notify_one();
                        inside.let_go.notified().await;
                    }
                }
                inside.effects.fetch_add(1, Ordering::Relaxed);
                Ok(Handled::Done)
            })
        }
    }

    /// A paid order, as the gateway sends it.
    pub(crate) fn genuine(&self, reference: &str) -> Sent {
        self.signed(NEW, reference)
    }

    pub(crate) fn signed(&self, secret: &str, reference: &str) -> Sent {
        self.signed_for(&self.path, secret, reference)
    }

    pub(crate) fn signed_for(&self, path: &str, secret: &str, reference: &str) -> Sent {
        self.sign(path, secret, paid(reference), 0)
    }

    /// Anything, as the gateway signs it.
    pub(crate) fn holding(&self, body: impl Into<bytes::Bytes>) -> Sent {
        self.sign(&self.path, NEW, body, 0)
    }

    /// A paid order that was signed so many seconds ago.
    pub(crate) fn signed_ago(&self, seconds: i64) -> Sent {
        self.sign(&self.path, NEW, paid("INV-1"), seconds)
    }

    fn sign(&self, path: &str, secret: &str, body: impl Into<bytes::Bytes>, ago: i64) -> Sent {
        let now = Timestamp::from_unix_seconds(self.clock.now().unix_seconds() - ago);
        let signed = sign_delivery(&Secret::new(secret), PARTNER, path, body, now).unwrap();
        let headers = signed.headers.iter();
        let headers = headers.map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()));
        Sent {
            method: "POST",
            path: self.path.clone(),
            headers: headers.collect(),
            body: Body::whole(signed.body),
        }
    }
}

pub(crate) fn paid(reference: &str) -> String {
    format!(
        r#"{{"event":"va-transaction","data":{{"transaction":{{"status":"paid","reff_no":"{reference}","transaction_id":"T-1"}}}}}}"#
    )
}
