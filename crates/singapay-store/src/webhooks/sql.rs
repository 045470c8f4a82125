//! The statements, and the rows as deliveries.

use singapay::{
    Timestamp,
    webhook::{
        AttemptEnd, DeliveryState, KeptDelivery, LedgerEntry, LedgerError, LedgerStep, SignedForm,
    },
};

use crate::sql::Failure;

pub(super) const INSERT: &str = "INSERT INTO webhook_delivery (delivery_key, state, attempt, failures, replayed, due_at, \
     received_at, kind, reference, body, form, key_name, partner_id, signed_at) \
     VALUES ($1, 'in_work', 1, 0, 0, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (delivery_key) DO NOTHING";

pub(super) const STANDING: &str =
    "SELECT state, due_at FROM webhook_delivery WHERE delivery_key = $1";

/// Takes the next attempt, unless one is being made or none is needed. Of a delivery that waits an end was noted; what
/// was in work was lost, and counts as a failure. A copy that came before the time of the sweep costs none: it gives back
/// here what its end takes, so that copies cannot use up the sweep's attempts.
pub(super) const TAKE: &str = "UPDATE webhook_delivery SET attempt = attempt + 1, \
     failures = failures + CASE WHEN state = 'in_work' THEN 1 \
     WHEN state = 'waiting' AND due_at > $2 AND failures > 0 THEN -1 ELSE 0 END, state = 'in_work', due_at = $3 \
     WHERE delivery_key = $1 AND (state IN ('waiting', 'needs_person') OR (state = 'in_work' AND due_at <= $2)) \
     RETURNING attempt, failures, replayed";

/// As [`TAKE`], of what is due.
pub(super) const TAKE_DUE: &str = "UPDATE webhook_delivery SET attempt = attempt + 1, \
     failures = failures + CASE state WHEN 'in_work' THEN 1 ELSE 0 END, state = 'in_work', due_at = $3 \
     WHERE delivery_key = $1 AND due_at <= $2 RETURNING attempt, failures, replayed";

pub(super) const BODY: &str = "SELECT kind, reference, body, form, key_name, partner_id, signed_at \
     FROM webhook_delivery WHERE delivery_key = $1";

/// Ends an attempt, if it is the last one and has not ended; with what its database asks beside.
macro_rules! end {
    ($more:literal) => {
        concat!(
            "UPDATE webhook_delivery SET state = $3, due_at = $4, failures = $5, replayed = $6, \
             finished_at = $7 WHERE delivery_key = $1 AND attempt = $2 AND state = 'in_work'",
            $more
        )
    };
}
pub(super) use end;

/// Notes the end of an attempt; what was noted stays.
pub(super) const NOTE: &str = "INSERT INTO webhook_attempt (delivery_key, attempt, ended, at, reason) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (delivery_key, attempt) DO NOTHING";

pub(super) const DUE: &str = "SELECT delivery_key FROM webhook_delivery WHERE due_at <= $1 \
     ORDER BY due_at, delivery_key LIMIT $2";

pub(super) const GET: &str = "SELECT delivery_key, state, kind, reference, attempt, failures, due_at, received_at, \
     finished_at FROM webhook_delivery WHERE delivery_key = $1";

pub(super) const LIST: &str = "SELECT delivery_key, state, kind, reference, attempt, failures, due_at, received_at, \
     finished_at FROM webhook_delivery WHERE state = $1 ORDER BY received_at, delivery_key LIMIT $2";

pub(super) const HISTORY: &str = "SELECT attempt, ended, at, reason FROM webhook_attempt WHERE delivery_key = $1 \
     ORDER BY attempt";

pub(super) const REPLAY: &str = "UPDATE webhook_delivery SET attempt = attempt + 1, failures = 0, replayed = 1, \
     state = 'waiting', due_at = $2, finished_at = NULL \
     WHERE delivery_key = $1 AND (state <> 'in_work' OR due_at <= $2) RETURNING attempt";

pub(super) const PRUNE: &str = "DELETE FROM webhook_delivery WHERE finished_at < $1";

pub(super) type Entry = (
    String,
    String,
    String,
    Option<String>,
    i64,
    i64,
    Option<i64>,
    i64,
    Option<i64>,
);

pub(super) fn entry(row: Entry) -> Result<LedgerEntry, LedgerError> {
    let (key, state, kind, reference, attempt, failures, due_at, received_at, finished_at) = row;
    Ok(LedgerEntry {
        key,
        state: self::state(&state)?,
        kind,
        reference,
        attempt: attempt.unsigned_abs(),
        failures: count(failures),
        due_at: due_at.map(Timestamp::from_unix_millis),
        received_at: Timestamp::from_unix_millis(received_at),
        finished_at: finished_at.map(Timestamp::from_unix_millis),
    })
}

pub(super) type Body = (
    String,
    Option<String>,
    Vec<u8>,
    String,
    String,
    Option<String>,
    i64,
);

pub(super) fn delivery(key: &str, row: Body) -> Result<KeptDelivery, LedgerError> {
    let (kind, reference, body, form, key_name, partner_id, signed_at) = row;
    let form = SignedForm::from_name(&form)
        .ok_or_else(|| LedgerError::new("a kept delivery has a form that is not known"))?;
    let signed_at = Timestamp::from_unix_millis(signed_at);
    let mut delivery = KeptDelivery::new(key.to_owned(), body.into(), form, signed_at);
    delivery.kind = kind;
    delivery.reference = reference;
    delivery.key_name = key_name;
    delivery.partner_id = partner_id;
    Ok(delivery)
}

pub(super) type Step = (i64, String, i64, Option<String>);

pub(super) fn step((attempt, end, at, reason): Step) -> Result<LedgerStep, LedgerError> {
    Ok(LedgerStep {
        attempt: attempt.unsigned_abs(),
        end: AttemptEnd::from_name(&end)
            .ok_or_else(|| LedgerError::new("an attempt has an end that is not known"))?,
        at: Timestamp::from_unix_millis(at),
        reason,
    })
}

pub(super) fn state(name: &str) -> Result<DeliveryState, LedgerError> {
    DeliveryState::from_name(name)
        .ok_or_else(|| LedgerError::new("a kept delivery has a state that is not known"))
}

pub(super) fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

pub(super) fn number(attempt: u64) -> i64 {
    i64::try_from(attempt).unwrap_or(i64::MAX)
}

/// An error of the database, without its values.
pub(super) fn failed(error: sqlx::Error) -> LedgerError {
    Failure::from(error).into()
}

/// Implementation that both ledgers share, by the type of their pool.
macro_rules! sql_ledger {
    ($ledger:ident, $database:ty) => {
        impl $ledger {
            /// Takes an attempt, and notes that the one before was lost if nothing is noted of it.
            async fn take(
                transaction: &mut Transaction<'static, $database>,
                statement: &'static str,
                key: &str,
                (now, until): (Timestamp, Timestamp),
            ) -> Result<Option<Lease>, LedgerError> {
                let taken: Option<(i64, i64, i64)> = sqlx::query_as(statement)
                    .bind(key)
                    .bind(now.unix_millis())
                    .bind(until.unix_millis())
                    .fetch_optional(&mut **transaction)
                    .await
                    .map_err(sql::failed)?;
                let Some((attempt, failures, replayed)) = taken else {
                    return Ok(None);
                };
                Self::note(transaction, key, (attempt - 1, "lost"), now, None).await?;
                let failures = sql::count(failures);
                let lease =
                    Lease::again(key, until, attempt.unsigned_abs(), failures, replayed != 0);
                Ok(Some(lease))
            }

            async fn note(
                transaction: &mut Transaction<'static, $database>,
                key: &str,
                (attempt, end): (i64, &str),
                now: Timestamp,
                reason: Option<&str>,
            ) -> Result<(), LedgerError> {
                sqlx::query(sql::NOTE)
                    .bind(key)
                    .bind(attempt)
                    .bind(end)
                    .bind(now.unix_millis())
                    .bind(reason)
                    .execute(&mut **transaction)
                    .await
                    .map_err(sql::failed)?;
                Ok(())
            }

            /// Ends an attempt in a transaction, and commits it if the lease is still ours.
            async fn end(
                mut transaction: Transaction<'static, $database>,
                lease: &Lease,
                release: &Release,
                now: Timestamp,
            ) -> Result<bool, LedgerError> {
                if !Self::is_open(&mut transaction).await? {
                    transaction.rollback().await.map_err(sql::failed)?;
                    return Err(LedgerError::new("the transaction had ended before its end"));
                }
                let attempt = sql::number(lease.attempt);
                let finished = release.is_final();
                let failures = if finished {
                    0
                } else {
                    i64::from(lease.failures) + 1
                };
                let ended = sqlx::query(Self::END)
                    .bind(&lease.key)
                    .bind(attempt)
                    .bind(release.state.as_str())
                    .bind(release.due_at.map(Timestamp::unix_millis))
                    .bind(failures)
                    .bind(i64::from(lease.replayed && !finished))
                    .bind(finished.then(|| now.unix_millis()))
                    .execute(&mut *transaction)
                    .await
                    .map_err(sql::failed)?;
                if ended.rows_affected() == 0 {
                    transaction.rollback().await.map_err(sql::failed)?;
                    return Ok(false);
                }
                let (end, reason) = (release.end.as_str(), release.reason.as_deref());
                Self::note(&mut transaction, &lease.key, (attempt, end), now, reason).await?;
                transaction.commit().await.map_err(sql::failed)?;
                Ok(true)
            }

            /// State and due time.
            async fn standing(
                &self,
                key: &str,
            ) -> Result<Option<(DeliveryState, Option<i64>)>, LedgerError> {
                let row: Option<(String, Option<i64>)> = sqlx::query_as(sql::STANDING)
                    .bind(key)
                    .fetch_optional(&self.pool)
                    .await
                    .map_err(sql::failed)?;
                row.map(|(state, due_at)| Ok((sql::state(&state)?, due_at)))
                    .transpose()
            }
        }

        impl Ledger for $ledger {
            type Transaction = Transaction<'static, $database>;

            async fn claim(
                &self,
                delivery: &KeptDelivery,
                now: Timestamp,
                until: Timestamp,
            ) -> Result<Claimed, LedgerError> {
                let key = &delivery.key;
                let inserted = sqlx::query(sql::INSERT)
                    .bind(key)
                    .bind(until.unix_millis())
                    .bind(now.unix_millis())
                    .bind(&delivery.kind)
                    .bind(delivery.reference.as_deref())
                    .bind(&delivery.body[..])
                    .bind(delivery.form.as_str())
                    .bind(&delivery.key_name)
                    .bind(delivery.partner_id.as_deref())
                    .bind(delivery.signed_at.unix_millis())
                    .execute(&self.pool)
                    .await
                    .map_err(sql::failed)?;
                if inserted.rows_affected() == 1 {
                    return Ok(Claimed::Ours(Lease::first(key, until)));
                }
                match self.standing(key).await? {
                    Some((DeliveryState::Done | DeliveryState::NoEvent, _)) => {
                        return Ok(Claimed::Done);
                    }
                    Some((DeliveryState::InWork, Some(at))) if at > now.unix_millis() => {
                        return Ok(Claimed::InWork);
                    }
                    _ => {}
                }
                let mut transaction = self.begin_own().await?;
                let times = (now, until);
                let Some(lease) = Self::take(&mut transaction, sql::TAKE, key, times).await? else {
                    // Somebody was faster; the next copy sees how that ended.
                    transaction.rollback().await.map_err(sql::failed)?;
                    return Ok(Claimed::InWork);
                };
                transaction.commit().await.map_err(sql::failed)?;
                Ok(Claimed::Ours(lease))
            }

            async fn claim_due(
                &self,
                key: &str,
                now: Timestamp,
                until: Timestamp,
            ) -> Result<Option<(Lease, KeptDelivery)>, LedgerError> {
                let mut transaction = self.begin_own().await?;
                let times = (now, until);
                let Some(lease) = Self::take(&mut transaction, sql::TAKE_DUE, key, times).await?
                else {
                    transaction.rollback().await.map_err(sql::failed)?;
                    return Ok(None);
                };
                let body: sql::Body = sqlx::query_as(sql::BODY)
                    .bind(key)
                    .fetch_one(&mut *transaction)
                    .await
                    .map_err(sql::failed)?;
                transaction.commit().await.map_err(sql::failed)?;
                Ok(Some((lease, sql::delivery(key, body)?)))
            }

            async fn begin(
                &self,
                lease: &Lease,
                now: Timestamp,
            ) -> Result<Self::Transaction, LedgerError> {
                self.begin_attempt(lease.until.since(now)).await
            }

            async fn finish(
                &self,
                transaction: Self::Transaction,
                lease: &Lease,
                now: Timestamp,
            ) -> Result<bool, LedgerError> {
                Self::end(transaction, lease, &Release::done(), now).await
            }

            async fn roll_back(&self, mut transaction: Self::Transaction) {
                // A connection that cannot say so ends, and its transaction with it.
                let _ = Self::is_open(&mut transaction).await;
                let _ = transaction.rollback().await;
            }

            async fn release(
                &self,
                lease: &Lease,
                release: &Release,
                now: Timestamp,
            ) -> Result<bool, LedgerError> {
                Self::end(self.begin_own().await?, lease, release, now).await
            }

            async fn due(&self, now: Timestamp, most: u32) -> Result<Vec<String>, LedgerError> {
                let rows: Vec<(String,)> = sqlx::query_as(sql::DUE)
                    .bind(now.unix_millis())
                    .bind(i64::from(most))
                    .fetch_all(&self.pool)
                    .await
                    .map_err(sql::failed)?;
                Ok(rows.into_iter().map(|(key,)| key).collect())
            }

            async fn get(&self, key: &str) -> Result<Option<LedgerEntry>, LedgerError> {
                let row: Option<sql::Entry> = sqlx::query_as(sql::GET)
                    .bind(key)
                    .fetch_optional(&self.pool)
                    .await
                    .map_err(sql::failed)?;
                row.map(sql::entry).transpose()
            }

            async fn list(
                &self,
                state: DeliveryState,
                most: u32,
            ) -> Result<Vec<LedgerEntry>, LedgerError> {
                let rows: Vec<sql::Entry> = sqlx::query_as(sql::LIST)
                    .bind(state.as_str())
                    .bind(i64::from(most))
                    .fetch_all(&self.pool)
                    .await
                    .map_err(sql::failed)?;
                rows.into_iter().map(sql::entry).collect()
            }

            async fn history(&self, key: &str) -> Result<Vec<LedgerStep>, LedgerError> {
                let rows: Vec<sql::Step> = sqlx::query_as(sql::HISTORY)
                    .bind(key)
                    .fetch_all(&self.pool)
                    .await
                    .map_err(sql::failed)?;
                rows.into_iter().map(sql::step).collect()
            }

            async fn replay(&self, key: &str, now: Timestamp) -> Result<Replayed, LedgerError> {
                let mut transaction = self.begin_own().await?;
                let replayed: Option<(i64,)> = sqlx::query_as(sql::REPLAY)
                    .bind(key)
                    .bind(now.unix_millis())
                    .fetch_optional(&mut *transaction)
                    .await
                    .map_err(sql::failed)?;
                let Some((attempt,)) = replayed else {
                    transaction.rollback().await.map_err(sql::failed)?;
                    return Ok(match self.standing(key).await? {
                        None => Replayed::NotFound,
                        Some(_) => Replayed::InWork,
                    });
                };
                for (attempt, end) in [(attempt - 1, "lost"), (attempt, "replayed")] {
                    Self::note(&mut transaction, key, (attempt, end), now, None).await?;
                }
                transaction.commit().await.map_err(sql::failed)?;
                Ok(Replayed::Due)
            }

            async fn prune(&self, horizon: Horizon) -> Result<u64, LedgerError> {
                let pruned = sqlx::query(sql::PRUNE)
                    .bind(horizon.before().unix_millis())
                    .execute(&self.pool)
                    .await
                    .map_err(sql::failed)?;
                Ok(pruned.rows_affected())
            }
        }

        impl fmt::Debug for $ledger {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($ledger)).finish_non_exhaustive()
            }
        }
    };
}
pub(super) use sql_ledger;
