//! A worker that brings payouts of a PostgreSQL store to their end. Start as many as you like, on as many machines;
//! kill any of them at any time.
//!
//! Settings are those of `Singapay::from_env`, and `DATABASE_URL`. It ends when nothing is left that happens by
//! itself. `PAYOUT_HASTE=1` shortens every wait, for gateways on this machine.

use std::{error::Error, time::Duration};

use futures_util::{StreamExt, stream};
use singapay::{AbsenceRule, Clock, MoneyOutPolicy, Payouts, Singapay, StoreError, SystemClock};
use singapay_store::PostgresPayoutStore;

/// Steps that one worker makes at once.
const AT_ONCE: usize = 32;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    work().await
}

pub(crate) async fn work() -> Result<(), Box<dyn Error>> {
    let singapay = Singapay::from_env()?;
    let money_out = singapay.money_out(MoneyOutPolicy::new())?;
    let store = connect(&std::env::var("DATABASE_URL")?).await?;
    let mut payouts = Payouts::new(&money_out, store);
    if std::env::var_os("PAYOUT_HASTE").is_some() {
        let second = Duration::from_secs(1);
        payouts = payouts
            .with_call_timeout(2 * second)
            .with_lease_margin(second / 2)
            .with_absence_rule(AbsenceRule::new(2, second, second));
    }
    loop {
        // The database may be away for a while.
        let Ok(due) = payouts.due(1_000).await else {
            tokio::time::sleep(Duration::from_millis(200)).await;
            continue;
        };
        if due.is_empty() {
            let years = SystemClock.now().plus(Duration::from_secs(100_000_000));
            if let Ok(left) = payouts.store().due(years, 1).await
                && left.is_empty()
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        stream::iter(due)
            .for_each_concurrent(AT_ONCE, |reference| {
                let payouts = payouts.clone();
                async move {
                    // A step that fails is due again.
                    if let Err(error) = payouts.advance(&reference).await {
                        println!("{reference}: {error}");
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                }
            })
            .await;
    }
}

/// A worker may be started while the database is.
async fn connect(url: &str) -> Result<PostgresPayoutStore, StoreError> {
    for _ in 0..50 {
        if let Ok(store) = PostgresPayoutStore::connect(url).await {
            return Ok(store);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    PostgresPayoutStore::connect(url).await
}
