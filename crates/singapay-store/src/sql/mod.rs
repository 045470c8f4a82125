//! What all tables share: how they are made, opened, and how a failure is told.

#[cfg(feature = "postgres")]
pub(crate) mod postgres;
mod schema;
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite;

pub(crate) use schema::Schema;
use singapay::{StoreError, webhook::LedgerError};

/// A failure of the database in words, without its values.
pub(crate) struct Failure(pub(crate) String);

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self(match &error {
            sqlx::Error::Database(error) => {
                let code = error.code().unwrap_or_default();
                format!("the database refused it with {code}")
            }
            sqlx::Error::PoolTimedOut => "no connection was free in time".to_owned(),
            sqlx::Error::Io(_) => "the connection broke".to_owned(),
            sqlx::Error::PoolClosed => "it is closed".to_owned(),
            _ => "the database cannot be used".to_owned(),
        })
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        Self::new(failure.0)
    }
}

impl From<Failure> for LedgerError {
    fn from(failure: Failure) -> Self {
        Self::new(failure.0)
    }
}
