//! One suite for all ledgers of webhooks: in memory, SQLite, and a real PostgreSQL at `SINGAPAY_TEST_POSTGRES_URL`.

#![allow(clippy::unwrap_used)]

mod effects;
mod ledgers;
mod machine;
