//! Cardless withdrawals: money locked until somebody fetches it at a machine.

use serde::{Deserialize, Serialize};

use super::{Bucket, Cause, CustomerError, Due, Record, World};
use crate::wire_time::At;

/// Life of a withdrawal; `open` is also called pending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CashStatus {
    Open,
    Success,
    Expired,
    Canceled,
}

impl CashStatus {
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
pub(crate) struct CashWithdrawal {
    pub(crate) account: u64,
    pub(crate) transaction_id: String,
    pub(crate) reference: String,
    pub(crate) customer_name: String,
    pub(crate) customer_id: String,
    pub(crate) vendor_code: String,
    pub(crate) amount: i64,
    pub(crate) vendor_fee: i64,
    pub(crate) margin: i64,
    pub(crate) status: CashStatus,
    pub(crate) otp: String,
    pub(crate) expires_at: At,
    pub(crate) processed_at: Option<At>,
    pub(crate) created_at: At,
    pub(crate) updated_at: At,
}

impl CashWithdrawal {
    pub(crate) fn is_open(&self) -> bool {
        self.status == CashStatus::Open
    }

    pub(crate) fn total(&self) -> i64 {
        self.amount + self.vendor_fee + self.margin
    }

    pub(crate) fn key(account: u64, reference: &str) -> String {
        format!("{account}:{reference}")
    }
}

impl Record for CashWithdrawal {
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
    pub(crate) fn open_cash(&mut self, cash: CashWithdrawal) -> u64 {
        self.shift(cash.account, Bucket::Available, Bucket::Held, cash.total());
        let at = cash.expires_at;
        let row = self.cash.insert(cash);
        self.schedule(at, Due::CashExpiry(row));
        row
    }

    /// Ends an open withdrawal: the locked money is paid out, or goes back.
    pub(crate) fn end_cash(&mut self, row: u64, status: CashStatus) -> Result<(), CustomerError> {
        let now = self.now;
        let cash = self
            .cash
            .get_mut(row)
            .ok_or_else(|| CustomerError::Unknown(row.to_string()))?;
        if !cash.is_open() {
            return Err(CustomerError::AlreadyDecided(cash.status.word().to_owned()));
        }
        cash.status = status;
        cash.updated_at = now;
        if status == CashStatus::Success {
            cash.processed_at = Some(now);
        }
        let cash = cash.clone();
        if status == CashStatus::Success {
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
