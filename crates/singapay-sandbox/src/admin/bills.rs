//! Routes of the biller.

use axum::{
    Json, Router,
    extract::{Path, State},
    response::Response,
    routing::post,
};
use serde_json::json;

use super::{Approval, customer};
use crate::server::App;

pub(super) fn router() -> Router<App> {
    Router::new().route("/bills/{transaction_id}/decide", post(decide))
}

async fn decide(
    State(app): State<App>,
    Path(transaction_id): Path<String>,
    Json(order): Json<Approval>,
) -> Response {
    let result = app
        .store
        .run(|world| world.decide_bill(&transaction_id, order.approve));
    customer(result.map(|()| json!({})))
}
