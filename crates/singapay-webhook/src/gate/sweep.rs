//! Deliveries that were kept and not dealt with.

use std::marker::PhantomData;

use singapay_core::BoxFuture;

use super::{
    AttemptEnd, Delivery, Gate, HandlerResult, KeptDelivery, Lease, Ledger, LedgerError, Origin,
    Receipt, flow::origin,
};
use crate::VerifiedEvent;

/// Deliveries that one sweep takes at most.
const MOST: u32 = 1_000;

/// What a sweep did.
///
/// [`Gate`](crate::Gate) shows where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Swept {
    /// Dealt with.
    pub accepted: u32,
    /// Waiting again: the handler said [`Handled::Later`](crate::Handled::Later).
    pub later: u32,
    /// Waiting again, or for a person: the handler failed, or every attempt was lost.
    pub failed: u32,
    /// Taken by somebody else meanwhile.
    pub in_progress: u32,
    /// There may be more: sweep again.
    pub more: bool,
}

impl<L: Ledger> Gate<L> {
    /// Tries again what was kept and not dealt with, as far as it is due: what crashed, failed, or came too early.
    /// One after the other, up to a thousand.
    ///
    /// Call it every half minute or so, in any number of processes: the gateway stops after some minutes.
    ///
    /// # Errors
    ///
    /// The ledger failed. A handler that fails is no error: its deliveries wait for the next time, or for a person.
    pub async fn sweep<'env, F>(&self, handler: F) -> Result<Swept, LedgerError>
    where
        F: for<'a> Fn(&'a mut L::Transaction, &'a Delivery<'env>) -> BoxFuture<'a, HandlerResult>
            + Send
            + Sync,
    {
        let keys = self.ledger.due(self.now(), MOST).await?;
        let mut swept = Swept {
            more: u32::try_from(keys.len()).is_ok_and(|found| found == MOST),
            ..Swept::default()
        };
        for key in keys {
            let (now, until) = self.lease();
            let counted = match self.ledger.claim_due(&key, now, until).await? {
                None => &mut swept.in_progress,
                Some((lease, kept)) => match self.again(&lease, kept, &handler).await? {
                    Some(Receipt::Accepted { .. }) => &mut swept.accepted,
                    Some(Receipt::Later { .. }) => &mut swept.later,
                    Some(Receipt::LeaseLost { .. }) => &mut swept.in_progress,
                    // Also where the transaction of this one cannot be committed: the others must not wait for it.
                    _ => &mut swept.failed,
                },
            };
            *counted += 1;
        }
        Ok(swept)
    }

    /// The next attempt; nothing if there is none to make.
    async fn again<'env, F>(
        &self,
        lease: &Lease,
        kept: KeptDelivery,
        handler: &F,
    ) -> Result<Option<Receipt>, LedgerError>
    where
        F: for<'a> Fn(&'a mut L::Transaction, &'a Delivery<'env>) -> BoxFuture<'a, HandlerResult>
            + Send
            + Sync,
    {
        if self.retry.after(lease.failures).is_none() {
            let reason = "its attempts were lost";
            self.release(lease, AttemptEnd::Failed, Some(reason.to_owned()))
                .await?;
            return Ok(None);
        }
        let Some(verified) = kept.verified() else {
            let reason = "its body in the ledger is not the one that was proven";
            self.release(lease, AttemptEnd::Failed, Some(reason.to_owned()))
                .await?;
            return Ok(None);
        };
        let Ok(event) = VerifiedEvent::read(verified) else {
            self.set_aside(lease).await?;
            return Ok(None);
        };
        let delivery = Delivery {
            event,
            key: lease.key.clone(),
            attempt: lease.attempt,
            origin: origin(lease, Origin::Swept),
            env: PhantomData,
        };
        Ok(Some(self.attempt(lease, delivery, handler).await))
    }
}
