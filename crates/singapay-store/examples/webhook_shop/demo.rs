//! Everything that goes wrong with webhooks, and what is left of it: each order leaves once.

use std::{env, error::Error, process::Stdio, time::Duration};

use singapay::{Clock, Rupiah, Singapay, SystemClock, types::PaymentLinkType};
use singapay_sandbox::{Payer, Sandbox, WebhookKind};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

use super::HOOK;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

const PRICE: Rupiah = Rupiah::new(150_000);
const MINUTE: Duration = Duration::from_secs(60);

pub(crate) async fn run() -> Result {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("shop.db").to_string_lossy().into_owned();
    let mut demo = Demo::open(env::var("DATABASE_URL").unwrap_or(file)).await?;

    let order = demo.order("PLAIN");
    demo.store(&order).await?;
    demo.pay(&order).await?;
    demo.shipped_once(&order).await?;
    for _ in 0..5 {
        demo.sandbox.replay_webhook(demo.last_delivery()?);
    }
    demo.sandbox.webhooks_sent().await;
    demo.shipped_once(&order).await?;
    println!("{order}: paid, told six times, shipped once");

    let order = demo.order("EARLY");
    demo.pay(&order).await?;
    demo.answered(425)?;
    demo.store(&order).await?;
    demo.advance(MINUTE).await;
    demo.shipped_once(&order).await?;
    println!("{order}: paid before it was stored, shipped by the gateway's retry");

    let order = demo.order("PANIC");
    demo.store(&order).await?;
    demo.pay(&order).await?;
    demo.answered(503)?;
    demo.advance(MINUTE).await;
    demo.shipped_once(&order).await?;
    println!("{order}: the handler panicked, shipped by the gateway's retry");

    let order = demo.order("KILL");
    demo.store(&order).await?;
    demo.pay(&order).await?;
    let status = tokio::time::timeout(MINUTE, demo.shop.process.wait()).await??;
    ensure(!status.success(), "the shop was killed")?;
    demo.ahead += MINUTE;
    demo.restart().await?;
    demo.shipped_by_the_sweep(&order).await?;
    demo.sandbox.advance(MINUTE).await;
    demo.shipped_once(&order).await?;
    println!(
        "{order}: killed in the handler, shipped by the sweep of the next process, and its retry is a copy"
    );

    let order = demo.order("FORGOTTEN");
    demo.pay(&order).await?;
    demo.answered(425)?;
    demo.store(&order).await?;
    demo.shop.process.kill().await?;
    demo.advance(15 * MINUTE).await;
    demo.restart().await?;
    demo.shipped_by_the_sweep(&order).await?;
    println!("{order}: the gateway gave up, shipped by the sweep");

    for delivery in demo.sandbox.deliveries() {
        demo.sandbox.replay_webhook(delivery.id);
    }
    demo.sandbox.webhooks_sent().await;
    for order in demo.orders.clone() {
        demo.shipped_once(&order).await?;
    }
    println!("everything was replayed, and nothing left twice");
    Ok(())
}

struct Demo {
    sandbox: Sandbox,
    singapay: Singapay,
    browser: reqwest::Client,
    address: String,
    database: String,
    shop: Shop,
    /// How far the clocks of gateway and shop are ahead.
    ahead: Duration,
    orders: Vec<String>,
}

impl Demo {
    async fn open(database: String) -> Result<Self> {
        // Free a moment ago; the gateway has to know it before the shop is there.
        let free = std::net::TcpListener::bind("127.0.0.1:0")?;
        let address = free.local_addr()?.to_string();
        drop(free);
        let sandbox = Sandbox::builder()
            .webhook_url(WebhookKind::Transaction, format!("http://{address}{HOOK}"))
            .start()
            .await?;
        let key = sandbox.credentials();
        let singapay = Singapay::builder()
            .base_url(sandbox.base_url())
            .credential(&key.partner_id, &key.client_id, key.client_secret.clone())
            .account(sandbox.account_id())
            .build()?;
        let browser = reqwest::Client::builder().no_proxy().build()?;
        let ahead = Duration::ZERO;
        let shop = start(&sandbox, &address, &database, ahead).await?;
        Ok(Self {
            sandbox,
            singapay,
            browser,
            address,
            database,
            shop,
            ahead,
            orders: Vec::new(),
        })
    }

    async fn restart(&mut self) -> Result {
        self.shop = start(&self.sandbox, &self.address, &self.database, self.ahead).await?;
        Ok(())
    }

    /// A number that no order had before, in this run or another one.
    fn order(&mut self, fate: &str) -> String {
        let number = format!("{fate}-{}", SystemClock.now().unix_millis());
        self.orders.push(number.clone());
        number
    }

    async fn store(&self, order: &str) -> Result {
        let url = format!("http://{}/orders/{order}", self.address);
        let total = PRICE.value().to_string();
        let stored = self.browser.post(url).body(total).send().await?;
        stored.error_for_status()?;
        Ok(())
    }

    /// The customer pays, and the gateway tells the shop.
    async fn pay(&self, order: &str) -> Result {
        self.singapay
            .payment_links()
            .create()
            .reff_no(order)
            .payment_link_type(PaymentLinkType::Total)
            .total_amount(PRICE)
            .send()
            .await?;
        self.sandbox.pay_payment_link(order, Payer::with("QRIS"))?;
        self.sandbox.webhooks_sent().await;
        Ok(())
    }

    /// Time passes for the gateway: it sends again what is due.
    async fn advance(&mut self, time: Duration) {
        self.ahead += time;
        self.sandbox.advance(time).await;
    }

    fn last_delivery(&self) -> Result<u64> {
        let delivery = self.sandbox.deliveries().pop().ok_or("no webhook")?;
        Ok(delivery.id)
    }

    fn answered(&self, status: u16) -> Result {
        let delivery = self.sandbox.deliveries().pop().ok_or("no webhook")?;
        let answer = delivery.attempts.last().and_then(|attempt| attempt.status);
        ensure(
            answer == Some(status),
            &format!("answered {answer:?}, not {status}"),
        )
    }

    async fn shipped_once(&self, order: &str) -> Result {
        let read = self.read(order).await?;
        ensure(
            read == format!("paid {}, shipped 1", PRICE.value()),
            &format!("{order}: {read}"),
        )
    }

    /// The sweep begins with the process, and the next read may come before its end.
    async fn shipped_by_the_sweep(&self, order: &str) -> Result {
        for _ in 0..100 {
            if self.shipped_once(order).await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.shipped_once(order).await
    }

    async fn read(&self, order: &str) -> Result<String> {
        let url = format!("http://{}/orders/{order}", self.address);
        let read = self.browser.get(url).send().await?.error_for_status()?;
        Ok(read.text().await?)
    }
}

/// The second process.
struct Shop {
    process: Child,
    /// Kept open: it may have something to say.
    _output: Lines<BufReader<ChildStdout>>,
}

/// Starts the shop, and waits until it is open.
async fn start(sandbox: &Sandbox, address: &str, database: &str, ahead: Duration) -> Result<Shop> {
    let key = sandbox.credentials();
    let mut process = Command::new(env::current_exe()?)
        .env("SINGAPAY_BASE_URL", sandbox.base_url())
        .env("SINGAPAY_PARTNER_ID", &key.partner_id)
        .env("SINGAPAY_CLIENT_ID", &key.client_id)
        .env("SINGAPAY_CLIENT_SECRET", key.client_secret.expose())
        .env("DATABASE_URL", database)
        .env("SHOP_ADDRESS", address)
        .env("SHOP_CLOCK_AHEAD", ahead.as_secs().to_string())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let output = process.stdout.take().ok_or("no output")?;
    let mut output = BufReader::new(output).lines();
    let line = output.next_line().await?;
    ensure(line.as_deref() == Some("open"), "the shop is open")?;
    Ok(Shop {
        process,
        _output: output,
    })
}

fn ensure(holds: bool, what: &str) -> Result {
    if holds { Ok(()) } else { Err(what.into()) }
}
