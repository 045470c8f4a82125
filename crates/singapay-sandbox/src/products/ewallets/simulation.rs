//! Customers who answer in their wallet.

use axum::Router;

use crate::{
    admin::{PayOrder, with_default_order},
    app::App,
    customer::{CustomerError, PaymentOutcome, known},
    sandbox::Sandbox,
    state::World,
};

impl Sandbox {
    /// A customer answers in the wallet, on its page or its push message. `ewallet` is the payment's
    /// id or `reff_no`. The gateway hears of a failure only when its status is inquired.
    ///
    /// # Errors
    ///
    /// When it is unknown, answered already or past its time.
    pub fn pay_ewallet(&self, ewallet: &str, outcome: PaymentOutcome) -> Result<(), CustomerError> {
        self.store.run(|world| pay(world, ewallet, outcome))
    }
}

pub(super) fn admin() -> Router<App> {
    with_default_order(
        "/ewallets/{ewallet}/pay",
        |world, ewallet, order: PayOrder| pay(world, ewallet, order.outcome),
    )
}

fn pay(world: &mut World, ewallet: &str, outcome: PaymentOutcome) -> Result<(), CustomerError> {
    let row = known(world.ewallet_row(ewallet), ewallet)?;
    world.pay_ewallet(row, outcome)
}
