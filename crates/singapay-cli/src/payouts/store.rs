//! The store that a URL names.

use std::{path::Path, sync::Arc};

use singapay::{MemoryPayoutStore, PayoutStore};
use singapay_store::SqlitePayoutStore;

use super::failure::Failure;

pub(crate) type Store = Arc<dyn PayoutStore>;

/// What to do where no store is yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    Make,
    Refuse,
    /// Leave no trace: an empty one that nobody keeps.
    Pretend,
}

/// Opens it.
pub(crate) async fn open(url: &str, missing: Missing) -> Result<Store, Failure> {
    if let Some(path) = url.strip_prefix("sqlite://") {
        if path.is_empty() || path.contains('?') {
            let text = "--store sqlite://FILE takes the path of a file and nothing else";
            return Err(Failure::Unusable(text.to_owned()));
        }
        match (missing, Path::new(path).exists()) {
            (Missing::Refuse, false) => {
                let text = "the store's file is not there";
                return Err(Failure::Unusable(text.to_owned()));
            }
            (Missing::Pretend, false) => return Ok(Arc::new(MemoryPayoutStore::new())),
            _ => {}
        }
        return Ok(Arc::new(SqlitePayoutStore::open(path).await?));
    }
    let Some(rest) = ["postgres://", "postgresql://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme))
    else {
        let text = "--store must be sqlite://FILE or postgres://USER@HOST/NAME";
        return Err(Failure::Unusable(text.to_owned()));
    };
    if holds_password(rest) {
        let text = "--store must not hold a password, which every user of this machine could read: \
                    use PGPASSWORD or ~/.pgpass";
        return Err(Failure::Unusable(text.to_owned()));
    }
    postgres(url, missing).await
}

#[cfg(feature = "postgres")]
async fn postgres(url: &str, missing: Missing) -> Result<Store, Failure> {
    // One that is not there is told soon.
    let pool =
        sqlx::postgres::PgPoolOptions::new().acquire_timeout(std::time::Duration::from_secs(10));
    let pool = pool.connect(url).await;
    let pool = pool.map_err(|_| {
        Failure::Unusable("the database cannot be reached, or refuses the user".to_owned())
    })?;
    if missing != Missing::Make {
        let table = sqlx::query_scalar("SELECT to_regclass('payout') IS NOT NULL");
        let is_made: bool = table.fetch_one(&pool).await.map_err(|_| {
            Failure::Unusable("the database does not tell which tables it has".to_owned())
        })?;
        match (missing, is_made) {
            (Missing::Pretend, false) => return Ok(Arc::new(MemoryPayoutStore::new())),
            (Missing::Refuse, false) => {
                let text = "the database holds no payouts yet";
                return Err(Failure::Unusable(text.to_owned()));
            }
            _ => {}
        }
    }
    Ok(Arc::new(
        singapay_store::PostgresPayoutStore::new(pool).await?,
    ))
}

#[cfg(not(feature = "postgres"))]
async fn postgres(_: &str, _: Missing) -> Result<Store, Failure> {
    Err(Failure::Unusable(
        "built without the feature `postgres`".to_owned(),
    ))
}

/// True if a URL without its scheme has one, before the host or among the settings.
fn holds_password(rest: &str) -> bool {
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, settings) = rest.split_at(end);
    let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
    user.contains(':') || settings.to_ascii_lowercase().contains("password")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_found_wherever_it_stands() {
        for (rest, holds) in [
            ("pay@db.example/pay", false),
            ("db.example:5432/pay", false),
            ("pay@[::1]:5432/pay?sslmode=verify-full", false),
            ("pay:secret@db.example/pay", true),
            ("pay:se@cret@db.example/pay", true),
            ("db.example/pay?user=pay&password=secret", true),
        ] {
            assert_eq!(holds_password(rest), holds, "{rest}");
        }
    }
}
