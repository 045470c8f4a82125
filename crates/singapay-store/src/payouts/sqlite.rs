//! Payouts in an SQLite file, for one machine.

use std::{fmt, path::Path};

use singapay::{
    BoxFuture, Inserted, PayoutEvent, PayoutRecord, PayoutState, PayoutStore, Reserve, Rupiah,
    Share, StoreError, Timestamp, Updated,
};
use sqlx::{Sqlite, SqlitePool};

use super::sql::{self, Values};
use crate::sql::{Schema, sqlite};

const SCHEMA: Schema = Schema {
    versions: "payout_schema",
    steps: &[include_str!("../../migrations/sqlite/0001_payouts.sql")],
};

/// Keeps payouts in a file, for the processes of one machine. Not on a network drive.
///
/// A file that it makes can be read by its owner alone: it holds account numbers.
///
/// In the book: `docs/book/src/payouts.md#in-your-program`.
#[derive(Clone)]
pub struct SqlitePayoutStore {
    pool: SqlitePool,
}

impl SqlitePayoutStore {
    /// Opens or makes the file, and brings its tables to their newest form.
    ///
    /// # Errors
    ///
    /// The file cannot be used.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let pool = sqlite::open(path.as_ref()).await?;
        sqlite::migrate(&pool, &SCHEMA).await?;
        Ok(Self { pool })
    }

    async fn begin(&self) -> Result<sqlx::Transaction<'static, Sqlite>, StoreError> {
        Ok(sqlite::begin(&self.pool).await?)
    }
}

sql::sql_store!(SqlitePayoutStore, Sqlite);
