//! The journal as one table of an SQLite file: the newest form of every record.

mod private;

use std::{path::Path, time::Duration};

use sqlx::{
    Connection, Row, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteLockingMode},
};
use tokio::sync::{mpsc, watch};

use super::{Batch, Journal};

/// A stored record: table, row, JSON.
pub(crate) type Stored = (String, u64, String);

/// Time that another process has to end, as one that is being replaced does.
const PATIENCE: Duration = Duration::from_secs(2);
/// SQLite's code for a file that another process holds, in the lowest byte.
const BUSY: u32 = 5;

/// Opens or makes the file, and starts its writer. Fails in words.
pub(crate) async fn open(path: &Path) -> Result<(Journal, Vec<Stored>), String> {
    let loaded = load(path).await.map_err(|error| {
        let code = error.as_database_error().and_then(|error| error.code());
        match code.and_then(|code| code.parse::<u32>().ok()) {
            Some(code) if code & 0xff == BUSY => {
                "another sandbox uses it, and two would overwrite each other's".to_owned()
            }
            _ => error.to_string(),
        }
    })?;
    loaded.ok_or_else(|| "it holds the tables of another program".to_owned())
}

/// `None` where the file is another program's, of which nothing is changed.
async fn load(path: &Path) -> Result<Option<(Journal, Vec<Stored>)>, sqlx::Error> {
    private::make(path)?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        // Held until the connection or its process ends: a second sandbox finds it taken.
        .locking_mode(SqliteLockingMode::Exclusive)
        .busy_timeout(PATIENCE);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    // Nothing was written to the file until here.
    if !may_be_ours(&mut connection).await? {
        connection.close().await?;
        return Ok(None);
    }
    private::keep(path)?;
    sqlx::query("PRAGMA journal_mode = WAL")
        .execute(&mut connection)
        .await?;
    sqlx::query(
        "CREATE TABLE IF NOT EXISTS record (
            table_name TEXT NOT NULL, row INTEGER NOT NULL, json TEXT NOT NULL,
            PRIMARY KEY (table_name, row)) WITHOUT ROWID",
    )
    .execute(&mut connection)
    .await?;
    let rows = sqlx::query("SELECT table_name, row, json FROM record ORDER BY table_name, row")
        .fetch_all(&mut connection)
        .await?;
    let mut stored = Vec::with_capacity(rows.len());
    for row in rows {
        let number: i64 = row.try_get(1)?;
        stored.push((row.try_get(0)?, number.unsigned_abs(), row.try_get(2)?));
    }
    let (batches, incoming) = mpsc::unbounded_channel();
    let (done, progress) = watch::channel(0);
    tokio::spawn(write(connection, incoming, done));
    Ok(Some((Journal::new(batches, progress), stored)))
}

/// True where our table is there, or none at all.
async fn may_be_ours(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_master")
        .fetch_one(&mut *connection)
        .await?;
    let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info('record')")
        .fetch_all(connection)
        .await?;
    Ok(tables == 0 || columns == ["table_name", "row", "json"])
}

/// Stores batches, all that are waiting in one transaction. Ends at the first error: operations
/// that wait for it are then answered with an error, because they would be lost.
async fn write(
    mut connection: SqliteConnection,
    mut incoming: mpsc::UnboundedReceiver<Batch>,
    done: watch::Sender<u64>,
) {
    while let Some(first) = incoming.recv().await {
        let mut batches = vec![first];
        while let Ok(next) = incoming.try_recv() {
            batches.push(next);
        }
        if store(&mut connection, &batches).await.is_err() {
            return;
        }
        if let Some(last) = batches.last() {
            done.send_replace(last.number);
        }
    }
    let _ = connection.close().await;
}

async fn store(connection: &mut SqliteConnection, batches: &[Batch]) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    for change in batches.iter().flat_map(|batch| &batch.changes) {
        let row = i64::try_from(change.row).unwrap_or(i64::MAX);
        match &change.json {
            Some(json) => {
                sqlx::query(
                    "INSERT OR REPLACE INTO record (table_name, row, json) VALUES (?, ?, ?)",
                )
                .bind(change.table)
                .bind(row)
                .bind(json)
                .execute(&mut *transaction)
                .await?;
            }
            None => {
                sqlx::query("DELETE FROM record WHERE table_name = ? AND row = ?")
                    .bind(change.table)
                    .bind(row)
                    .execute(&mut *transaction)
                    .await?;
            }
        }
    }
    transaction.commit().await
}
