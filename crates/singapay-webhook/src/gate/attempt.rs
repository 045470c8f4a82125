//! One attempt at a delivery, from its transaction to its end.

use std::{panic::AssertUnwindSafe, pin::pin};

use futures_util::{
    FutureExt,
    future::{Either, select},
};
use singapay_core::BoxFuture;

use super::{
    AttemptEnd, Delivery, Gate, GateError, Handled, HandlerResult, Lease, Ledger, LedgerError,
    Receipt, Release, flow::failed,
};

impl<L: Ledger> Gate<L> {
    /// Makes the attempt, and gives it up when its lease ends.
    pub(super) async fn attempt<'env, F>(
        &self,
        lease: &Lease,
        delivery: Delivery<'env>,
        handler: F,
    ) -> Receipt
    where
        F: for<'a> FnOnce(
                &'a mut L::Transaction,
                &'a Delivery<'env>,
            ) -> BoxFuture<'a, HandlerResult>
            + Send,
    {
        let left = lease.until.since(self.now());
        let ended = {
            // Dropped at the end of this block, and its transaction with it.
            let attempt = pin!(self.run(lease, delivery, handler));
            match self.timer.get() {
                None => Some(attempt.await),
                Some(timer) => match select(attempt, timer.sleep(left)).await {
                    Either::Left((receipt, _)) => Some(receipt),
                    Either::Right(_) => None,
                },
            }
        };
        match ended {
            Some(receipt) => receipt,
            None => {
                self.ended(lease, AttemptEnd::Lost, GateError::TooSlow)
                    .await
            }
        }
    }

    async fn run<'env, F>(&self, lease: &Lease, delivery: Delivery<'env>, handler: F) -> Receipt
    where
        F: for<'a> FnOnce(
                &'a mut L::Transaction,
                &'a Delivery<'env>,
            ) -> BoxFuture<'a, HandlerResult>
            + Send,
    {
        let key = lease.key.clone();
        let ledger = &self.ledger;
        let mut transaction = match ledger.begin(lease, self.now()).await {
            Ok(transaction) => transaction,
            Err(error) => return self.failed(lease, error.into()).await,
        };
        let handling = async { handler(&mut transaction, &delivery).await };
        let error = match AssertUnwindSafe(handling).catch_unwind().await {
            Ok(Ok(Handled::Done)) => {
                return match ledger.finish(transaction, lease, self.now()).await {
                    Ok(true) => Receipt::Accepted { key },
                    Ok(false) => Receipt::LeaseLost { key },
                    Err(error) => self.failed(lease, error.into()).await,
                };
            }
            Ok(Ok(Handled::Later)) => {
                ledger.roll_back(transaction).await;
                return match self.release(lease, AttemptEnd::Later, None).await {
                    Ok(()) => Receipt::Later { key },
                    Err(error) => failed(key, error),
                };
            }
            Ok(Err(error)) => GateError::Handler(error),
            Err(_) => GateError::Panicked,
        };
        ledger.roll_back(transaction).await;
        self.failed(lease, error).await
    }

    async fn failed(&self, lease: &Lease, error: GateError) -> Receipt {
        self.ended(lease, AttemptEnd::Failed, error).await
    }

    async fn ended(&self, lease: &Lease, end: AttemptEnd, error: GateError) -> Receipt {
        let reason = Some(error.reason());
        // Where the ledger is down, the lease ends by itself.
        let _ = self.release(lease, end, reason).await;
        failed(lease.key.clone(), error)
    }

    /// Ends an attempt that came to nothing: the delivery waits, or a person is needed.
    pub(super) async fn release(
        &self,
        lease: &Lease,
        end: AttemptEnd,
        reason: Option<String>,
    ) -> Result<(), LedgerError> {
        let now = self.now();
        let failures = lease.failures.saturating_add(1);
        let wait = self.retry.after(failures);
        let due_at = wait.map(|wait| now.plus(wait));
        let release = Release::again(end, due_at, reason);
        let ours = self.ledger.release(lease, &release, now).await?;
        if ours && wait.is_none() {
            tracing::warn!(
                target: "singapay",
                key = lease.key,
                attempt = lease.attempt,
                "a webhook delivery needs a person: its attempts are used up"
            );
        }
        Ok(())
    }
}
