//! Webhooks in an SQLite file, for one machine.

use std::{fmt, path::Path, time::Duration};

use singapay::{
    Timestamp,
    webhook::{
        Claimed, DeliveryState, Horizon, KeptDelivery, Lease, Ledger, LedgerEntry, LedgerError,
        LedgerStep, Release, Replayed,
    },
};
use sqlx::{Sqlite, SqlitePool, Transaction};

use super::sql;
use crate::sql::{Schema, sqlite};

const SCHEMA: Schema = Schema {
    versions: "webhook_schema",
    steps: &[include_str!("../../migrations/sqlite/0001_webhooks.sql")],
};

/// Remembers webhooks in a file, for the processes of one machine. Not on a network drive.
///
/// A handler gets a transaction of sqlx and writes with `&mut **transaction`; it never commits it or rolls it back itself.
/// A statement that makes SQLite end the transaction (`ON CONFLICT ROLLBACK`) must be its last: the delivery is tried
/// again, and what is written after such a statement stands alone. SQLite has one writer: while a handler runs, every
/// other delivery to this file waits, so keep handlers short, and use nothing but the transaction in them.
///
/// A file that it makes can be read by its owner alone: it holds names and account numbers.
///
/// In the book: `docs/book/src/webhooks.md#the-shop`.
#[derive(Clone)]
pub struct SqliteLedger {
    pool: SqlitePool,
}

impl SqliteLedger {
    /// Opens or makes the file, and brings its tables to their newest form.
    ///
    /// # Errors
    ///
    /// The file cannot be used.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, LedgerError> {
        Self::new(sqlite::open(path.as_ref()).await?).await
    }

    /// Uses a pool, and brings the tables to their newest form. It is the pool of the tables that handlers write to:
    /// one transaction holds both. Leave `synchronous` at `FULL`.
    ///
    /// # Errors
    ///
    /// The tables could not be made.
    pub async fn new(pool: SqlitePool) -> Result<Self, LedgerError> {
        sqlite::migrate(&pool, &SCHEMA).await?;
        Ok(Self { pool })
    }

    /// The pool, for transactions of one's own.
    pub fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    const END: &str = sql::end!("");

    async fn begin_own(&self) -> Result<Transaction<'static, Sqlite>, LedgerError> {
        Ok(sqlite::begin(&self.pool).await?)
    }

    /// False if SQLite has ended the transaction by itself, as a full disk or `ON CONFLICT ROLLBACK` make it do. It is
    /// in one after this in any case, so that it can be rolled back.
    async fn is_open(transaction: &mut Transaction<'static, Sqlite>) -> Result<bool, LedgerError> {
        Ok(sqlite::is_open(transaction).await)
    }

    async fn begin_attempt(
        &self,
        _: Duration,
    ) -> Result<Transaction<'static, Sqlite>, LedgerError> {
        self.begin_own().await
    }
}

sql::sql_ledger!(SqliteLedger, Sqlite);
