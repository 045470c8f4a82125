//! Customers who take their money at a machine.

use axum::Router;

use super::record::CardlessStatus;
use crate::{
    admin::without_order,
    app::App,
    customer::{CustomerError, known},
    sandbox::Sandbox,
    state::World,
};

impl Sandbox {
    /// The customer takes the money of an open cardless withdrawal at the machine.
    ///
    /// # Errors
    ///
    /// [`CustomerError::Unknown`] and [`CustomerError::AlreadyDecided`].
    pub fn complete_cardless_withdrawal(&self, transaction_id: &str) -> Result<(), CustomerError> {
        self.store.run(|world| complete(world, transaction_id))
    }
}

pub(super) fn admin() -> Router<App> {
    without_order(
        "/cardless-withdrawals/{transaction_id}/complete",
        |world, id, ()| complete(world, id),
    )
}

fn complete(world: &mut World, transaction_id: &str) -> Result<(), CustomerError> {
    let row = world
        .cardless_withdrawals
        .row_of(&format!("id:{transaction_id}"));
    world.end_cardless(known(row, transaction_id)?, CardlessStatus::Success)
}
