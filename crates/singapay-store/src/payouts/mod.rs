//! Payouts in SQL. Both databases understand the same statements.

#[cfg(feature = "postgres")]
mod postgres;
mod sql;
#[cfg(feature = "sqlite")]
mod sqlite;

#[cfg(feature = "postgres")]
pub use postgres::PostgresPayoutStore;
#[cfg(feature = "sqlite")]
pub use sqlite::SqlitePayoutStore;
