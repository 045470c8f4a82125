//! Customers who fetch their money at a machine.

use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::post,
};

use super::record::CardlessStatus;
use crate::{
    admin::customer,
    app::App,
    customer::{CustomerError, known},
    sandbox::Sandbox,
    state::World,
};

impl Sandbox {
    /// The customer fetches the money of an open cardless withdrawal at the machine.
    ///
    /// # Errors
    ///
    /// [`CustomerError::Unknown`] and [`CustomerError::AlreadyDecided`].
    pub fn fetch_cash(&self, transaction_id: &str) -> Result<(), CustomerError> {
        self.store.run(|world| fetch(world, transaction_id))
    }
}

pub(super) fn admin() -> Router<App> {
    Router::new().route("/cash/{transaction_id}/fetch", post(fetch_now))
}

async fn fetch_now(State(app): State<App>, Path(transaction_id): Path<String>) -> Response {
    customer(app.store.run(|world| fetch(world, &transaction_id)))
}

fn fetch(world: &mut World, transaction_id: &str) -> Result<(), CustomerError> {
    let row = world
        .cardless_withdrawals
        .row_of(&format!("id:{transaction_id}"));
    world.end_cardless(known(row, transaction_id)?, CardlessStatus::Success)
}
