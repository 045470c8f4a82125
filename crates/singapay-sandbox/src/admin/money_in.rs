//! Routes of customers who pay.

use axum::{
    Json, Router,
    extract::{Path, State},
    response::Response,
    routing::post,
};
use serde::Deserialize;
use serde_json::json;

use super::customer;
use crate::{server::App, simulate::money_in, state::PaymentOutcome};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/virtual-accounts/{virtual_account}/pay", post(pay_va))
        .route("/qris/{qris}/pay", post(pay_qris))
        .route("/ewallets/{ewallet}/pay", post(pay_ewallet))
}

/// What the customer does; pays unless told otherwise.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Order {
    /// In rupiah; only for virtual accounts.
    amount: Option<i64>,
    outcome: PaymentOutcome,
}

async fn pay_va(
    State(app): State<App>,
    Path(virtual_account): Path<String>,
    order: Option<Json<Order>>,
) -> Response {
    let Json(order) = order.unwrap_or_default();
    let begun =
        money_in::pay_virtual_account(&app.store, &virtual_account, order.amount, order.outcome);
    customer(begun.map(|begun| json!(begun)))
}

async fn pay_qris(
    State(app): State<App>,
    Path(qris): Path<String>,
    order: Option<Json<Order>>,
) -> Response {
    let Json(order) = order.unwrap_or_default();
    let result = money_in::pay_qris(&app.store, &qris, order.outcome);
    customer(result.map(|()| json!({})))
}

async fn pay_ewallet(
    State(app): State<App>,
    Path(ewallet): Path<String>,
    order: Option<Json<Order>>,
) -> Response {
    let Json(order) = order.unwrap_or_default();
    let result = money_in::pay_ewallet(&app.store, &ewallet, order.outcome);
    customer(result.map(|()| json!({})))
}
