//! The ledgers, and a table that handlers write to.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use singapay::{
    BoxFuture, Clock, Secret, Timestamp,
    webhook::{
        Gate, Ledger, MemoryLedger, NoTransaction, SignedDelivery, Verifier, WebhookKey,
        sign_delivery,
    },
};
use singapay_store::{PostgresLedger, SqliteLedger};
use sqlx::{
    PgPool, Postgres, Sqlite, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub(crate) const PATH: &str = "/hooks/singapay";
pub(crate) const START: i64 = 1_787_280_000_000;
pub(crate) const MINUTE: Duration = Duration::from_secs(60);

const TABLE: &str = "CREATE TABLE effect (delivery_key TEXT NOT NULL)";
const WRITE: &str = "INSERT INTO effect (delivery_key) VALUES ($1)";
const COUNT: &str = "SELECT count(*) FROM effect WHERE delivery_key = $1";

/// A ledger whose handlers write.
pub(crate) trait Effects: Ledger + Clone + 'static {
    /// Leases can end while a handler's transaction is open.
    const OVERLAP: bool;

    /// Writes an effect in a handler's transaction.
    fn write<'a>(transaction: &'a mut Self::Transaction, key: &'a str) -> BoxFuture<'a, ()>;

    /// Effects of a delivery that exist; `None` where none can be undone.
    fn count<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Option<i64>>;

    /// Changes a kept body behind the ledger's back; `false` where nobody can.
    fn tamper<'a>(&'a self, key: &'a str) -> BoxFuture<'a, bool>;
}

impl Effects for MemoryLedger {
    const OVERLAP: bool = true;

    fn write<'a>(_: &'a mut NoTransaction, _: &'a str) -> BoxFuture<'a, ()> {
        Box::pin(async {})
    }

    fn count<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Option<i64>> {
        Box::pin(async { None })
    }

    fn tamper<'a>(&'a self, _: &'a str) -> BoxFuture<'a, bool> {
        Box::pin(async { false })
    }
}

macro_rules! sql_effects {
    ($ledger:ty, $database:ty, $overlap:literal) => {
        impl Effects for $ledger {
            const OVERLAP: bool = $overlap;

            fn write<'a>(
                transaction: &'a mut Transaction<'static, $database>,
                key: &'a str,
            ) -> BoxFuture<'a, ()> {
                Box::pin(async move {
                    let write = sqlx::query(WRITE).bind(key);
                    write.execute(&mut **transaction).await.unwrap();
                })
            }

            fn count<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Option<i64>> {
                Box::pin(async move {
                    let count = sqlx::query_scalar(COUNT).bind(key);
                    Some(count.fetch_one(self.pool()).await.unwrap())
                })
            }

            fn tamper<'a>(&'a self, key: &'a str) -> BoxFuture<'a, bool> {
                Box::pin(async move {
                    let change = "UPDATE webhook_delivery SET body = $2 WHERE delivery_key = $1";
                    let change = sqlx::query(change).bind(key).bind(&b"{}"[..]);
                    change.execute(self.pool()).await.unwrap().rows_affected() == 1
                })
            }
        }
    };
}
sql_effects!(SqliteLedger, Sqlite, false);
sql_effects!(PostgresLedger, Postgres, true);

/// A file of this test alone. What is not of interest here is whether it outlives the machine.
pub(crate) async fn sqlite(folder: &Path) -> SqliteLedger {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("webhooks.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Off);
    let pool = SqlitePoolOptions::new().max_connections(1);
    let pool = pool.connect_with(options).await.unwrap();
    sqlx::query(TABLE).execute(&pool).await.unwrap();
    SqliteLedger::new(pool).await.unwrap()
}

/// A schema of this test alone, or `None` with a word about it.
pub(crate) async fn postgres(test: &str) -> Option<PostgresLedger> {
    let Ok(url) = std::env::var("SINGAPAY_TEST_POSTGRES_URL") else {
        let required = std::env::var_os("SINGAPAY_TEST_REQUIRE_ALL").is_some();
        assert!(!required, "SINGAPAY_TEST_POSTGRES_URL is not set");
        println!("skipped: SINGAPAY_TEST_POSTGRES_URL is not set");
        return None;
    };
    let options: PgConnectOptions = url.parse().unwrap();
    let millis = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let mut schema = format!("test_{millis}_{}_{test}", std::process::id());
    schema.truncate(63);
    let admin = PgPool::connect(&url).await.unwrap();
    sqlx::raw_sql(&format!("CREATE SCHEMA {schema}"))
        .execute(&admin)
        .await
        .unwrap();
    let options = options.options([("search_path", schema)]);
    let pool = PgPoolOptions::new().max_connections(8);
    let pool = pool.connect_with(options).await.unwrap();
    sqlx::query(TABLE).execute(&pool).await.unwrap();
    Some(PostgresLedger::new(pool).await.unwrap())
}

/// A clock that moves when it is told to.
#[derive(Debug, Clone)]
pub(crate) struct Virtual(Arc<AtomicI64>);

impl Virtual {
    pub(crate) fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap();
        self.0.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Clock for Virtual {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.0.load(Ordering::Relaxed))
    }
}

/// A gate of a ledger, and the time that it goes by.
pub(crate) struct Bench<L> {
    pub(crate) clock: Virtual,
    pub(crate) gate: Gate<L>,
}

impl<L: Ledger> Bench<L> {
    pub(crate) fn new(ledger: L) -> Self {
        let clock = Virtual(Arc::new(AtomicI64::new(START)));
        let verifier = Verifier::builder()
            .key(WebhookKey::new("main", &Secret::new("secret")).partner_id("partner"))
            .path(PATH)
            .clock(clock.clone());
        let gate = Gate::new(verifier.build().unwrap().into(), ledger);
        Self { clock, gate }
    }

    pub(crate) fn paid(&self, number: u32) -> SignedDelivery {
        let body = format!(
            r#"{{"event":"va-transaction","data":{{"transaction":{{"status":"paid","reff_no":"INV-{number}","transaction_id":"T-1"}}}}}}"#
        );
        self.sign(body)
    }

    pub(crate) fn sign(&self, body: String) -> SignedDelivery {
        let now = self.clock.now();
        sign_delivery(&Secret::new("secret"), "partner", PATH, body, now).unwrap()
    }
}
