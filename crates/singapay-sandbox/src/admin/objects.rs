//! The objects of all parts, with what can be done to each.

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
    routing::get,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ask, refuse};
use crate::{
    app::App,
    listing::{Flow, Listing, Window},
    part::Part,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    /// Rows before this one.
    before: Option<u64>,
    limit: Option<usize>,
}

#[derive(Serialize)]
struct Kind {
    kind: &'static str,
    flow: Flow,
    count: usize,
}

pub(super) fn router(parts: &'static [Part]) -> Router<App> {
    let listings = move || parts.iter().flat_map(|part| part.listings);
    let kinds = async move |State(app): State<App>| -> Json<Value> {
        Json(app.store.run(|world| {
            let kind = |listing: &Listing| Kind {
                kind: listing.kind,
                flow: listing.flow,
                count: (listing.count)(world),
            };
            json!(listings().map(kind).collect::<Vec<_>>())
        }))
    };
    let newest = async move |State(app): State<App>,
                             Path(kind): Path<String>,
                             Query(page): Query<Page>|
                -> Response {
        let Some(listing) = listings().find(|listing| listing.kind == kind) else {
            return refuse(StatusCode::NOT_FOUND, "no such kind of object");
        };
        let window = Window {
            before: page.before.unwrap_or(u64::MAX),
            limit: ask::rows(page.limit),
        };
        let rows = app.store.run(|world| (listing.newest)(world, window));
        Json(rows).into_response()
    };
    Router::new()
        .route("/objects", get(kinds))
        .route("/objects/{kind}", get(newest))
}
