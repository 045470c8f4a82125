//! The biller's vendors, which end a pending payment.

use axum::Router;

use crate::{
    admin::{Approval, with_order},
    app::App,
    customer::CustomerError,
    sandbox::Sandbox,
};

impl Sandbox {
    /// The vendor ends a pending bill payment now: it delivers, or the deposit gets its money back.
    ///
    /// # Errors
    ///
    /// [`CustomerError::Unknown`] and [`CustomerError::AlreadyDecided`].
    pub fn decide_bill(&self, transaction_id: &str, delivered: bool) -> Result<(), CustomerError> {
        self.store
            .run(|world| world.decide_bill(transaction_id, delivered))
    }
}

pub(super) fn admin() -> Router<App> {
    with_order(
        "/bills/{transaction_id}/decide",
        |world, id, order: Approval| world.decide_bill(id, order.approve),
    )
}
