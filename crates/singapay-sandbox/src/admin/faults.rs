//! Faults to come, and how often they struck.

use axum::{
    Json, Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{delete, get},
};
use http::StatusCode;
use serde_json::{Value, json};

use super::refuse;
use crate::{app::App, fault::Fault};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/faults", get(planned).post(add).delete(clear))
        .route("/faults/{id}", delete(remove))
        .route("/faults/struck", get(struck))
}

async fn planned(State(app): State<App>) -> Json<Value> {
    Json(app.store.run(|world| json!(world.faults.planned())))
}

async fn struck(State(app): State<App>) -> Json<Value> {
    Json(app.store.run(|world| json!(world.faults.struck())))
}

async fn add(State(app): State<App>, Json(fault): Json<Fault>) -> Response {
    if let Err(error) = fault.check(&app.operations) {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string());
    }
    let id = app.store.run(|world| world.faults.add(fault));
    Json(json!({"id": id})).into_response()
}

async fn remove(State(app): State<App>, Path(id): Path<u64>) -> Response {
    if app.store.run(|world| world.faults.remove(id)) {
        return Json(json!({})).into_response();
    }
    refuse(StatusCode::NOT_FOUND, "no such fault")
}

async fn clear(State(app): State<App>) -> Json<Value> {
    app.store.run(|world| world.faults.clear());
    Json(json!({}))
}
