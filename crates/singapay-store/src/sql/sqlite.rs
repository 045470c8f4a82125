//! SQLite.

use std::{path::Path, time::Duration};

use sqlx::{
    Connection, Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    Failure,
    schema::{Schema, migrate},
};

/// Tries to open a file that others are just opening, and the pause between them.
const MOST_TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(20);

/// Opens a file, or makes it for its owner alone.
pub(crate) async fn open(path: &Path) -> Result<SqlitePool, Failure> {
    make_private(path)?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(30));
    // SQLite has one writer, so one connection waits for less than several do.
    let pool = SqlitePoolOptions::new().max_connections(1);
    // Two that switch a new file to WAL at once would wait for each other, so SQLite refuses one at once.
    for _ in 0..MOST_TRIES {
        match pool.clone().connect_with(options.clone()).await {
            Err(error) if is_busy(&error) => tokio::time::sleep(PAUSE).await,
            connected => return Ok(connected?),
        }
    }
    Ok(pool.connect_with(options).await?)
}

fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    let code = code.and_then(|code| code.parse::<u32>().ok());
    // The lower byte; the others say more of it.
    code.is_some_and(|code| code & 0xff == 5)
}

pub(crate) async fn begin(pool: &SqlitePool) -> Result<Transaction<'static, Sqlite>, Failure> {
    for _ in 0..MOST_TRIES {
        match pool.begin_with("BEGIN IMMEDIATE").await {
            // The library believes that a transaction is under way, which SQLite has ended by itself.
            Err(sqlx::Error::InvalidSavePointStatement) => {
                let connection = pool.acquire().await?;
                if connection.is_in_transaction() {
                    connection.close().await?;
                }
            }
            begun => return Ok(begun?),
        }
    }
    Ok(pool.begin_with("BEGIN IMMEDIATE").await?)
}

/// False if SQLite has ended the transaction by itself. Another one is open then, so that the library's view is right
/// again, and a rollback ends it.
pub(crate) async fn is_open(transaction: &mut Transaction<'static, Sqlite>) -> bool {
    sqlx::query("BEGIN")
        .execute(&mut **transaction)
        .await
        .is_err()
}

pub(crate) async fn migrate(pool: &SqlitePool, schema: &Schema) -> Result<(), Failure> {
    let mut transaction = begin(pool).await?;
    migrate!(transaction, schema);
    Ok(transaction.commit().await?)
}

/// Makes the file if there is none, for its owner alone. SQLite gives its other files the same mode.
fn make_private(path: &Path) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(_) => Err(Failure("its file cannot be made".to_owned())),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_transaction_that_sqlite_ended_does_not_keep_its_connection() {
        let folder = tempfile::tempdir().unwrap();
        let pool = open(&folder.path().join("shop.db")).await.ok().unwrap();
        let table = "CREATE TABLE known (number INTEGER UNIQUE ON CONFLICT ROLLBACK); INSERT INTO known VALUES (1)";
        sqlx::raw_sql(table).execute(&pool).await.unwrap();
        let again = "INSERT INTO known VALUES (1)";
        let mut transaction = begin(&pool).await.ok().unwrap();
        assert!(is_open(&mut transaction).await);
        sqlx::query(again)
            .execute(&mut *transaction)
            .await
            .unwrap_err();
        // As a failed statement of our own ends it.
        drop(transaction);
        let mut transaction = begin(&pool).await.ok().unwrap();
        sqlx::query(again)
            .execute(&mut *transaction)
            .await
            .unwrap_err();
        assert!(!is_open(&mut transaction).await);
        transaction.rollback().await.unwrap();
        begin(&pool).await.ok().unwrap().rollback().await.unwrap();
    }
}
