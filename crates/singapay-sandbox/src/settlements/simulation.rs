//! Finance, which takes settled payments back.

use axum::Router;

use crate::{admin::without_order, app::App, customer::CustomerError, sandbox::Sandbox};

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

pub(super) fn admin() -> Router<App> {
    without_order("/settlements/{transaction_id}/refund", |world, id, ()| {
        world.take_back(id, false)
    })
    .merge(without_order(
        "/settlements/{transaction_id}/cancel-refund",
        |world, id, ()| world.take_back(id, true),
    ))
}
