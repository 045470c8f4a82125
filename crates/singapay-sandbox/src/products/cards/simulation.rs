//! Card holders, who answer the 3-D Secure page.

use axum::Router;

use crate::{
    admin::{Approval, with_order},
    app::App,
    customer::{CustomerError, known},
    sandbox::Sandbox,
    state::World,
};

impl Sandbox {
    /// The card holder answers the 3-D Secure page. `payment` is any id of the card payment.
    ///
    /// # Errors
    ///
    /// [`CustomerError::Unknown`] and [`CustomerError::AlreadyDecided`].
    pub fn complete_3d_secure(&self, payment: &str, approve: bool) -> Result<(), CustomerError> {
        self.store.run(|world| complete(world, payment, approve))
    }
}

pub(super) fn admin() -> Router<App> {
    with_order(
        "/cards/{payment}/3d-secure",
        |world, payment, order: Approval| complete(world, payment, order.approve),
    )
}

fn complete(world: &mut World, payment: &str, approve: bool) -> Result<(), CustomerError> {
    let row = known(world.card_row(payment), payment)?;
    world.decide_card(row, approve)
}
