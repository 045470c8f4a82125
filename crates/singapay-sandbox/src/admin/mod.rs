//! Routes under `/_sandbox` for what no merchant can do: time, customers, logs.

mod accounts;
mod agenda;
mod ask;
mod console;
mod faults;
mod here;
mod objects;
mod order;
mod tokens;

use std::time::Duration;

use axum::{
    Json, Router,
    extract::{Path, RawQuery, State},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use singapay_core::Clock;

pub(crate) use order::{Approval, PayOrder, with_default_order, with_order, without_order};

use crate::{
    app::App,
    audit::audit,
    clock::{LAST, TEN_YEARS},
    part::Part,
    request_log::Range,
    scheduler,
    webhook::{self, Chaos, Reign, WebhookKind, check_url},
};

pub(crate) fn router(app: &App, parts: &'static [Part]) -> Router<App> {
    let own = Router::new()
        .route("/", get(about))
        .route("/clock", get(read_clock).post(move_clock))
        .route("/agenda", get(agenda::agenda))
        .route("/accounts", get(accounts::accounts))
        .route("/accounts/{account_id}/statement", get(accounts::statement))
        .route("/tokens", get(tokens::tokens))
        .route("/chaos", get(chaos).post(set_chaos).delete(end_chaos))
        .route("/webhooks/{kind}", post(set_webhook))
        .route("/webhooks/{kind}/test", post(test_button))
        .route("/deliveries", get(deliveries))
        .route("/deliveries/{id}", get(delivery))
        .route("/deliveries/{id}/replay", post(replay))
        .route("/requests", get(requests))
        .route("/audit", get(books))
        .route("/openapi.json", get(openapi))
        .merge(console::router())
        .merge(faults::router())
        .merge(objects::router(parts));
    parts
        .iter()
        .fold(own, |router, part| router.merge((part.admin)()))
        .layer(middleware::from_fn_with_state(app.clone(), here::only))
}

fn refuse(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"error": message}))).into_response()
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
            "run": &*app.run,
            "base_url": world.settings.base_url,
            "now": now,
            "frozen": frozen,
            "accounts": world.accounts.values().map(|a| &a.id).collect::<Vec<_>>(),
            "webhooks": webhooks,
            "operations": app.operations
                .iter()
                .map(|row| {
                    json!({"id": row.id, "method": row.method, "path": row.path,
                        "documented_only": row.is_documented_only()})
                })
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

async fn move_clock(State(app): State<App>, Json(order): Json<MoveClock>) -> Response {
    let by = Duration::from_millis(order.advance_ms);
    if by > TEN_YEARS {
        let message = "advance_ms: the clock moves by at most ten years at once";
        return refuse(StatusCode::BAD_REQUEST, message);
    }
    if !by.is_zero() && app.store.clock.now().plus(by) > LAST {
        let message = "advance_ms: the clock moves no further than the start of the year 9000";
        return refuse(StatusCode::BAD_REQUEST, message);
    }
    match order.frozen {
        Some(true) => app.store.clock.freeze(),
        Some(false) => app.store.clock.resume(),
        None => {}
    }
    scheduler::advance(&app.store, &app.sender, by).await;
    read_clock(State(app)).await.into_response()
}

async fn read_clock(State(app): State<App>) -> Json<Value> {
    let now = app.store.clock.now();
    Json(json!({
        "run": &*app.run,
        "now": now.to_string(),
        "now_millis": now.unix_millis(),
        "frozen": app.store.clock.is_frozen(),
    }))
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

async fn deliveries(State(app): State<App>, RawQuery(query): RawQuery) -> Response {
    let range = match Range::of(query.as_deref()) {
        Ok(range) => range,
        Err(reason) => return refuse(StatusCode::UNPROCESSABLE_ENTITY, &reason),
    };
    let reports: Value = app.store.run(|world| {
        let last = world
            .deliveries
            .iter()
            .next_back()
            .map_or(0, |(row, _)| row);
        let from = range.after_of(last).map_or(0, |after| after + 1);
        let rows = range.rows(world.deliveries.iter_from(from).count());
        let newer = world.deliveries.iter_from(from);
        newer
            .skip(rows.start)
            .take(rows.len())
            .map(|(row, delivery)| json!(delivery.report(row)))
            .collect()
    });
    Json(reports).into_response()
}

async fn delivery(State(app): State<App>, Path(id): Path<u64>) -> Response {
    match app.store.run(|world| webhook::detail(world, id)) {
        Some(detail) => Json(detail).into_response(),
        None => refuse(StatusCode::NOT_FOUND, "no such delivery"),
    }
}

async fn requests(State(app): State<App>, RawQuery(query): RawQuery) -> Response {
    match Range::of(query.as_deref()) {
        Ok(range) => Json(app.log.records(range)).into_response(),
        Err(reason) => refuse(StatusCode::UNPROCESSABLE_ENTITY, &reason),
    }
}

async fn chaos(State(app): State<App>) -> Json<Value> {
    Json(app.store.run(|world| match &world.chaos {
        Some(reign) => json!(reign.chaos),
        None => json!({}),
    }))
}

async fn set_chaos(State(app): State<App>, Json(chaos): Json<Chaos>) -> Response {
    if let Err(reason) = chaos.check() {
        return refuse(StatusCode::BAD_REQUEST, &reason);
    }
    app.store.run(|world| world.chaos = Some(Reign::new(chaos)));
    Json(json!({})).into_response()
}

async fn end_chaos(State(app): State<App>) -> Json<Value> {
    app.store.run(|world| world.chaos = None);
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
