//! Transfers between two accounts of the merchant.

use super::record::AccountTransfer;
use crate::{
    state::{Bucket, Cause, World},
    wire_time::{self},
};

impl World {
    /// The transfer that was made under a reference, from whichever account.
    pub(crate) fn transfer_by_reference(&self, merchant_ref_no: &str) -> Option<u64> {
        self.transfers.row_of(&format!("ref:{merchant_ref_no}"))
    }

    /// Moves the money; every check has been made.
    pub(crate) fn transfer(
        &mut self,
        remitter: u64,
        beneficiary: u64,
        amount: i64,
        merchant_ref_no: Option<String>,
    ) -> u64 {
        let time = wire_time::compact_time(self.now);
        let transaction_id = format!("12301AM{time}{}", self.random.digits(3));
        let merchant_ref_no =
            merchant_ref_no.unwrap_or_else(|| format!("AM-{time}-{}", self.random.token(8)));
        let cause = Cause {
            transaction_id: &transaction_id,
            merchant_reff_no: Some(&merchant_ref_no),
            kind: "account-transfer",
        };
        self.post(remitter, Bucket::Available, -amount, cause);
        self.post(beneficiary, Bucket::Available, amount, cause);
        self.transfers.insert(AccountTransfer {
            remitter_after: self.available(remitter),
            beneficiary_after: self.available(beneficiary),
            transaction_id,
            merchant_ref_no,
            amount,
            remitter,
            beneficiary,
            at: self.now,
        })
    }
}
