//! A gateway of its own for every cell, and a client that does not wait.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::future::BoxFuture;
use singapay::{Rupiah, Singapay, Timer};
use singapay_sandbox::{Fault, FaultPoint, Sandbox};

use crate::table::Case;

pub(crate) const AMOUNT: Rupiah = Rupiah::new(150_000);
pub(crate) const REFERENCE: &str = "INV-2026-0001";

/// Longer than any pause between repetitions, shorter than any bound of a call.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: Singapay,
    /// A payment link that is there.
    pub(crate) link: i64,
    /// The bound of the call under test.
    pub(crate) patience: Duration,
    /// Requests that made all this.
    prepared: usize,
    pauses: Pauses,
}

/// Pauses end at once and are noted; bounds never ring.
#[derive(Debug, Clone, Default)]
struct Pauses(Arc<Mutex<Vec<Duration>>>);

impl Timer for Pauses {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        if duration >= LONGEST_PAUSE {
            return Box::pin(std::future::pending());
        }
        self.0.lock().unwrap().push(duration);
        Box::pin(std::future::ready(()))
    }
}

impl Bench {
    /// A gateway with one payment link, and a client that holds a token and a connection.
    pub(crate) async fn start(case: Case) -> Self {
        let sandbox = Sandbox::start().await.unwrap();
        let credentials = sandbox.credentials();
        let pauses = Pauses::default();
        let settings = Singapay::builder()
            .base_url(sandbox.base_url())
            .credential(
                &credentials.partner_id,
                &credentials.client_id,
                credentials.client_secret.clone(),
            )
            .account(sandbox.account_id())
            .clock(sandbox.clock());
        // A call that is never answered is given up by the real clock, after a second.
        let (settings, patience) = match case {
            Case::TooLate => (settings, Duration::from_secs(1)),
            _ => (settings.timer(pauses.clone()), Duration::from_secs(60)),
        };
        let client = settings.build().unwrap();
        let link = client
            .payment_links()
            .create()
            .reff_no("THERE-ALREADY")
            .payment_link_type(singapay::types::PaymentLinkType::Total)
            .total_amount(AMOUNT)
            .send()
            .await
            .unwrap()
            .id;
        pauses.0.lock().unwrap().clear();
        Self {
            prepared: sandbox.requests().len(),
            sandbox,
            client,
            link,
            patience,
            pauses,
        }
    }

    pub(crate) fn strike(&self, operation: &str, case: Case, point: FaultPoint, times: u32) {
        let fault = Fault::new(point, case.action()).on(operation);
        self.sandbox.add_fault(fault.times(times)).unwrap();
    }

    /// Requests of an operation that reached the gateway, and were answered somehow.
    pub(crate) fn seen(&self, operation: &str) -> usize {
        let requests = self.sandbox.requests();
        let since = requests.iter().skip(self.prepared);
        since
            .filter(|request| request.operation == Some(operation))
            .count()
    }

    /// Nobody went where a redirect pointed.
    #[track_caller]
    pub(crate) fn assert_stayed(&self, cell: &str) {
        let requests = self.sandbox.requests();
        let followed = requests.iter().any(|request| request.operation.is_none());
        assert!(!followed, "{cell}: {requests:?}");
    }

    #[track_caller]
    pub(crate) fn assert_waited(&self, cell: &str, at_least: Duration) {
        let pauses = self.pauses.0.lock().unwrap();
        assert_eq!(pauses.len(), 1, "{cell}");
        assert!(pauses[0] >= at_least, "{cell}: {pauses:?}");
    }
}
