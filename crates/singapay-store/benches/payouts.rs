//! Payouts a second on a real PostgreSQL, from stored to accepted and on to final, beside the bare calls.
//!
//! `SINGAPAY_TEST_POSTGRES_URL=… cargo bench -p singapay-store --features postgres`; an argument sets how many.

#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use singapay::{MoneyOut, MoneyOutPolicy, PayoutState, Payouts, Rupiah, Singapay};
use singapay_sandbox::Sandbox;
use singapay_store::PostgresPayoutStore;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

/// Payouts on their way at once.
const AT_ONCE: usize = 64;

#[tokio::main]
async fn main() {
    let Ok(url) = std::env::var("SINGAPAY_TEST_POSTGRES_URL") else {
        println!("skipped: SINGAPAY_TEST_POSTGRES_URL is not set");
        return;
    };
    let most = std::env::args().filter_map(|word| word.parse().ok()).next();
    let most: usize = most.unwrap_or(10_000);
    let sandbox = Sandbox::builder().balance(i64::MAX / 4);
    let sandbox = sandbox.delays(|delays| delays.payout = Duration::from_secs(3600));
    let sandbox = sandbox.start().await.unwrap();
    let key = sandbox.credentials();
    let client = Singapay::builder()
        .base_url(sandbox.base_url())
        .credential(&key.partner_id, &key.client_id, key.client_secret.clone())
        .account(sandbox.account_id())
        .clock(sandbox.clock())
        .build()
        .unwrap();
    let handle = client.money_out(MoneyOutPolicy::new()).unwrap();
    let account = sandbox.account_id();

    let options: PgConnectOptions = url.parse().unwrap();
    let schema = format!("bench_{}", std::process::id());
    let pool = PgPoolOptions::new().max_connections(32);
    let options = options.options([("search_path", schema.as_str())]);
    let pool = pool.connect_with(options).await.unwrap();
    for setting in ["fsync", "synchronous_commit"] {
        let statement = format!("SHOW {setting}");
        let (value,): (String,) = sqlx::query_as(&statement).fetch_one(&pool).await.unwrap();
        assert_eq!(value, "on", "{setting}");
    }
    sqlx::query(&format!("CREATE SCHEMA {schema}"))
        .execute(&pool)
        .await
        .unwrap();
    let store = PostgresPayoutStore::new(pool.clone()).await.unwrap();
    let flow = Payouts::new(&handle, store);

    let bare = time(most, |number| {
        let call = transfer(&handle, account, &format!("BARE-{number}"));
        async move {
            assert!(call.send().await.unwrap().accepted().is_some());
        }
    });
    let told = |name: &str, took: Duration| {
        let count = u32::try_from(most).unwrap();
        println!(
            "{name:<20}{:>7.0} a second",
            f64::from(count) / took.as_secs_f64()
        );
    };
    told("bare calls", bare.await);
    let flowing = time(most, |number| {
        let (flow, reference) = (flow.clone(), format!("FLOW-{number}"));
        let call = transfer(&handle, account, &reference);
        async move {
            let _ = flow.submit(call).await.unwrap();
            let step = flow.advance(&reference).await.unwrap();
            assert_eq!(step.state(), PayoutState::Accepted);
        }
    });
    let accepted = flowing.await;
    told("stored to accepted", accepted);
    // The banks are done.
    sandbox.advance(Duration::from_secs(3601)).await;
    let ending = time(most, |number| {
        let (flow, reference) = (flow.clone(), format!("FLOW-{number}"));
        async move {
            let step = flow.advance(&reference).await.unwrap();
            assert_eq!(step.state(), PayoutState::Paid);
        }
    });
    let ended = ending.await;
    told("accepted to final", ended);
    told("stored to final", accepted + ended);
    sqlx::query(&format!("DROP SCHEMA {schema} CASCADE"))
        .execute(&pool)
        .await
        .unwrap();
}

fn transfer(
    handle: &MoneyOut,
    account: &str,
    reference: &str,
) -> singapay::disbursements::TransferDisbursement {
    let call = handle.transfer_disbursement().account_id(account);
    call.reference_number(reference)
        .amount(Rupiah::new(10_000))
        .bank_code("014")
        .bank_account_number("1000123456")
}

async fn time<F: Future<Output = ()>>(most: usize, make: impl Fn(usize) -> F) -> Duration {
    let started = Instant::now();
    stream::iter((0..most).map(make))
        .buffer_unordered(AT_ONCE)
        .collect::<()>()
        .await;
    started.elapsed()
}
