//! The statements, and the rows as records.

use singapay::{PayoutFacts, PayoutProgress, PayoutRecord, Reserve, Share, StoreError, Timestamp};

use crate::sql::Failure;

pub(super) const COLUMNS: &str =
    "reference, state, version, facts, progress, created_at, updated_at";

pub(super) const INSERT: &str = "INSERT INTO payout (reference, state, version, operation, account, amount, gross, \
     bank, transaction_id, reason, due_at, created_at, updated_at, facts, progress) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
     ON CONFLICT (reference) DO NOTHING";

pub(super) const UPDATE: &str = "UPDATE payout SET state = $2, version = $3, operation = $4, account = $5, amount = $6, \
     gross = $7, bank = $8, transaction_id = $9, reason = $10, due_at = $11, created_at = $12, updated_at = $13, \
     facts = $14, progress = $15 WHERE reference = $1 AND version = $3 - 1";

pub(super) const STEP: &str =
    "INSERT INTO payout_step (reference, version, state, at, reason) VALUES ($1, $2, $3, $4, $5)";

pub(super) const TAKE: &str = "INSERT INTO payout_day (day, scope, used) VALUES ($1, $2, $3) \
     ON CONFLICT (day, scope) DO UPDATE SET used = payout_day.used + $3 \
     WHERE payout_day.used + $3 <= $4";

pub(super) const DUE: &str =
    "SELECT reference FROM payout WHERE due_at <= $1 ORDER BY due_at, reference LIMIT $2";

pub(super) const HISTORY: &str =
    "SELECT version, state, at, reason FROM payout_step WHERE reference = $1 ORDER BY version";

pub(super) const USED: &str = "SELECT used FROM payout_day WHERE day = $1 AND scope = $2";

/// One row of the table.
pub(super) type Row = (String, String, i64, String, String, i64, i64);

pub(super) fn record(row: Row) -> Result<PayoutRecord, StoreError> {
    let (reference, state, version, facts, progress, created_at, updated_at) = row;
    let unreadable = |_| StoreError::new("a stored payout cannot be read");
    let facts: PayoutFacts = serde_json::from_str(&facts).map_err(unreadable)?;
    let progress: PayoutProgress = serde_json::from_str(&progress).map_err(unreadable)?;
    let state = state
        .parse()
        .map_err(|_| StoreError::new("a stored payout has a state that is not known"))?;
    Ok(PayoutRecord::new(
        reference,
        state,
        version.unsigned_abs(),
        facts,
        progress,
        (
            Timestamp::from_unix_millis(created_at),
            Timestamp::from_unix_millis(updated_at),
        ),
    ))
}

/// Values as the database has them, in the order of the statements.
pub(super) struct Values<'a> {
    pub(super) record: &'a PayoutRecord,
    pub(super) version: i64,
    pub(super) facts: String,
    pub(super) progress: String,
    pub(super) due_at: Option<i64>,
}

impl<'a> Values<'a> {
    pub(super) fn of(record: &'a PayoutRecord) -> Result<Self, StoreError> {
        let failed = |_| StoreError::new("a payout cannot be written");
        Ok(Self {
            version: i64::try_from(record.version)
                .map_err(|_| StoreError::new("a payout has made too many steps"))?,
            facts: serde_json::to_string(&record.facts).map_err(failed)?,
            progress: serde_json::to_string(&record.progress).map_err(failed)?,
            due_at: record.due_at().map(Timestamp::unix_millis),
            record,
        })
    }
}

/// Shares in one order for everybody, so that no two transactions wait for each other.
pub(super) fn in_order(reserves: &[Reserve]) -> Vec<&Reserve> {
    let mut reserves: Vec<_> = reserves.iter().collect();
    let key = |share: &Share| (share.day.clone(), share.scope.clone(), share.amount);
    reserves.sort_by_key(|reserve| key(&reserve.share));
    reserves
}

/// An error of the database, without its values.
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    Failure::from(error).into()
}

/// Implementation that both stores share, by the type of their pool.
macro_rules! sql_store {
    ($store:ident, $database:ty) => {
        impl $store {
            async fn reserve(
                transaction: &mut sqlx::Transaction<'_, $database>,
                reserves: &[Reserve],
            ) -> Result<Option<Share>, StoreError> {
                for Reserve { share, limit, .. } in sql::in_order(reserves) {
                    // A share that is given back always fits.
                    let limit = limit.filter(|_| share.amount > 0).unwrap_or(i64::MAX);
                    if share.amount > limit {
                        return Ok(Some(share.clone()));
                    }
                    let taken = sqlx::query(sql::TAKE)
                        .bind(&share.day)
                        .bind(&share.scope)
                        .bind(share.amount)
                        .bind(limit)
                        .execute(&mut **transaction)
                        .await
                        .map_err(sql::failed)?;
                    if taken.rows_affected() == 0 {
                        return Ok(Some(share.clone()));
                    }
                }
                Ok(None)
            }

            async fn write(
                transaction: &mut sqlx::Transaction<'_, $database>,
                statement: &str,
                record: &PayoutRecord,
            ) -> Result<bool, StoreError> {
                let values = Values::of(record)?;
                let (facts, progress) = (&record.facts, &record.progress);
                let changed = sqlx::query(statement)
                    .bind(&record.reference)
                    .bind(record.state.as_str())
                    .bind(values.version)
                    .bind(&facts.operation)
                    .bind(facts.account.as_deref())
                    .bind(facts.amount.map(Rupiah::value))
                    .bind(progress.gross.map(Rupiah::value))
                    .bind(facts.bank.as_deref())
                    .bind(progress.transaction_id.as_deref())
                    .bind(progress.reason.as_deref())
                    .bind(values.due_at)
                    .bind(record.created_at.unix_millis())
                    .bind(record.updated_at.unix_millis())
                    .bind(&values.facts)
                    .bind(&values.progress)
                    .execute(&mut **transaction)
                    .await
                    .map_err(sql::failed)?;
                if changed.rows_affected() == 0 {
                    return Ok(false);
                }
                sqlx::query(sql::STEP)
                    .bind(&record.reference)
                    .bind(values.version)
                    .bind(record.state.as_str())
                    .bind(record.updated_at.unix_millis())
                    .bind(values.record.progress.reason.as_deref())
                    .execute(&mut **transaction)
                    .await
                    .map_err(sql::failed)?;
                Ok(true)
            }

            async fn find(&self, reference: &str) -> Result<Option<PayoutRecord>, StoreError> {
                let statement = format!("SELECT {} FROM payout WHERE reference = $1", sql::COLUMNS);
                let row: Option<sql::Row> = sqlx::query_as(&statement)
                    .bind(reference)
                    .fetch_optional(&self.pool)
                    .await
                    .map_err(sql::failed)?;
                row.map(sql::record).transpose()
            }
        }

        impl PayoutStore for $store {
            fn insert<'a>(
                &'a self,
                record: &'a PayoutRecord,
                reserves: &'a [Reserve],
            ) -> BoxFuture<'a, Result<Inserted, StoreError>> {
                Box::pin(async move {
                    let mut transaction = self.begin().await?;
                    if !Self::write(&mut transaction, sql::INSERT, record).await? {
                        transaction.rollback().await.map_err(sql::failed)?;
                        let stored = self.find(&record.reference).await?;
                        let stored = stored
                            .ok_or_else(|| StoreError::new("a payout was there and is gone"))?;
                        return Ok(Inserted::Exists(Box::new(stored)));
                    }
                    if let Some(share) = Self::reserve(&mut transaction, reserves).await? {
                        transaction.rollback().await.map_err(sql::failed)?;
                        return Ok(Inserted::OverLimit(share));
                    }
                    transaction.commit().await.map_err(sql::failed)?;
                    Ok(Inserted::New)
                })
            }

            fn get<'a>(
                &'a self,
                reference: &'a str,
            ) -> BoxFuture<'a, Result<Option<PayoutRecord>, StoreError>> {
                Box::pin(self.find(reference))
            }

            fn update<'a>(
                &'a self,
                record: &'a PayoutRecord,
                reserves: &'a [Reserve],
            ) -> BoxFuture<'a, Result<Updated, StoreError>> {
                Box::pin(async move {
                    let mut transaction = self.begin().await?;
                    if !Self::write(&mut transaction, sql::UPDATE, record).await? {
                        transaction.rollback().await.map_err(sql::failed)?;
                        return Ok(Updated::Stale);
                    }
                    if let Some(share) = Self::reserve(&mut transaction, reserves).await? {
                        transaction.rollback().await.map_err(sql::failed)?;
                        return Ok(Updated::OverLimit(share));
                    }
                    transaction.commit().await.map_err(sql::failed)?;
                    Ok(Updated::Done)
                })
            }

            fn due(
                &self,
                now: Timestamp,
                most: u32,
            ) -> BoxFuture<'_, Result<Vec<String>, StoreError>> {
                Box::pin(async move {
                    let rows: Vec<(String,)> = sqlx::query_as(sql::DUE)
                        .bind(now.unix_millis())
                        .bind(i64::from(most))
                        .fetch_all(&self.pool)
                        .await
                        .map_err(sql::failed)?;
                    Ok(rows.into_iter().map(|(reference,)| reference).collect())
                })
            }

            fn in_state<'a>(
                &'a self,
                state: PayoutState,
                after: &'a str,
                most: u32,
            ) -> BoxFuture<'a, Result<Vec<PayoutRecord>, StoreError>> {
                Box::pin(async move {
                    let statement = format!(
                        "SELECT {} FROM payout WHERE state = $1 AND reference > $2 \
                         ORDER BY reference LIMIT $3",
                        sql::COLUMNS
                    );
                    let rows: Vec<sql::Row> = sqlx::query_as(&statement)
                        .bind(state.as_str())
                        .bind(after)
                        .bind(i64::from(most))
                        .fetch_all(&self.pool)
                        .await
                        .map_err(sql::failed)?;
                    rows.into_iter().map(sql::record).collect()
                })
            }

            fn history<'a>(
                &'a self,
                reference: &'a str,
            ) -> BoxFuture<'a, Result<Vec<PayoutEvent>, StoreError>> {
                Box::pin(async move {
                    let rows: Vec<(i64, String, i64, Option<String>)> =
                        sqlx::query_as(sql::HISTORY)
                            .bind(reference)
                            .fetch_all(&self.pool)
                            .await
                            .map_err(sql::failed)?;
                    let event =
                        |(version, state, at, reason): (i64, String, i64, Option<String>)| {
                            let state = state.parse().map_err(StoreError::new)?;
                            let at = Timestamp::from_unix_millis(at);
                            Ok(PayoutEvent::new(version.unsigned_abs(), state, at, reason))
                        };
                    rows.into_iter().map(event).collect()
                })
            }

            fn used<'a>(
                &'a self,
                day: &'a str,
                scope: &'a str,
            ) -> BoxFuture<'a, Result<i64, StoreError>> {
                Box::pin(async move {
                    let row: Option<(i64,)> = sqlx::query_as(sql::USED)
                        .bind(day)
                        .bind(scope)
                        .fetch_optional(&self.pool)
                        .await
                        .map_err(sql::failed)?;
                    Ok(row.map_or(0, |(used,)| used))
                })
            }
        }

        impl fmt::Debug for $store {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($store)).finish_non_exhaustive()
            }
        }
    };
}
pub(super) use sql_store;
