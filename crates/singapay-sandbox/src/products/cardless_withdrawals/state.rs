//! Cardless withdrawals: money locked until somebody fetches it at a machine.

use super::record::{CardlessStatus, CardlessWithdrawal};
use crate::{
    customer::CustomerError,
    state::{Agenda, Books, Bucket, Cause, Due, World},
};

impl World {
    /// Locks the money; every check has been made.
    pub(crate) fn open_cardless(&mut self, cash: CardlessWithdrawal) -> u64 {
        self.shift(cash.account, Bucket::Available, Bucket::Held, cash.total());
        let at = cash.expires_at;
        let row = self.cardless_withdrawals.insert(cash);
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
        let cash = self
            .cardless_withdrawals
            .get_mut(row)
            .ok_or_else(|| CustomerError::Unknown(row.to_string()))?;
        if !cash.is_open() {
            return Err(CustomerError::AlreadyDecided(cash.status.word().to_owned()));
        }
        cash.status = status;
        cash.updated_at = now;
        if status == CardlessStatus::Success {
            cash.processed_at = Some(now);
        }
        let cash = cash.clone();
        if status == CardlessStatus::Success {
            let cause = Cause {
                transaction_id: &cash.transaction_id,
                merchant_reff_no: Some(&cash.reference),
                kind: "cardless-withdrawal",
            };
            self.post(cash.account, Bucket::Held, -cash.amount, cause);
            self.post(
                cash.account,
                Bucket::Held,
                -(cash.vendor_fee + cash.margin),
                cause,
            );
        } else {
            self.shift(cash.account, Bucket::Held, Bucket::Available, cash.total());
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

/// What is held for money that nobody has fetched yet, and what was fetched.
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
