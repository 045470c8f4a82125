//! Payouts in an SQLite file, for one machine.

use std::{fmt, path::Path, time::Duration};

use singapay::{
    BoxFuture, Inserted, PayoutEvent, PayoutRecord, PayoutStore, Reserve, Rupiah, Share,
    StoreError, Timestamp, Updated,
};
use sqlx::{
    Sqlite, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    migrate,
    sql::{self, Values},
};

/// Keeps payouts in a file, for the processes of one machine. Not on a network drive.
///
/// A file that it makes can be read by its owner alone: it holds account numbers.
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
        let path = path.as_ref();
        make_private(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(30));
        // SQLite has one writer, so one connection waits for less than several do.
        let pool = SqlitePoolOptions::new().max_connections(1);
        let pool = pool.connect_with(options).await.map_err(sql::failed)?;
        let store = Self { pool };
        store.migrate().await?;
        Ok(store)
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        sqlx::query(migrate::VERSIONS)
            .execute(&mut *transaction)
            .await
            .map_err(sql::failed)?;
        for (version, step) in (1_i64..).zip(migrate::SQLITE) {
            let done = sqlx::query("INSERT OR IGNORE INTO payout_schema (version) VALUES ($1)")
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

/// Makes the file if there is none, for its owner alone. SQLite gives its other files the same mode.
fn make_private(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(_) => Err(StoreError::new("its file cannot be made")),
    }
}

sql::sql_store!(SqlitePayoutStore, Sqlite, "BEGIN IMMEDIATE");
