//! Cardless withdrawals: money locked until somebody fetches it at a machine.

use serde::{Deserialize, Serialize};

use crate::{
    audit::Books,
    part::Agenda,
    state::{Bucket, Cause, CustomerError, Due, Record, World},
    wire_time::At,
};

/// Life of a withdrawal; `open` is also called pending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CardlessStatus {
    Open,
    Success,
    Expired,
    Canceled,
}

impl CardlessStatus {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Success => "success",
            Self::Expired => "expired",
            Self::Canceled => "canceled",
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CardlessWithdrawal {
    pub(crate) account: u64,
    pub(crate) transaction_id: String,
    pub(crate) reference: String,
    pub(crate) customer_name: String,
    pub(crate) customer_id: String,
    pub(crate) vendor_code: String,
    pub(crate) amount: i64,
    pub(crate) vendor_fee: i64,
    pub(crate) margin: i64,
    pub(crate) status: CardlessStatus,
    pub(crate) otp: String,
    pub(crate) expires_at: At,
    pub(crate) processed_at: Option<At>,
    pub(crate) created_at: At,
    pub(crate) updated_at: At,
}

impl CardlessWithdrawal {
    pub(crate) fn is_open(&self) -> bool {
        self.status == CardlessStatus::Open
    }

    pub(crate) fn total(&self) -> i64 {
        self.amount + self.vendor_fee + self.margin
    }

    pub(crate) fn key(account: u64, reference: &str) -> String {
        format!("{account}:{reference}")
    }
}

impl Record for CardlessWithdrawal {
    const TABLE: &'static str = "cash_withdrawal";

    fn keys(&self) -> Vec<String> {
        vec![
            Self::key(self.account, &self.reference),
            format!("id:{}", self.transaction_id),
        ]
    }
}

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
