//! Customers who come back to an attempt to pay a link.

use axum::Router;

use crate::{
    admin::{Approval, with_order},
    app::App,
    customer::{CustomerError, known},
    sandbox::Sandbox,
    state::World,
};

impl Sandbox {
    /// Ends an open attempt to pay a link: the customer pays, or bank, wallet or outlet declines. After that the
    /// link can be paid by another attempt. `attempt` is its history id or its own reference, both told by
    /// [`LinkAttempted`](crate::LinkAttempted).
    ///
    /// # Errors
    ///
    /// [`CustomerError::Unknown`], [`CustomerError::AlreadyDecided`], and [`CustomerError::NotOpen`] if the link
    /// was closed meanwhile.
    pub fn decide_link_attempt(&self, attempt: &str, approve: bool) -> Result<(), CustomerError> {
        self.store.run(|world| decide(world, attempt, approve))
    }
}

pub(super) fn admin() -> Router<App> {
    with_order(
        "/payment-link-attempts/{attempt}/decide",
        |world, attempt, order: Approval| decide(world, attempt, order.approve),
    )
}

fn decide(world: &mut World, attempt: &str, approve: bool) -> Result<(), CustomerError> {
    let by_id = attempt.parse().ok();
    let by_id = by_id.filter(|row| world.attempts.get(*row).is_some());
    let row = known(by_id.or_else(|| world.attempts.row_of(attempt)), attempt)?;
    match approve {
        true => world.pay_attempt(row),
        false => world.decline_attempt(row),
    }
}
