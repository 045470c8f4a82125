//! Customers who scan a QR code.

use axum::{
    Json, Router,
    extract::{Path, State},
    response::Response,
    routing::post,
};

use crate::{
    admin::{PayOrder, customer},
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
    Router::new().route("/qris/{qris}/pay", post(pay_now))
}

async fn pay_now(
    State(app): State<App>,
    Path(qris): Path<String>,
    order: Option<Json<PayOrder>>,
) -> Response {
    let Json(order) = order.unwrap_or_default();
    customer(app.store.run(|world| pay(world, &qris, order.outcome)))
}

fn pay(world: &mut World, qris: &str, outcome: PaymentOutcome) -> Result<(), CustomerError> {
    let row = known(world.qris_row(qris), qris)?;
    world.pay_qris(row, outcome)
}
