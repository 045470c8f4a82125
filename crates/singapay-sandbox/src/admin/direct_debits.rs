//! Routes of direct debit.

use axum::{
    Json, Router,
    extract::{Path, State},
    response::Response,
    routing::post,
};
use serde_json::json;

use super::{Approval, customer};
use crate::{server::App, simulate::direct_debits};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/bindings/{binding_id}/answer", post(answer))
        .route("/direct-debits/{transaction_id}/decide", post(decide))
}

async fn answer(
    State(app): State<App>,
    Path(binding_id): Path<String>,
    Json(order): Json<Approval>,
) -> Response {
    let result = direct_debits::answer_binding(&app.store, &binding_id, order.approve);
    customer(result.map(|()| json!({})))
}

async fn decide(
    State(app): State<App>,
    Path(transaction_id): Path<String>,
    Json(order): Json<Approval>,
) -> Response {
    let result = direct_debits::decide_direct_debit(&app.store, &transaction_id, order.approve);
    customer(result.map(|()| json!({})))
}
