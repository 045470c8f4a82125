//! Payouts driven by the queue of apalis, on one PostgreSQL and in as many processes as you like.
//!
//! | What | Whose it is |
//! |---|---|
//! | who is due, what was sent, what an answer means, whether anything may be sent again | `Payouts` and its store |
//! | waking somebody up at that time, parallel work, retries of a step that failed, a dashboard | the queue |
//!
//! A job is no more than a bell: it says "look at this reference". Lost bells and bells that ring twice, at once in two
//! processes, change nothing, because a step decides from the store alone. So the queue needs no guarantees, and its
//! retries repeat a step, never a payment.
//!
//! `cargo run` with `DATABASE_URL` of a PostgreSQL where it may make a database: it starts a gateway on this machine,
//! submits payouts, lets two worker processes pay them, kills one on the way, and compares the books.

mod demo;

use std::{error::Error, time::Duration};

use apalis::{layers::retry::RetryPolicy, prelude::*};
use apalis_sql::{Config, postgres::PostgresStorage};
use serde::{Deserialize, Serialize};
use singapay::{AbsenceRule, MoneyOutPolicy, Payouts, Singapay};
use singapay_store::PostgresPayoutStore;
use sqlx::PgPool;

type Failure = Box<dyn Error + Send + Sync>;

/// A bell for a payout.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Look {
    reference: String,
}

type Queue = PostgresStorage<Look>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let url = std::env::var("DATABASE_URL")?;
    match std::env::args().nth(1).as_deref() {
        Some("worker") => work(&url).await,
        _ => demo::demo(&url).await,
    }
}

/// Flow and queue on one database.
async fn open(url: &str) -> Result<(Payouts, Queue), Failure> {
    let pool = PgPool::connect(url).await?;
    let money_out = Singapay::from_env()?.money_out(MoneyOutPolicy::new())?;
    let store = PostgresPayoutStore::new(pool.clone()).await?;
    // Short waits, for a gateway on this machine: leave these three out where money is real.
    let second = Duration::from_secs(1);
    let payouts = Payouts::new(&money_out, store)
        .with_call_timeout(2 * second)
        .with_lease_margin(second / 2)
        .with_absence_rule(AbsenceRule::new(2, second, second));
    let config = Config::new("singapay::payouts")
        .set_keep_alive(second)
        .set_reenqueue_orphaned_after(5 * second);
    Ok((payouts, PostgresStorage::new_with_config(pool, config)))
}

/// The work of one process.
async fn work(url: &str) -> Result<(), Failure> {
    let (payouts, queue) = open(url).await?;
    let (watched, bells) = (payouts.clone(), queue.clone());
    tokio::spawn(async move { ring(watched, bells).await });
    let worker = WorkerBuilder::new(format!("payouts-{}", std::process::id()))
        .concurrency(16)
        .retry(RetryPolicy::retries(5))
        .data(payouts)
        .data(queue.clone())
        .backend(queue)
        .build_fn(look);
    Monitor::new().register(worker).run().await?;
    Ok(())
}

/// One step, and a bell for the next one. A failure is one of store or settings: the queue tries it again.
async fn look(job: Look, payouts: Data<Payouts>, queue: Data<Queue>) -> Result<(), Failure> {
    let step = payouts.advance(&job.reference).await?;
    if let Some(at) = step.next_at() {
        let mut queue = (*queue).clone();
        queue.schedule(job, at.unix_seconds() + 1).await?;
    }
    Ok(())
}

/// Rings for everything that is due and that nobody looked at: bells get lost with the process that carries them. Once
/// a minute is enough where money is real.
async fn ring(payouts: Payouts, mut queue: Queue) {
    loop {
        tokio::time::sleep(Duration::from_secs(2)).await;
        // A database that is away is back some time.
        let Ok(due) = payouts.due(1_000).await else {
            continue;
        };
        for reference in due {
            if queue.push(Look { reference }).await.is_err() {
                break;
            }
        }
    }
}
