//! Payouts in PostgreSQL, for many machines.

use std::fmt;

use singapay::{
    BoxFuture, Inserted, PayoutEvent, PayoutRecord, PayoutState, PayoutStore, Reserve, Rupiah,
    Share, StoreError, Timestamp, Updated,
};
use sqlx::{PgPool, Postgres};

use super::sql::{self, Values};
use crate::sql::{Schema, postgres};

const SCHEMA: Schema = Schema {
    versions: "payout_schema",
    steps: &[include_str!("../../migrations/postgres/0001_payouts.sql")],
};

/// Keeps payouts in PostgreSQL, for workers on many machines.
///
/// It needs a database that keeps what it says it has: leave `fsync` and `synchronous_commit` on, and do not
/// read from replicas. For TLS switch on one of sqlx's features `tls-…`.
///
/// In the book: `docs/book/src/processes.md`.
#[derive(Clone)]
pub struct PostgresPayoutStore {
    pool: PgPool,
}

impl PostgresPayoutStore {
    /// Connects to the database at this address, `postgres://user:password@host/name`.
    ///
    /// # Errors
    ///
    /// No connection, or the tables could not be made.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::new(postgres::connect(url).await?).await
    }

    /// Uses a pool, and brings the tables to their newest form.
    ///
    /// # Errors
    ///
    /// The tables could not be made.
    pub async fn new(pool: PgPool) -> Result<Self, StoreError> {
        postgres::migrate(&pool, &SCHEMA).await?;
        Ok(Self { pool })
    }

    /// The pool, for transactions of one's own.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    async fn begin(&self) -> Result<sqlx::Transaction<'static, Postgres>, StoreError> {
        Ok(postgres::begin(&self.pool, postgres::IDLE).await?)
    }
}

sql::sql_store!(PostgresPayoutStore, Postgres);
