//! Webhooks in PostgreSQL, for many machines.

use std::{fmt, time::Duration};

use singapay::{
    Timestamp,
    webhook::{
        Claimed, DeliveryState, Horizon, KeptDelivery, Lease, Ledger, LedgerEntry, LedgerError,
        LedgerStep, Release, Replayed,
    },
};
use sqlx::{PgPool, Postgres, Transaction};

use super::sql;
use crate::sql::{Schema, postgres};

const SCHEMA: Schema = Schema {
    versions: "webhook_schema",
    steps: &[include_str!("../../migrations/postgres/0001_webhooks.sql")],
};

/// Remembers webhooks in PostgreSQL, for processes on many machines.
///
/// A handler gets a transaction of sqlx and writes with `&mut **transaction`; it never commits it or rolls it back
/// itself. A transaction in which nothing happens for three quarters of the lease is ended by the database, so that a process
/// which stands still holds up nobody: do slow things before or after.
///
/// It needs a database that keeps what it says it has: leave `fsync` and `synchronous_commit` on, and do not
/// read from replicas. For TLS switch on one of sqlx's features `tls-…`.
///
/// In the book: `docs/book/src/processes.md`.
#[derive(Clone)]
pub struct PostgresLedger {
    pool: PgPool,
}

impl PostgresLedger {
    /// Connects to the database at this address, `postgres://user:password@host/name`.
    ///
    /// # Errors
    ///
    /// No connection, or the tables could not be made.
    pub async fn connect(url: &str) -> Result<Self, LedgerError> {
        Self::new(postgres::connect(url).await?).await
    }

    /// Uses a pool, and brings the tables to their newest form. It is the pool of the tables that handlers write to:
    /// one transaction holds both.
    ///
    /// # Errors
    ///
    /// The tables could not be made.
    pub async fn new(pool: PgPool) -> Result<Self, LedgerError> {
        postgres::migrate(&pool, &SCHEMA).await?;
        Ok(Self { pool })
    }

    /// The pool, for transactions of one's own.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// A handler that ended the transaction has ended what was set in it, too.
    const END: &str = sql::end!(" AND current_setting('singapay.transaction', true) = 'open'");

    async fn begin_own(&self) -> Result<Transaction<'static, Postgres>, LedgerError> {
        Ok(postgres::begin(&self.pool, postgres::IDLE).await?)
    }

    /// PostgreSQL ends none by itself without refusing what follows.
    async fn is_open(_: &mut Transaction<'static, Postgres>) -> Result<bool, LedgerError> {
        Ok(true)
    }

    async fn begin_attempt(
        &self,
        left: Duration,
    ) -> Result<Transaction<'static, Postgres>, LedgerError> {
        // An attempt that begins late is fenced anyway, and needs a moment.
        let idle = (left * 3 / 4).max(Duration::from_millis(500));
        Ok(postgres::begin(&self.pool, idle).await?)
    }
}

sql::sql_ledger!(PostgresLedger, Postgres);
