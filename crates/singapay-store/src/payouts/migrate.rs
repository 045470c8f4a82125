//! Tables, brought to their newest form. Steps are only ever added: what was released does not change.

/// Table that keeps the version which a database was brought to.
pub(super) const VERSIONS: &str =
    "CREATE TABLE IF NOT EXISTS payout_schema (version BIGINT PRIMARY KEY)";

/// The steps, the first one first.
#[cfg(feature = "sqlite")]
pub(super) const SQLITE: &[&str] = &[include_str!("../../migrations/sqlite/0001_payouts.sql")];
#[cfg(feature = "postgres")]
pub(super) const POSTGRES: &[&str] = &[include_str!("../../migrations/postgres/0001_payouts.sql")];

/// The statements of a step.
pub(super) fn statements(step: &'static str) -> impl Iterator<Item = &'static str> {
    let statements = step.split(';').map(str::trim);
    statements.filter(|statement| !statement.is_empty())
}
