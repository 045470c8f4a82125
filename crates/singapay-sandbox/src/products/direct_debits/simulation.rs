//! Customers and their banks, who answer bindings and charges.

use axum::{
    Json, Router,
    extract::{Path, State},
    response::Response,
    routing::post,
};

use super::record::{Binding, Debit};
use crate::{
    admin::{Approval, customer},
    app::App,
    customer::{CustomerError, known},
    sandbox::Sandbox,
    state::World,
};

impl Sandbox {
    /// The customer answers the bank's page of a binding.
    ///
    /// # Errors
    ///
    /// [`CustomerError::Unknown`] and [`CustomerError::AlreadyDecided`].
    pub fn answer_binding(&self, binding_id: &str, approve: bool) -> Result<(), CustomerError> {
        self.store.run(|world| answer(world, binding_id, approve))
    }

    /// The bank answers an open direct-debit charge now, code or not. Charges end by themselves
    /// too: above 50,000,000 rupiah they fail, others succeed.
    ///
    /// # Errors
    ///
    /// [`CustomerError::Unknown`] and [`CustomerError::AlreadyDecided`].
    pub fn decide_direct_debit(
        &self,
        transaction_id: &str,
        approve: bool,
    ) -> Result<(), CustomerError> {
        self.store
            .run(|world| decide(world, transaction_id, approve))
    }
}

pub(super) fn admin() -> Router<App> {
    Router::new()
        .route("/bindings/{binding_id}/answer", post(answer_now))
        .route("/direct-debits/{transaction_id}/decide", post(decide_now))
}

async fn answer_now(
    State(app): State<App>,
    Path(binding_id): Path<String>,
    Json(order): Json<Approval>,
) -> Response {
    customer(
        app.store
            .run(|world| answer(world, &binding_id, order.approve)),
    )
}

async fn decide_now(
    State(app): State<App>,
    Path(transaction_id): Path<String>,
    Json(order): Json<Approval>,
) -> Response {
    customer(
        app.store
            .run(|world| decide(world, &transaction_id, order.approve)),
    )
}

fn answer(world: &mut World, binding_id: &str, approve: bool) -> Result<(), CustomerError> {
    let row = known(world.bindings.row_of(&Binding::key(binding_id)), binding_id)?;
    world.answer_binding(row, approve, None)
}

fn decide(world: &mut World, transaction_id: &str, approve: bool) -> Result<(), CustomerError> {
    let row = known(
        world.debits.row_of(&Debit::key(transaction_id)),
        transaction_id,
    )?;
    let result = if approve {
        Ok(())
    } else {
        Err(("BANK_DECLINED", "Declined by the bank"))
    };
    if world.end_debit(row, result) {
        return Ok(());
    }
    let debit = world.debits.get(row);
    let word = debit.map_or("", |debit| debit.status.word());
    Err(CustomerError::AlreadyDecided(word.to_owned()))
}
