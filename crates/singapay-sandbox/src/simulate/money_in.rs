//! Customers who pay, fail to pay or leave.

use serde::Serialize;

use crate::{
    sandbox::Sandbox,
    state::{CustomerError, PaymentOutcome, Store},
};

/// A transfer that a customer began at a bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct VaAttempted {
    /// Under which the API lists it.
    pub transaction_id: String,
    /// In rupiah.
    pub amount: i64,
}

impl Sandbox {
    /// A customer transfers to a virtual account, named by its number or id. `amount` in rupiah may
    /// be left out where only one is allowed.
    ///
    /// # Errors
    ///
    /// When the bank would send the customer away: unknown number, inactive, expired or used up,
    /// another amount than asked for.
    pub fn pay_virtual_account(
        &self,
        virtual_account: &str,
        amount: Option<i64>,
        outcome: PaymentOutcome,
    ) -> Result<VaAttempted, CustomerError> {
        pay_virtual_account(&self.store, virtual_account, amount, outcome)
    }

    /// A customer scans a QR code, named by its id, `reff_no` or `qr_data`. A refused payment leaves
    /// it open.
    ///
    /// # Errors
    ///
    /// When it is unknown, paid, deleted or past its time.
    pub fn pay_qris(&self, qris: &str, outcome: PaymentOutcome) -> Result<(), CustomerError> {
        pay_qris(&self.store, qris, outcome)
    }

    /// A customer answers in the wallet, on its page or its push message. `ewallet` is the payment's
    /// id or `reff_no`. The gateway hears of a failure only when its status is inquired.
    ///
    /// # Errors
    ///
    /// When it is unknown, answered already or past its time.
    pub fn pay_ewallet(&self, ewallet: &str, outcome: PaymentOutcome) -> Result<(), CustomerError> {
        pay_ewallet(&self.store, ewallet, outcome)
    }

    /// Finance takes a settled payment back from the balance. `transaction_id` is that of the
    /// statement: a virtual account's payment, or the `reff_no` of a QR code, a wallet payment or an
    /// attempt to pay a link.
    ///
    /// # Errors
    ///
    /// When nothing was settled under it, it was taken back already, or the balance is too small.
    pub fn refund_settlement(&self, transaction_id: &str) -> Result<(), CustomerError> {
        self.store
            .run(|world| world.take_back(transaction_id, false))
    }

    /// Finance undoes [`Sandbox::refund_settlement`].
    ///
    /// # Errors
    ///
    /// When nothing was settled under it, or it is not taken back.
    pub fn cancel_settlement_refund(&self, transaction_id: &str) -> Result<(), CustomerError> {
        self.store
            .run(|world| world.take_back(transaction_id, true))
    }
}

pub(crate) fn pay_ewallet(
    store: &Store,
    ewallet: &str,
    outcome: PaymentOutcome,
) -> Result<(), CustomerError> {
    store.run(|world| {
        let row = world
            .ewallet_row(ewallet)
            .ok_or_else(|| CustomerError::Unknown(ewallet.to_owned()))?;
        world.pay_ewallet(row, outcome)
    })
}

pub(crate) fn pay_qris(
    store: &Store,
    qris: &str,
    outcome: PaymentOutcome,
) -> Result<(), CustomerError> {
    store.run(|world| {
        let row = world
            .qris_row(qris)
            .ok_or_else(|| CustomerError::Unknown(qris.to_owned()))?;
        world.pay_qris(row, outcome)
    })
}

pub(crate) fn pay_virtual_account(
    store: &Store,
    virtual_account: &str,
    amount: Option<i64>,
    outcome: PaymentOutcome,
) -> Result<VaAttempted, CustomerError> {
    store.run(|world| {
        let unknown = || CustomerError::Unknown(virtual_account.to_owned());
        let by_number = format!("number:{virtual_account}");
        let row = world
            .virtual_accounts
            .row_of(&by_number)
            .or_else(|| world.virtual_accounts.row_of(virtual_account))
            .ok_or_else(unknown)?;
        let transaction = world.pay_va(row, amount, outcome)?;
        let begun = world.va_transactions.get(transaction).ok_or_else(unknown)?;
        Ok(VaAttempted {
            transaction_id: begun.transaction_id.clone(),
            amount: begun.amount,
        })
    })
}
