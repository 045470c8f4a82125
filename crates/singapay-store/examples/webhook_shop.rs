//! The part of a shop that money arrives at: orders, and the webhook, in one database.
//!
//! ```sh
//! cargo run -p singapay-store --features postgres,sqlite --example webhook_shop -- --demo
//! ```
//!
//! With `--demo` it starts a gateway, and itself as a second process, in which handlers panic and which is killed in the
//! middle of one; the gateway sends duplicates and replays, and tells of orders that are not stored yet. It fails if
//! the goods of any order did not leave exactly once. Without, it is the shop: settings are those of `Singapay::from_env`,
//! `DATABASE_URL` (a file of SQLite, or `postgres://…`), and `SHOP_ADDRESS`.

#[path = "webhook_shop/demo.rs"]
mod demo;
#[path = "webhook_shop/orders.rs"]
mod orders;

use std::{env, error::Error, time::Duration};

use singapay::{Clock, Singapay, SystemClock, Timestamp, webhook::Receiver};
use singapay_store::{PostgresLedger, SqliteLedger};

const HOOK: &str = "/hooks/singapay";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if env::args().any(|argument| argument == "--demo") {
        return demo::run().await;
    }
    let verifier = Singapay::from_env()?.webhook_verifier(HOOK).clock(Ahead);
    let receiver = Receiver::from(verifier.build()?);
    let address = env::var("SHOP_ADDRESS")?;
    let database = env::var("DATABASE_URL")?;
    if database.starts_with("postgres") {
        orders::postgres::serve(
            PostgresLedger::connect(&database).await?,
            receiver,
            &address,
        )
        .await
    } else {
        orders::sqlite::serve(SqliteLedger::open(&database).await?, receiver, &address).await
    }
}

/// The machine's clock; the demo sets it ahead, rather than wait for minutes. A real shop needs none.
#[derive(Debug)]
struct Ahead;

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        let seconds = env::var("SHOP_CLOCK_AHEAD").ok();
        let seconds = seconds.and_then(|seconds| seconds.parse().ok());
        SystemClock
            .now()
            .plus(Duration::from_secs(seconds.unwrap_or(0)))
    }
}
