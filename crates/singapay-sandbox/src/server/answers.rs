//! From a request to its answer: the API's operations at once, all else by the framework's routes.

use std::net::{IpAddr, Ipv4Addr};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use http::{HeaderValue, StatusCode, header, request::Parts};
use hyper::{body::Incoming, service::Service};
use hyper_util::service::TowerToHyperService;
use singapay_core::Clock;

use super::{
    Limits,
    unread::{self, Unread},
};
use crate::{
    admin,
    app::App,
    clock::VirtualClock,
    http::{
        self as gateway, Found, page,
        verdict::{Judged, Verdict, Why},
    },
    origin,
    part::Part,
    request_log::Asked,
    wire_time::At,
};

/// Address of the caller.
#[derive(Clone, Copy)]
struct Caller(IpAddr);

impl Caller {
    fn of(parts: &Parts) -> IpAddr {
        let caller = parts.extensions.get::<Self>();
        caller.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |caller| caller.0)
    }
}

/// Where the admin side is.
const ADMIN: &str = "/_sandbox";

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
        let guarded = |router: Router<App>| {
            router
                .route_layer(middleware::from_fn_with_state(app.clone(), when_stored))
                .route_layer(middleware::from_fn(origin::own_pages_only))
        };
        let noted = middleware::from_fn_with_state(app.clone(), noted);
        let others = Router::new()
            .nest(ADMIN, guarded(admin::router(&app, parts)))
            .merge(guarded(page::router(pages)).route_layer(noted))
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
        let mut response = match unread::body(body, self.limits.reading).await {
            Ok(body) => self.respond(parts, body, caller).await,
            Err(unread) => {
                let status = unread.status;
                if !parts.uri.path().starts_with(ADMIN) {
                    self.unread(Asked::of(&parts, &[]), caller, unread);
                }
                status.into_response()
            }
        };
        date(&self.app.store.clock, &mut response);
        response
    }

    /// Notes a request that could not be read whole.
    pub(super) fn unread(&self, asked: Asked, caller: IpAddr, unread: Unread) {
        let Unread { status, why } = unread;
        note(&self.app, asked, caller, status, Verdict::Refused, why);
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

/// The log tells what a hosted page refused; a look at one is nobody's request.
async fn noted(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let (asked, caller) = (Asked::of(&parts, &[]), Caller::of(&parts));
    let response = next.run(Request::from_parts(parts, body)).await;
    let (verdict, reason) = match response.status() {
        StatusCode::NOT_FOUND => (Verdict::NoRoute, "no such page"),
        StatusCode::METHOD_NOT_ALLOWED => (Verdict::NoRoute, "methods: GET, HEAD, POST"),
        StatusCode::FORBIDDEN => (Verdict::Refused, "page of another origin"),
        _ => return response,
    };
    let why = Why::reason(reason);
    note(&app, asked, caller, response.status(), verdict, why);
    response
}

/// Notes a request that no operation saw.
fn note(app: &App, asked: Asked, caller: IpAddr, status: StatusCode, verdict: Verdict, why: Why) {
    let meant = asked.method.as_ref();
    let meant = meant.map(|method| app.routes.find(method.as_str(), &asked.path));
    let operation = match meant {
        Some(Found::Operation(operation, _)) => Some(operation),
        _ => None,
    };
    let judged = Judged {
        operation,
        verdict,
        why,
        credential: None,
        answer: Bytes::new(),
    };
    let at = At::from(app.store.clock.now());
    app.log.add(at, asked, caller, status, judged);
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
    let caller = Caller::of(&parts);
    // It has been read already, and was not too large.
    let raw = to_bytes(body, gateway::BODY_LIMIT).await;
    let found = (app.routes).find(parts.method.as_str(), parts.uri.path());
    api(&app, found, parts, caller, raw.unwrap_or_default()).await
}

async fn api(app: &App, found: Found, mut parts: Parts, caller: IpAddr, body: Bytes) -> Response {
    let (response, judged) =
        gateway::dispatch(&app.store, found, &mut parts, caller, body.clone()).await;
    let at = At::from(app.store.clock.now());
    let asked = Asked::of(&parts, &body);
    app.log.add(at, asked, caller, response.status(), judged);
    response
}
