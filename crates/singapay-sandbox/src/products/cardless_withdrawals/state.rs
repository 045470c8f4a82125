//! Cardless withdrawals: money locked until somebody fetches it at a machine.

use super::record::{CardlessStatus, CardlessWithdrawal};
use crate::{
    customer::CustomerError,
    state::{Agenda, Books, Bucket, Cause, Due, World},
};

impl World {
    /// Locks the money; every check has been made.
    pub(crate) fn open_cardless(&mut self, withdrawal: CardlessWithdrawal) -> u64 {
        self.shift(
            withdrawal.account,
            Bucket::Available,
            Bucket::Held,
            withdrawal.total(),
        );
        let at = withdrawal.expires_at;
        let row = self.cardless_withdrawals.insert(withdrawal);
        self.schedule(at, Due::CardlessExpiry(row));
        row
    }

    /// Ends a withdrawal that nobody fetched, unless it has ended before.
    pub(crate) fn expire_cardless(&mut self, row: u64) {
        let _ = self.end_cardless(row, CardlessStatus::Expired);
    }

    /// Ends an open withdrawal: the locked money is paid out, or goes back.
    pub(crate) fn end_cardless(
        &mut self,
        row: u64,
        status: CardlessStatus,
    ) -> Result<(), CustomerError> {
        let now = self.now;
        let withdrawal = self
            .cardless_withdrawals
            .get_mut(row)
            .ok_or_else(|| CustomerError::Unknown(row.to_string()))?;
        if !withdrawal.is_open() {
            return Err(CustomerError::AlreadyDecided(
                withdrawal.status.word().to_owned(),
            ));
        }
        withdrawal.status = status;
        withdrawal.updated_at = now;
        if status == CardlessStatus::Success {
            withdrawal.processed_at = Some(now);
        }
        let withdrawal = withdrawal.clone();
        if status == CardlessStatus::Success {
            let cause = Cause {
                transaction_id: &withdrawal.transaction_id,
                merchant_reff_no: Some(&withdrawal.reference),
                kind: "cardless-withdrawal",
            };
            self.post(withdrawal.account, Bucket::Held, -withdrawal.amount, cause);
            self.post(
                withdrawal.account,
                Bucket::Held,
                -(withdrawal.vendor_fee + withdrawal.margin),
                cause,
            );
        } else {
            self.shift(
                withdrawal.account,
                Bucket::Held,
                Bucket::Available,
                withdrawal.total(),
            );
        }
        Ok(())
    }
}

/// Plans again what is still ahead, after a restart.
pub(super) fn resume(world: &World, agenda: &mut Agenda) {
    for (row, withdrawal) in world.cardless_withdrawals.iter() {
        if withdrawal.is_open() {
            agenda.push((withdrawal.expires_at, Due::CardlessExpiry(row)));
        }
    }
}

/// Adds money that is held until it is fetched, and money that was fetched.
pub(super) fn audit(world: &World, books: &mut Books) {
    for withdrawal in world.cardless_withdrawals.values() {
        let total = withdrawal.total();
        match withdrawal.status {
            CardlessStatus::Open => *books.held.entry(withdrawal.account).or_default() += total,
            CardlessStatus::Success => books.paid_out += total,
            CardlessStatus::Expired | CardlessStatus::Canceled => {}
        }
    }
}
