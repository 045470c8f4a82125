//! Banks and wallets, which end a pending payout.

use axum::Router;
use serde::Deserialize;

use super::PayoutOutcome;
use crate::{
    admin::with_order,
    app::App,
    customer::{CustomerError, known},
    sandbox::Sandbox,
    state::World,
};

impl Sandbox {
    /// Ends a pending payout now. `transaction_id` is the gateway's id.
    ///
    /// # Errors
    ///
    /// [`CustomerError::Unknown`] and [`CustomerError::AlreadyDecided`].
    pub fn decide_payout(
        &self,
        transaction_id: &str,
        outcome: PayoutOutcome,
    ) -> Result<(), CustomerError> {
        self.store
            .run(|world| decide(world, transaction_id, outcome))
    }
}

pub(super) fn admin() -> Router<App> {
    with_order(
        "/payouts/{transaction_id}/decide",
        |world, id, order: Order| {
            let outcome = match order.failed_reason {
                Some(reason) => PayoutOutcome::Failed { reason },
                None => PayoutOutcome::Success,
            };
            decide(world, id, outcome)
        },
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    /// The payout fails with this reason; without one it succeeds.
    failed_reason: Option<String>,
}

fn decide(
    world: &mut World,
    transaction_id: &str,
    outcome: PayoutOutcome,
) -> Result<(), CustomerError> {
    let row = world.payouts.row_of(&format!("id:{transaction_id}"));
    let row = known(row, transaction_id)?;
    if world.decide_payout(row, outcome) {
        return Ok(());
    }
    let payout = world.payouts.get(row);
    let word = payout.map_or("", |payout| payout.status.desc());
    Err(CustomerError::AlreadyDecided(word.to_owned()))
}
