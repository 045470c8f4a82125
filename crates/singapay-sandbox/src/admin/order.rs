//! Orders from outside: one route under `/_sandbox` for one deed of a customer, bank or vendor.

use axum::{
    Json, Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::post,
};
use http::StatusCode;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::refuse;
use crate::{
    app::App,
    customer::{CustomerError, PaymentOutcome},
    state::World,
};

/// A customer, bank or vendor says yes or no.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Approval {
    pub(crate) approve: bool,
}

/// Orders a customer to pay, or to fail or leave where the order says so.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct PayOrder {
    /// In rupiah; only for virtual accounts.
    pub(crate) amount: Option<i64>,
    pub(crate) outcome: PaymentOutcome,
}

/// Carries out an order on what the path names.
type Deed<O, T> = fn(&mut World, &str, O) -> Result<T, CustomerError>;

/// A route with one parameter, whose body is the order.
pub(crate) fn with_order<O, T>(path: &str, deed: Deed<O, T>) -> Router<App>
where
    O: DeserializeOwned + Send + 'static,
    T: Serialize + 'static,
{
    let run =
        async move |State(app): State<App>, Path(name): Path<String>, Json(order): Json<O>| {
            answer(app.store.run(|world| deed(world, &name, order)))
        };
    Router::new().route(path, post(run))
}

/// As [`with_order`]; without a body the order is the default one.
pub(crate) fn with_default_order<O, T>(path: &str, deed: Deed<O, T>) -> Router<App>
where
    O: DeserializeOwned + Default + Send + 'static,
    T: Serialize + 'static,
{
    let run =
        async move |State(app): State<App>, Path(name): Path<String>, order: Option<Json<O>>| {
            let Json(order) = order.unwrap_or_default();
            answer(app.store.run(|world| deed(world, &name, order)))
        };
    Router::new().route(path, post(run))
}

/// As [`with_order`], where nothing is to be said.
pub(crate) fn without_order<T>(path: &str, deed: Deed<(), T>) -> Router<App>
where
    T: Serialize + 'static,
{
    let run = async move |State(app): State<App>, Path(name): Path<String>| {
        answer(app.store.run(|world| deed(world, &name, ())))
    };
    Router::new().route(path, post(run))
}

fn answer(result: Result<impl Serialize, CustomerError>) -> Response {
    match result {
        Ok(value) => match json!(value) {
            Value::Null => Json(json!({})).into_response(),
            value => Json(value).into_response(),
        },
        Err(error @ CustomerError::Unknown(_)) => refuse(StatusCode::NOT_FOUND, &error.to_string()),
        Err(error) => refuse(StatusCode::CONFLICT, &error.to_string()),
    }
}
