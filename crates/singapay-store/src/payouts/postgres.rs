//! Payouts in PostgreSQL, for many machines.

use std::fmt;

use singapay::{
    BoxFuture, Inserted, PayoutEvent, PayoutRecord, PayoutStore, Reserve, Rupiah, Share,
    StoreError, Timestamp, Updated,
};
use sqlx::{PgPool, Postgres};

use super::{
    migrate,
    sql::{self, Values},
};

/// Keeps payouts in PostgreSQL, for workers on many machines.
///
/// It needs a database that keeps what it says it has: leave `fsync` and `synchronous_commit` on, and do not
/// read from replicas. For TLS switch on one of sqlx's features `tls-…`.
#[derive(Clone)]
pub struct PostgresPayoutStore {
    pool: PgPool,
}

/// Keeps two programs from bringing the tables up to date at once; a number of our own.
const LOCK: i64 = 0x5349_4e47_4150_4159;

impl PostgresPayoutStore {
    /// Connects to the database at this address, `postgres://user:password@host/name`.
    ///
    /// # Errors
    ///
    /// No connection, or the tables could not be made.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::new(PgPool::connect(url).await.map_err(sql::failed)?).await
    }

    /// Uses a pool, and brings the tables to their newest form.
    ///
    /// # Errors
    ///
    /// The tables could not be made.
    pub async fn new(pool: PgPool) -> Result<Self, StoreError> {
        let store = Self { pool };
        store.migrate().await?;
        Ok(store)
    }

    /// The pool, for transactions of one's own.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)")
            .bind(LOCK)
            .execute(&mut *transaction)
            .await
            .map_err(sql::failed)?;
        sqlx::query(migrate::VERSIONS)
            .execute(&mut *transaction)
            .await
            .map_err(sql::failed)?;
        for (version, step) in (1_i64..).zip(migrate::POSTGRES) {
            let done = sqlx::query(
                "INSERT INTO payout_schema (version) VALUES ($1) ON CONFLICT DO NOTHING",
            )
            .bind(version)
            .execute(&mut *transaction)
            .await
            .map_err(sql::failed)?;
            if done.rows_affected() == 1 {
                for statement in migrate::statements(step) {
                    sqlx::query(statement)
                        .execute(&mut *transaction)
                        .await
                        .map_err(sql::failed)?;
                }
            }
        }
        transaction.commit().await.map_err(sql::failed)
    }
}

// A worker that stands still in the middle of a transaction would keep its row, and whoever waits for it.
sql::sql_store!(
    PostgresPayoutStore,
    Postgres,
    "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 5000"
);

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
        let store = PostgresPayoutStore { pool };
        let mut transaction = store.begin().await.unwrap();
        let (bound,): (String,) = sqlx::query_as("SHOW idle_in_transaction_session_timeout")
            .fetch_one(&mut *transaction)
            .await
            .unwrap();
        assert_eq!(bound, "5s");
        drop(transaction);
        let (after,): (String,) = sqlx::query_as("SHOW idle_in_transaction_session_timeout")
            .fetch_one(&store.pool)
            .await
            .unwrap();
        assert_eq!(after, "0", "nothing stays with the caller's connections");
    }
}
