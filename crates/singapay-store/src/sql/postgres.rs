//! PostgreSQL.

use std::time::Duration;

use sqlx::{PgPool, Postgres, Transaction};

use super::{
    Failure,
    schema::{Schema, migrate},
};

/// Keeps two programs from bringing tables up to date at once; a number of our own.
const LOCK: i64 = 0x5349_4e47_4150_4159;

/// Bound on transactions in which nobody else's code runs.
pub(crate) const IDLE: Duration = Duration::from_secs(5);

pub(crate) async fn connect(url: &str) -> Result<PgPool, Failure> {
    Ok(PgPool::connect(url).await?)
}

/// A transaction that the database ends once it was left alone for so long. A worker that stands still in the middle of
/// one would keep its rows, and whoever waits for them.
pub(crate) async fn begin(
    pool: &PgPool,
    idle: Duration,
) -> Result<Transaction<'static, Postgres>, Failure> {
    let idle = idle.as_millis().max(1);
    let begin = format!(
        "BEGIN; SET LOCAL idle_in_transaction_session_timeout = {idle}; SET LOCAL singapay.transaction = 'open'"
    );
    Ok(pool.begin_with(begin).await?)
}

pub(crate) async fn migrate(pool: &PgPool, schema: &Schema) -> Result<(), Failure> {
    let mut transaction = begin(pool, IDLE).await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(LOCK)
        .execute(&mut *transaction)
        .await?;
    migrate!(transaction, schema);
    Ok(transaction.commit().await?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_transaction_that_is_left_lets_go_of_its_row() {
        let Ok(url) = std::env::var("SINGAPAY_TEST_POSTGRES_URL") else {
            let required = std::env::var_os("SINGAPAY_TEST_REQUIRE_ALL").is_some();
            assert!(!required, "SINGAPAY_TEST_POSTGRES_URL is not set");
            println!("skipped: SINGAPAY_TEST_POSTGRES_URL is not set");
            return;
        };
        let pool = PgPool::connect(&url).await.unwrap();
        let mut transaction = begin(&pool, IDLE).await.ok().unwrap();
        let (bound,): (String,) = sqlx::query_as("SHOW idle_in_transaction_session_timeout")
            .fetch_one(&mut *transaction)
            .await
            .unwrap();
        assert_eq!(bound, "5s");
        drop(transaction);
        let (after,): (String,) = sqlx::query_as("SHOW idle_in_transaction_session_timeout")
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(after, "0", "nothing stays with the caller's connections");
    }
}
