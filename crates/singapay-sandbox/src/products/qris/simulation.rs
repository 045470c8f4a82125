//! Customers who scan a QR code.

use axum::Router;

use crate::{
    admin::{PayOrder, with_default_order},
    app::App,
    customer::{CustomerError, PaymentOutcome, known},
    sandbox::Sandbox,
    state::World,
};

impl Sandbox {
    /// A customer scans a QR code, named by its id, `reff_no` or `qr_data`. A refused payment leaves
    /// it open.
    ///
    /// # Errors
    ///
    /// When it is unknown, paid, deleted or past its time.
    pub fn pay_qris(&self, qris: &str, outcome: PaymentOutcome) -> Result<(), CustomerError> {
        self.store.run(|world| pay(world, qris, outcome))
    }
}

pub(super) fn admin() -> Router<App> {
    with_default_order("/qris/{qris}/pay", |world, qris, order: PayOrder| {
        pay(world, qris, order.outcome)
    })
}

fn pay(world: &mut World, qris: &str, outcome: PaymentOutcome) -> Result<(), CustomerError> {
    let row = known(world.qris_row(qris), qris)?;
    world.pay_qris(row, outcome)
}
