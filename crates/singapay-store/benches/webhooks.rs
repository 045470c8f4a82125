//! Webhooks a second on a real PostgreSQL, verified, kept and committed with what the handler writes, beside two bare
//! transactions of the same writes.
//!
//! `SINGAPAY_TEST_POSTGRES_URL=… cargo bench -p singapay-store --features postgres --bench webhooks`; an argument sets
//! how many.

#![allow(clippy::unwrap_used)]

use std::time::Instant;

use futures_util::{StreamExt, stream};
use singapay::{
    Clock, Secret, SystemClock,
    webhook::{Gate, Handled, SignedDelivery, Verifier, WebhookKey, sign_delivery},
};
use singapay_store::PostgresLedger;
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// Deliveries in work at once.
const AT_ONCE: usize = 64;
const ROUNDS: usize = 3;

#[tokio::main]
async fn main() {
    let Ok(url) = std::env::var("SINGAPAY_TEST_POSTGRES_URL") else {
        println!("skipped: SINGAPAY_TEST_POSTGRES_URL is not set");
        return;
    };
    let most = std::env::args().filter_map(|word| word.parse().ok()).next();
    let most: usize = most.unwrap_or(6_000);
    let options: PgConnectOptions = url.parse().unwrap();
    let schema = format!("bench_webhooks_{}", std::process::id());
    let options = options.options([("search_path", schema.as_str())]);
    let pool = PgPoolOptions::new().max_connections(32);
    let pool = pool.connect_with(options).await.unwrap();
    for setting in ["fsync", "synchronous_commit"] {
        let statement = format!("SHOW {setting}");
        let (value,): (String,) = sqlx::query_as(&statement).fetch_one(&pool).await.unwrap();
        assert_eq!(value, "on", "{setting}");
    }
    let make = format!(
        "CREATE SCHEMA {schema}; CREATE TABLE effect (reference TEXT NOT NULL); \
         CREATE TABLE bare (number TEXT PRIMARY KEY, body BYTEA NOT NULL, done BOOLEAN NOT NULL)"
    );
    sqlx::raw_sql(&make).execute(&pool).await.unwrap();
    let secret = Secret::new("a-client-secret-of-40-characters-length-");
    let verifier = Verifier::builder()
        .key(WebhookKey::new("main", &secret))
        .path("/hooks");
    let ledger = PostgresLedger::new(pool.clone()).await.unwrap();
    let gate = Gate::new(verifier.build().unwrap().into(), ledger);

    let (mut bare, mut gated) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let numbers = round * most..(round + 1) * most;
        let deliveries = numbers.map(|number| (number.to_string(), delivery(&secret, number)));
        let deliveries: Vec<_> = deliveries.collect();
        bare.push(rate(&deliveries, |number, signed| two(&pool, number, signed)).await);
        gated.push(rate(&deliveries, |_, signed| receive(&gate, signed)).await);
    }
    println!("two bare transactions{:>7.0} a second", median(bare));
    println!(
        "kept and committed   {:>7.0} a second (budget 1500)",
        median(gated)
    );
    sqlx::raw_sql(&format!("DROP SCHEMA {schema} CASCADE"))
        .execute(&pool)
        .await
        .unwrap();
}

async fn receive(gate: &Gate<PostgresLedger>, signed: &SignedDelivery) {
    let receiving = gate.receive(&signed.headers, signed.body.clone(), |tx, event| {
        Box::pin(async move {
            let reference = event.merchant_reference();
            sqlx::query("INSERT INTO effect (reference) VALUES ($1)")
                .bind(reference.as_deref())
                .execute(&mut **tx)
                .await?;
            Ok(Handled::Done)
        })
    });
    assert_eq!(receiving.await.status(), 200);
}

/// The least that could keep a delivery, and commit an effect with its end.
async fn two(pool: &PgPool, number: &str, signed: &SignedDelivery) {
    sqlx::query("INSERT INTO bare (number, body, done) VALUES ($1, $2, FALSE)")
        .bind(number)
        .bind(&signed.body[..])
        .execute(pool)
        .await
        .unwrap();
    let mut transaction = pool.begin().await.unwrap();
    sqlx::query("INSERT INTO effect (reference) VALUES ($1)")
        .bind(number)
        .execute(&mut *transaction)
        .await
        .unwrap();
    sqlx::query("UPDATE bare SET done = TRUE WHERE number = $1")
        .bind(number)
        .execute(&mut *transaction)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}

fn delivery(secret: &Secret, number: usize) -> SignedDelivery {
    let body = format!(
        r#"{{"event":"va-transaction","data":{{"transaction":{{"status":"paid","reff_no":"INV-{number:07}","transaction_id":"T-1","notes":"{}"}}}}}}"#,
        "n".repeat(675)
    );
    assert_eq!(body.len(), 800);
    sign_delivery(secret, "partner", "/hooks", body, SystemClock.now()).unwrap()
}

async fn rate<'a, F: Future<Output = ()>>(
    deliveries: &'a [(String, SignedDelivery)],
    each: impl Fn(&'a str, &'a SignedDelivery) -> F,
) -> f64 {
    let started = Instant::now();
    stream::iter(
        deliveries
            .iter()
            .map(|(number, signed)| each(number, signed)),
    )
    .buffer_unordered(AT_ONCE)
    .collect::<()>()
    .await;
    let count = u32::try_from(deliveries.len()).unwrap();
    f64::from(count) / started.elapsed().as_secs_f64()
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
