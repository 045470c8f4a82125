//! Money out: bank transfers, e-wallet top-ups, QRIS credits, cardless withdrawals.

use super::{
    record::{NewPayout, Payout, PayoutOutcome, PayoutStatus},
    webhook,
};
use crate::state::{Agenda, Books, Bucket, Cause, Due, World};

impl World {
    /// The payout that an account made under a reference.
    pub(crate) fn payout_by_reference(
        &self,
        product: &str,
        account: u64,
        reference: &str,
    ) -> Option<&Payout> {
        self.payouts
            .find(&Payout::reference_key(product, account, reference))
    }

    /// Takes the money at once and settles later.
    pub(crate) fn accept_payout(&mut self, new: NewPayout) -> u64 {
        let transaction_id = self.random.transaction_id(new.target.id_prefix(), self.now);
        let cause = Cause {
            transaction_id: &transaction_id,
            merchant_reff_no: Some(&new.reference),
            kind: new.target.product(),
        };
        self.post(new.account, Bucket::Available, -new.net, cause);
        self.post(new.account, Bucket::Available, -new.fee, cause);
        let settle_at = match new.outcome {
            PayoutOutcome::Never => None,
            _ => Some(self.now.plus(new.delay)),
        };
        let row = self.payouts.insert(Payout {
            account: new.account,
            reference: new.reference,
            net: new.net,
            fee: new.fee,
            status: PayoutStatus::Pending,
            outcome: new.outcome,
            posted_at: self.now,
            settle_at,
            processed_at: None,
            balance_after: self.available(new.account),
            notes: new.notes,
            target: new.target,
            transaction_id,
        });
        match settle_at {
            // Nothing to wait for: the answer tells the end already.
            Some(_) if new.delay.is_zero() => self.settle_payout(row),
            Some(at) => self.schedule(at, Due::Payout(row)),
            None => {}
        }
        row
    }

    /// Brings a pending payout to the end that was decided for it.
    pub(crate) fn settle_payout(&mut self, row: u64) {
        let now = self.now;
        let Some(payout) = self.payouts.get_mut(row) else {
            return;
        };
        if payout.status != PayoutStatus::Pending {
            return;
        }
        match payout.outcome {
            PayoutOutcome::Never => return,
            PayoutOutcome::Success => {
                payout.status = PayoutStatus::Success;
                payout.processed_at = Some(now);
            }
            PayoutOutcome::Failed { .. } => payout.status = PayoutStatus::Failed,
        }
        let payout = payout.clone();
        if payout.status == PayoutStatus::Failed {
            let cause = Cause {
                transaction_id: &payout.transaction_id,
                merchant_reff_no: Some(&payout.reference),
                kind: "refund",
            };
            self.post(payout.account, Bucket::Available, payout.gross(), cause);
        }
        webhook::announce_payout(self, &payout);
    }

    /// Decides a pending payout by hand and settles it now.
    pub(crate) fn decide_payout(&mut self, row: u64, outcome: PayoutOutcome) -> bool {
        let Some(payout) = self.payouts.get_mut(row) else {
            return false;
        };
        if payout.status != PayoutStatus::Pending {
            return false;
        }
        if outcome == PayoutOutcome::Never {
            payout.settle_at = None;
        }
        payout.outcome = outcome;
        self.settle_payout(row);
        true
    }
}

/// Plans again what is still ahead, after a restart.
pub(super) fn resume(world: &World, agenda: &mut Agenda) {
    for (row, payout) in world.payouts.iter() {
        if payout.status == PayoutStatus::Pending {
            agenda.extend(payout.settle_at.map(|at| (at, Due::Payout(row))));
        }
    }
}

pub(super) fn audit(world: &World, books: &mut Books) {
    for payout in world.payouts.values() {
        if payout.gross() != payout.net + payout.fee || payout.net <= 0 || payout.fee < 0 {
            let id = &payout.transaction_id;
            books.violations.push(format!("{id} is not net plus fee"));
        }
        if payout.status != PayoutStatus::Failed {
            books.paid_out += payout.gross();
        }
    }
}
