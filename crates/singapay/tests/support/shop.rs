//! A merchant and a gateway on this machine that share one clock, which pauses move.

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use singapay::{BoxFuture, Singapay, Timer};
use singapay_sandbox::Sandbox;

type Act = Box<dyn FnOnce(&Sandbox) + Send>;

/// A client whose pauses move the gateway's clock.
#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) sandbox: Arc<Sandbox>,
    customer: Arc<Mutex<Option<Act>>>,
}

impl Shop {
    /// Lets the customer act during the next pause.
    pub(crate) fn during_the_next_pause(&self, act: impl FnOnce(&Sandbox) + Send + 'static) {
        *self.customer.lock().unwrap() = Some(Box::new(act));
    }

    /// True if the customer has acted.
    pub(crate) fn has_acted(&self) -> bool {
        self.customer.lock().unwrap().is_none()
    }
}

impl fmt::Debug for Shop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shop")
    }
}

/// Pauses are kept below this, so longer ones are bounds of calls, which never ring here.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(5);

impl Timer for Shop {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        if duration > LONGEST_PAUSE {
            return Box::pin(std::future::pending());
        }
        let shop = self.clone();
        Box::pin(async move {
            if let Some(act) = shop.customer.lock().unwrap().take() {
                act(&shop.sandbox);
            }
            shop.sandbox.advance(duration).await;
        })
    }
}

pub(crate) async fn start() -> (Shop, Singapay) {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.freeze_clock();
    let credentials = sandbox.credentials().clone();
    let builder = Singapay::builder()
        .base_url(sandbox.base_url())
        .credential(
            credentials.partner_id,
            credentials.client_id,
            credentials.client_secret,
        )
        .account(sandbox.account_id())
        .clock(sandbox.clock());
    let shop = Shop {
        sandbox: Arc::new(sandbox),
        customer: Arc::default(),
    };
    let singapay = builder.timer(shop.clone()).build().unwrap();
    (shop, singapay)
}
