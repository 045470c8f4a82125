//! Routes of subscriptions.

use axum::{
    Json, Router,
    extract::{Path, State},
    response::Response,
    routing::post,
};
use serde::Deserialize;
use serde_json::json;

use super::customer;
use crate::{server::App, simulate::plans};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/plans/{plan_id}/link-card", post(link))
        .route("/plans/{plan_id}/pay-prorated", post(pay))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Card {
    card_number: String,
}

async fn link(
    State(app): State<App>,
    Path(plan_id): Path<String>,
    Json(card): Json<Card>,
) -> Response {
    let result = plans::link_card(&app.store, &plan_id, &card.card_number);
    customer(result.map(|()| json!({})))
}

async fn pay(State(app): State<App>, Path(plan_id): Path<String>) -> Response {
    customer(plans::pay_prorated(&app.store, &plan_id).map(|()| json!({})))
}
