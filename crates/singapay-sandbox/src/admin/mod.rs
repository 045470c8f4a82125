//! Routes under `/_sandbox` for what no merchant can do: time, customers, logs.

mod bills;
mod direct_debits;
mod here;
mod log;
mod money_in;
mod plans;

use std::time::Duration;

use axum::{
    Json, Router,
    extract::{Path, State},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use singapay_core::Clock;

pub(crate) use log::RequestLog;
pub use log::RequestRecord;

use crate::{
    audit::audit,
    builder::check_url,
    fault::Fault,
    sandbox::Payer,
    server::App,
    simulate,
    state::{CustomerError, PayoutOutcome},
    webhook::{self, WebhookKind},
};

pub(crate) fn router(app: &App) -> Router<App> {
    Router::new()
        .route("/", get(about))
        .route("/clock", post(move_clock))
        .route("/payment-links/{link}/pay", post(pay))
        .route("/payment-links/{link}/open", post(open))
        .route("/cards/{payment}/3d-secure", post(three_d_secure))
        .route("/payouts/{transaction_id}/decide", post(decide))
        .route("/cash/{transaction_id}/fetch", post(fetch_cash))
        .route("/accounts/{account_id}/approve-kyb", post(approve_kyb))
        .route("/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/webhooks/{kind}", post(set_webhook))
        .route("/webhooks/{kind}/test", post(test_button))
        .route("/deliveries/{id}/replay", post(replay))
        .route("/audit", get(books))
        .route("/openapi.json", get(openapi))
        .merge(money_in::router())
        .route("/deliveries", get(deliveries))
        .route("/requests", get(requests))
        .merge(bills::router())
        .merge(direct_debits::router())
        .merge(plans::router())
        .layer(middleware::from_fn_with_state(app.clone(), here::only))
}

fn refuse(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"error": message}))).into_response()
}

fn customer(result: Result<Value, CustomerError>) -> Response {
    match result {
        Ok(value) => Json(value).into_response(),
        Err(error @ CustomerError::Unknown(_)) => refuse(StatusCode::NOT_FOUND, &error.to_string()),
        Err(error) => refuse(StatusCode::CONFLICT, &error.to_string()),
    }
}

async fn about(State(app): State<App>) -> Json<Value> {
    let frozen = app.store.clock.is_frozen();
    let now = app.store.clock.now().to_string();
    app.store.run(|world| {
        let webhooks: Vec<&str> = world
            .credentials
            .values()
            .flat_map(|credential| credential.webhooks.keys())
            .map(|kind| kind.field())
            .collect();
        Json(json!({
            "base_url": world.settings.base_url,
            "now": now,
            "frozen": frozen,
            "accounts": world.accounts.values().map(|a| &a.id).collect::<Vec<_>>(),
            "webhooks": webhooks,
            "operations": crate::http::operations()
                .map(|(id, method, path)| json!({"id": id, "method": method, "path": path}))
                .collect::<Vec<_>>(),
        }))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MoveClock {
    /// Milliseconds to go forward.
    #[serde(default)]
    advance_ms: u64,
    frozen: Option<bool>,
}

async fn move_clock(State(app): State<App>, Json(order): Json<MoveClock>) -> Json<Value> {
    match order.frozen {
        Some(true) => app.store.clock.freeze(),
        Some(false) => app.store.clock.resume(),
        None => {}
    }
    simulate::advance(
        &app.store,
        &app.sender,
        Duration::from_millis(order.advance_ms),
    )
    .await;
    Json(json!({
        "now": app.store.clock.now().to_string(),
        "frozen": app.store.clock.is_frozen(),
    }))
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct PayOrder {
    method: Option<String>,
    name: String,
    email: String,
    phone: String,
}

async fn pay(
    State(app): State<App>,
    Path(link): Path<String>,
    order: Option<Json<PayOrder>>,
) -> Response {
    let payer = order.map(|Json(order)| order).unwrap_or_default().into();
    customer(simulate::pay_payment_link(&app.store, &link, payer).map(|paid| json!(paid)))
}

async fn open(
    State(app): State<App>,
    Path(link): Path<String>,
    order: Option<Json<PayOrder>>,
) -> Response {
    let payer = order.map(|Json(order)| order).unwrap_or_default().into();
    customer(simulate::open_payment_link(&app.store, &link, payer).map(|opened| json!(opened)))
}

impl From<PayOrder> for Payer {
    fn from(order: PayOrder) -> Self {
        Self {
            method: order.method,
            name: order.name,
            email: order.email,
            phone: order.phone,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Approval {
    approve: bool,
}

async fn three_d_secure(
    State(app): State<App>,
    Path(payment): Path<String>,
    Json(order): Json<Approval>,
) -> Response {
    customer(simulate::complete_3d_secure(&app.store, &payment, order.approve).map(|()| json!({})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decide {
    /// The payout fails with this reason; without one it succeeds.
    failed_reason: Option<String>,
}

async fn decide(
    State(app): State<App>,
    Path(transaction_id): Path<String>,
    Json(order): Json<Decide>,
) -> Response {
    let outcome = match order.failed_reason {
        Some(reason) => PayoutOutcome::Failed { reason },
        None => PayoutOutcome::Success,
    };
    customer(simulate::decide_payout(&app.store, &transaction_id, outcome).map(|()| json!({})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetWebhook {
    /// Null or absent: no deliveries of this kind.
    url: Option<String>,
}

/// Sets an address of the Default credential, as the dashboard does.
async fn set_webhook(
    State(app): State<App>,
    Path(kind): Path<String>,
    Json(order): Json<SetWebhook>,
) -> Response {
    let Some(kind) = WebhookKind::from_field(&kind) else {
        return refuse(StatusCode::NOT_FOUND, "no such kind of webhook");
    };
    if let Some(Err(reason)) = order.url.as_deref().map(check_url) {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, &reason);
    }
    app.store.run(|world| {
        let row = world.default_credential();
        if let Some(credential) = row.and_then(|row| world.credentials.get_mut(row)) {
            match order.url {
                Some(url) => credential.webhooks.insert(kind, url),
                None => credential.webhooks.remove(&kind),
            };
        }
    });
    Json(json!({})).into_response()
}

async fn deliveries(State(app): State<App>) -> Json<Value> {
    Json(app.store.run(|world| {
        world
            .deliveries
            .iter()
            .map(|(row, delivery)| json!(delivery.report(row)))
            .collect()
    }))
}

async fn requests(State(app): State<App>) -> Json<Value> {
    Json(json!(app.log.records()))
}

async fn fetch_cash(State(app): State<App>, Path(transaction_id): Path<String>) -> Response {
    customer(simulate::fetch_cash(&app.store, &transaction_id).map(|()| json!({})))
}

async fn approve_kyb(State(app): State<App>, Path(account_id): Path<String>) -> Response {
    customer(simulate::approve_kyb(&app.store, &account_id).map(|()| json!({})))
}

async fn faults(State(app): State<App>) -> Json<Value> {
    Json(app.store.run(|world| json!(world.faults)))
}

async fn add_fault(State(app): State<App>, Json(fault): Json<Fault>) -> Response {
    if let Err(error) = fault.check() {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string());
    }
    app.store.run(|world| world.faults.push(fault));
    Json(json!({})).into_response()
}

async fn clear_faults(State(app): State<App>) -> Json<Value> {
    app.store.run(|world| world.faults.clear());
    Json(json!({}))
}

async fn test_button(State(app): State<App>, Path(kind): Path<String>) -> Response {
    let kind = WebhookKind::from_field(&kind);
    match kind.map(|kind| {
        app.store
            .run(|world| webhook::press_test_button(world, kind))
    }) {
        Some(true) => Json(json!({})).into_response(),
        _ => refuse(
            StatusCode::NOT_FOUND,
            "no such kind of webhook, or no address for it",
        ),
    }
}

async fn replay(State(app): State<App>, Path(id): Path<u64>) -> Response {
    if app.store.run(|world| webhook::replay(world, id)) {
        return Json(json!({})).into_response();
    }
    refuse(StatusCode::NOT_FOUND, "no such delivery")
}

async fn books(State(app): State<App>) -> Json<Value> {
    Json(app.store.run(|world| json!(audit(world))))
}

/// The description of these routes.
async fn openapi() -> Response {
    let json = [(http::header::CONTENT_TYPE, "application/json")];
    (json, include_str!("openapi.json")).into_response()
}
