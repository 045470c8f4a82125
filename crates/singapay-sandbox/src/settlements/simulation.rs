//! Finance, which takes settled payments back.

use crate::{customer::CustomerError, sandbox::Sandbox};

impl Sandbox {
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
