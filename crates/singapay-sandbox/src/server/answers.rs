//! From a request to its answer: the API's operations at once, all else by the framework's routes.

use std::net::{IpAddr, Ipv4Addr};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody, to_bytes},
    extract::{Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use http::{HeaderValue, StatusCode, header, request::Parts};
use hyper::{body::Incoming, service::Service};
use hyper_util::service::TowerToHyperService;
use singapay_core::Clock;
use tokio::time::timeout;

use super::Limits;
use crate::{
    admin,
    app::App,
    clock::VirtualClock,
    http::{self as gateway, Found, page},
    origin,
    part::Part,
    wire_time::At,
};

/// Address of the caller.
#[derive(Clone, Copy)]
struct Caller(IpAddr);

/// What answers requests.
pub(super) struct Answers {
    app: App,
    /// The admin side, hosted pages, and what leads nowhere.
    others: TowerToHyperService<Router>,
    limits: Limits,
}

impl Answers {
    pub(super) fn new(app: App, parts: &'static [Part], limits: Limits) -> Self {
        let pages = parts.iter().flat_map(|part| part.pages);
        let others = Router::new()
            .nest("/_sandbox", admin::router(&app, parts))
            .merge(page::router(pages))
            .route_layer(middleware::from_fn_with_state(app.clone(), when_stored))
            .route_layer(middleware::from_fn(origin::own_pages_only))
            .route("/", get(home).fallback(astray))
            .fallback(astray)
            .with_state(app.clone());
        Self {
            app,
            others: TowerToHyperService::new(others),
            limits,
        }
    }

    pub(super) async fn answer(&self, request: Request<Incoming>, caller: IpAddr) -> Response {
        let (parts, body) = request.into_parts();
        let mut response = match whole(body, self.limits).await {
            Ok(body) => self.respond(parts, body, caller).await,
            Err(status) => status.into_response(),
        };
        date(&self.app.store.clock, &mut response);
        response
    }

    async fn respond(&self, mut parts: Parts, body: Bytes, caller: IpAddr) -> Response {
        let found = (self.app.routes).find(parts.method.as_str(), parts.uri.path());
        if matches!(found, Found::Operation(..)) {
            return api(&self.app, found, parts, caller, body).await;
        }
        parts.extensions.insert(Caller(caller));
        let request = Request::from_parts(parts, Body::from(body));
        let Ok(response) = self.others.call(request).await;
        response
    }
}

/// Reads the whole body before anything else happens, so that no handler waits for a slow one.
async fn whole(body: Incoming, limits: Limits) -> Result<Bytes, StatusCode> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let reading = to_bytes(Body::new(body), gateway::BODY_LIMIT);
    match timeout(limits.reading, reading).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

/// The time of the sandbox in every answer, where it is not that of the machine.
fn date(clock: &VirtualClock, response: &mut Response) {
    if !clock.is_frozen() && clock.ahead().is_zero() {
        return;
    }
    let now = At::from(clock.now());
    if let Ok(date) = HeaderValue::from_str(&now.http_date()) {
        response.headers_mut().insert(header::DATE, date);
    }
}

/// Holds an answer back until what it says is stored; the API's own operations do so themselves.
async fn when_stored(State(app): State<App>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if app.store.stored().await {
        return response;
    }
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// A person is led to the console; for a program there is nothing here.
async fn home(state: State<App>, request: Request) -> Response {
    let accepts = request.headers().get(header::ACCEPT);
    if accepts.is_some_and(|value| value.to_str().is_ok_and(|text| text.contains("text/html"))) {
        return Redirect::to("/_sandbox/console").into_response();
    }
    astray(state, request).await
}

/// What no route takes is answered as the API answers it.
async fn astray(State(app): State<App>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let caller = parts.extensions.get::<Caller>();
    let caller = caller.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |caller| caller.0);
    // It has been read already, and was not too large.
    let raw = to_bytes(body, gateway::BODY_LIMIT).await;
    let found = (app.routes).find(parts.method.as_str(), parts.uri.path());
    api(&app, found, parts, caller, raw.unwrap_or_default()).await
}

async fn api(app: &App, found: Found, mut parts: Parts, caller: IpAddr, body: Bytes) -> Response {
    let (response, judged) =
        gateway::dispatch(&app.store, found, &mut parts, caller, body.clone()).await;
    let at = At::from(app.store.clock.now());
    let status = response.status();
    app.log.add(at, &parts, caller, &body, status, judged);
    response
}
