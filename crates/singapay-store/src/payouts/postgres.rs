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

sql::sql_store!(PostgresPayoutStore, Postgres, "BEGIN");
