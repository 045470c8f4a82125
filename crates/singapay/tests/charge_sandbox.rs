//! Charges against a gateway on this machine: charged, paid, waited for; on the gateway's own clock.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../examples/charge/customer.rs"]
mod customer;

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use singapay::{
    Artifact, BoxFuture, Charge, ChargeMethod, Customer, Ending, PaymentState, Rupiah, Singapay,
    Timer,
};
use singapay_sandbox::{PaymentOutcome, Sandbox};

type Act = Box<dyn FnOnce(&Sandbox) + Send>;

/// A client whose pauses move the gateway's clock.
#[derive(Clone)]
struct Shop {
    sandbox: Arc<Sandbox>,
    /// What the customer does during the next pause.
    customer: Arc<Mutex<Option<Act>>>,
}

impl fmt::Debug for Shop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shop")
    }
}

/// Pauses are kept below this, so longer ones are bounds of calls, which never ring here.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

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

async fn start() -> (Shop, Singapay) {
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

const CODES: [&str; 5] = [
    "PAYMENT_LINK",
    "VA_BRI",
    "QRIS",
    "EWALLET_DANA",
    "EWALLET_OVO",
];

async fn charge(singapay: &Singapay, code: &str) -> Charge {
    let customer = Customer::new()
        .name("Rina Wijaya")
        .email("rina@example.com")
        .phone("081234567890");
    let request = singapay
        .charge(singapay.account().unwrap())
        .reference(format!("INV-{code}"))
        .amount(Rupiah::new(150_000))
        .method(ChargeMethod::from_code(code).unwrap())
        .customer(customer)
        .expires_in(Duration::from_secs(120));
    let charge = request.clone().send().await.unwrap().into_data();
    // After a crash the same request finds it.
    let found = request.find().await.unwrap().unwrap();
    assert_eq!(
        (found.id(), found.artifact()),
        (charge.id(), charge.artifact())
    );
    assert_eq!(found.expires_at(), charge.expires_at());
    charge
}

async fn wait(singapay: &Singapay, charge: &Charge) -> Ending {
    let wait = charge.wait(singapay).with_longest_pause(LONGEST_PAUSE);
    let ended = wait.await.unwrap();
    assert_eq!(ended.response().id(), charge.id());
    ended.ending()
}

#[tokio::test]
async fn each_method_is_charged_paid_and_waited_for() {
    for code in CODES {
        let (shop, singapay) = start().await;
        let charge = charge(&singapay, code).await;
        assert_eq!(charge.amount(), Some(Rupiah::new(150_000)), "{code}");
        assert_eq!(charge.ending(shop.sandbox.now()), None, "{code}");
        let end = shop.sandbox.now().plus(Duration::from_secs(120));
        let cut = singapay::Timestamp::from_unix_seconds(end.unix_seconds());
        let told = charge.expires_at().unwrap();
        assert!(told == end || told == cut, "{code}: {told}");
        let paying = charge.clone();
        let act: Act = Box::new(move |sandbox| customer::pay(sandbox, &paying).unwrap());
        *shop.customer.lock().unwrap() = Some(act);
        assert_eq!(wait(&singapay, &charge).await, Ending::Paid, "{code}");
        assert!(shop.customer.lock().unwrap().is_none(), "{code}");
        assert!(shop.sandbox.audit().violations.is_empty(), "{code}");
    }
}

#[tokio::test]
async fn what_nobody_pays_expires_on_the_gateways_clock() {
    for code in CODES {
        let (shop, singapay) = start().await;
        let charge = charge(&singapay, code).await;
        let begun = shop.sandbox.now();
        // A push that nobody confirms fails; what has a page to open expires.
        let expected = match charge.artifact() {
            Artifact::Push => Ending::Failed,
            _ => Ending::Expired,
        };
        assert_eq!(wait(&singapay, &charge).await, expected, "{code}");
        let waited = shop.sandbox.now().since(begun);
        let bounds = Duration::from_secs(119)..=Duration::from_secs(190);
        assert!(bounds.contains(&waited), "{code}: {waited:?}");
    }
}

#[tokio::test]
async fn ovo_shows_nothing_and_only_the_inquiry_tells_that_it_failed() {
    let (shop, singapay) = start().await;
    let charge = charge(&singapay, "EWALLET_OVO").await;
    assert_eq!(*charge.artifact(), Artifact::Push);
    let id = charge.id().to_owned();
    let act: Act = Box::new(move |sandbox| {
        sandbox.pay_ewallet(&id, PaymentOutcome::Failed).unwrap();
    });
    *shop.customer.lock().unwrap() = Some(act);
    assert_eq!(wait(&singapay, &charge).await, Ending::Failed);
    assert!(shop.sandbox.deliveries().is_empty());
}
