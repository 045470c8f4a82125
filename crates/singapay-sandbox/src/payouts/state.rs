//! Money out: bank transfers, e-wallet top-ups, QRIS credits, cardless withdrawals.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::webhook;
use crate::{
    audit::Books,
    part::Agenda,
    state::{Bucket, Cause, Due, Record, World},
    wire_time::At,
};

/// Where the money goes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Target {
    Bank {
        code: String,
        short_name: String,
        account_name: String,
        account_number: String,
    },
    Wallet {
        code: String,
        customer_number: String,
        customer_name: String,
    },
    Qris {
        qr_data: String,
        kind: String,
    },
}

impl Target {
    /// Scope of the merchant's reference, and the statement's word for the product.
    pub(crate) fn product(&self) -> &'static str {
        match self {
            Self::Bank { .. } => "disbursement",
            Self::Wallet { .. } => "ewallet",
            Self::Qris { .. } => "qris",
        }
    }

    fn id_prefix(&self) -> &'static str {
        match self {
            Self::Bank { .. } => "140154122",
            Self::Wallet { .. } => "150154122",
            Self::Qris { .. } => "112154122",
        }
    }
}

/// State of a payout (fact sheet 01, section 7.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PayoutStatus {
    Success,
    Pending,
    Failed,
}

impl PayoutStatus {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Success => "00",
            Self::Pending => "03",
            Self::Failed => "06",
        }
    }

    pub(crate) fn desc(self) -> &'static str {
        match self {
            Self::Success => "Success",
            Self::Pending => "Pending",
            Self::Failed => "Failed",
        }
    }
}

/// How a payout will end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum PayoutOutcome {
    /// The money arrives.
    Success,
    /// The money comes back to the account.
    Failed {
        /// Text of `failed_reason`.
        reason: String,
    },
    /// Stays pending until it is decided by hand.
    Never,
}

/// One payout.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Payout {
    pub(crate) account: u64,
    pub(crate) transaction_id: String,
    pub(crate) reference: String,
    /// What the beneficiary gets.
    pub(crate) net: i64,
    pub(crate) fee: i64,
    pub(crate) status: PayoutStatus,
    pub(crate) outcome: PayoutOutcome,
    pub(crate) posted_at: At,
    pub(crate) settle_at: Option<At>,
    pub(crate) processed_at: Option<At>,
    pub(crate) balance_after: i64,
    pub(crate) notes: Option<String>,
    pub(crate) target: Target,
}

impl Payout {
    pub(crate) fn gross(&self) -> i64 {
        self.net + self.fee
    }

    pub(crate) fn failed_reason(&self) -> Option<&str> {
        match (&self.outcome, self.status) {
            (PayoutOutcome::Failed { reason }, PayoutStatus::Failed) => Some(reason),
            _ => None,
        }
    }

    pub(crate) fn reference_key(product: &str, account: u64, reference: &str) -> String {
        format!("{product}:{account}:{reference}")
    }
}

impl Record for Payout {
    const TABLE: &'static str = "payout";

    fn keys(&self) -> Vec<String> {
        let product = self.target.product();
        vec![
            format!("id:{}", self.transaction_id),
            Self::reference_key(product, self.account, &self.reference),
        ]
    }
}

/// What is needed to accept a payout; every check has been made.
pub(crate) struct NewPayout {
    pub(crate) account: u64,
    pub(crate) reference: String,
    pub(crate) net: i64,
    pub(crate) fee: i64,
    pub(crate) notes: Option<String>,
    pub(crate) target: Target,
    pub(crate) outcome: PayoutOutcome,
    /// Until the outcome shows.
    pub(crate) delay: Duration,
}

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
