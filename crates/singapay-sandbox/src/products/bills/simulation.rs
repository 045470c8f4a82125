//! The biller's vendors, which end a pending payment.

use axum::{
    Json, Router,
    extract::{Path, State},
    response::Response,
    routing::post,
};

use crate::{
    admin::{Approval, customer},
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
    Router::new().route("/bills/{transaction_id}/decide", post(decide_now))
}

async fn decide_now(
    State(app): State<App>,
    Path(transaction_id): Path<String>,
    Json(order): Json<Approval>,
) -> Response {
    customer(
        app.store
            .run(|world| world.decide_bill(&transaction_id, order.approve)),
    )
}
