//! Stores that several processes share, each behind a feature.
//!
//! | Feature | Store |
//! |---|---|
//! | `redis` | `RedisTokenStore`: one access token and one refresh for all processes |
//! | `sqlite` | `SqlitePayoutStore`, `SqliteLedger`: payouts and webhooks of the processes of one machine, in a file |
//! | `postgres` | `PostgresPayoutStore`, `PostgresLedger`: payouts and webhooks of many machines |
//!
//! The tables are described in `SCHEMA.md` of this crate, for reports.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod payouts;
#[cfg(feature = "redis")]
mod redis_tokens;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod sql;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod webhooks;

#[cfg(feature = "postgres")]
pub use payouts::PostgresPayoutStore;
#[cfg(feature = "sqlite")]
pub use payouts::SqlitePayoutStore;
#[cfg(feature = "redis")]
pub use redis_tokens::{RedisAddressError, RedisTokenStore};
#[cfg(feature = "postgres")]
pub use webhooks::PostgresLedger;
#[cfg(feature = "sqlite")]
pub use webhooks::SqliteLedger;
