//! Listening and serving.

mod wire;

use std::{
    convert::Infallible,
    io,
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::get,
    serve::Listener,
};
use http::{HeaderValue, StatusCode, header};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use singapay_core::Clock;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::{JoinHandle, JoinSet},
    time::timeout,
};

use crate::{
    admin,
    app::{App, Operations},
    clock::VirtualClock,
    http::{self as gateway, Cut, documented, page},
    part::Part,
    request_log::{Range, RequestLog, RequestRecord},
    scheduler,
    state::Store,
    webhook::Sender,
    wire_time::At,
};
use wire::{ResetSwitch, Wire};

/// Bounds on callers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) connections: usize,
    /// For the head of a request, and again for its body; on the real clock.
    pub(crate) reading: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            reading: Duration::from_secs(10),
        }
    }
}

/// Address of the caller.
#[derive(Clone, Copy)]
struct Caller(IpAddr);

/// A running server; stops when it is dropped.
pub(crate) struct Server {
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
    scheduler: JoinHandle<Infallible>,
    log: Arc<RequestLog>,
    pub(crate) operations: Operations,
}

impl Server {
    pub(crate) fn requests(&self) -> Vec<RequestRecord> {
        self.log.records(Range::default())
    }

    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        let _ = (&mut self.serving).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        self.scheduler.abort();
    }
}

pub(crate) fn start(
    listener: TcpListener,
    store: Arc<Store>,
    sender: Sender,
    log: RequestLog,
    limits: Limits,
    parts: &'static [Part],
) -> Server {
    let modelled = parts.iter().flat_map(|part| part.operations);
    let operations: Operations = modelled.chain(documented::operations()).collect();
    let log = Arc::new(log);
    let address = TcpListener::local_addr(&listener);
    let app = App {
        store: Arc::clone(&store),
        sender: sender.clone(),
        log: Arc::clone(&log),
        operations: Arc::clone(&operations),
        run: run_of_now(),
        is_loopback: address.is_ok_and(|address| address.ip().is_loopback()),
    };
    let (stop, stopped) = watch::channel(false);
    let dated = middleware::from_fn_with_state(store.clock.clone(), date);
    let router = router(app, parts)
        .layer(middleware::from_fn_with_state(limits, whole))
        .layer(dated);
    let serving = tokio::spawn(serve(listener, router, stopped, limits));
    let scheduler = tokio::spawn(scheduler::run(store, sender));
    Server {
        stop,
        serving,
        scheduler,
        log,
        operations,
    }
}

/// Another text for every start.
fn run_of_now() -> Arc<str> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    format!("{:x}", since.unwrap_or_default().as_nanos()).into()
}

fn router(app: App, parts: &'static [Part]) -> Router {
    let pages = parts.iter().flat_map(|part| part.pages);
    Router::new()
        .nest("/_sandbox", admin::router(&app, parts))
        .merge(page::router(pages))
        .route_layer(middleware::from_fn_with_state(app.clone(), when_stored))
        .route("/", get(home).fallback(api))
        .fallback(api)
        .with_state(app)
}

async fn serve(
    mut listener: TcpListener,
    router: Router,
    mut stopped: watch::Receiver<bool>,
    limits: Limits,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let mut connections = JoinSet::new();
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            // axum's accept waits a second when the machine has no descriptor left.
            let (stream, peer) = Listener::accept(&mut listener).await;
            (place, stream, peer)
        };
        let (place, stream, peer) = tokio::select! {
            next = next => next,
            () = ended(&mut stopped) => break,
        };
        let _ = stream.set_nodelay(true);
        let serving = connection(
            stream,
            peer.ip(),
            router.clone(),
            stopped.clone(),
            limits.reading,
        );
        connections.spawn(async move {
            serving.await;
            drop(place);
        });
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    let ends = async { while connections.join_next().await.is_some() {} };
    let _ = timeout(Duration::from_secs(5), ends).await;
}

/// Reads the whole body before anything else happens, so that no handler waits for a slow one.
async fn whole(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    match timeout(limits.reading, to_bytes(body, gateway::BODY_LIMIT)).await {
        Ok(Ok(body)) => next.run(Request::from_parts(parts, body.into())).await,
        Ok(Err(_)) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
    }
}

/// The time of the sandbox in every answer, where it is not that of the machine.
async fn date(State(clock): State<VirtualClock>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if clock.is_frozen() || !clock.ahead().is_zero() {
        let now = At::from(Clock::now(&clock));
        if let Ok(date) = HeaderValue::from_str(&now.http_date()) {
            response.headers_mut().insert(header::DATE, date);
        }
    }
    response
}

/// Holds an answer back until what it says is stored; the API's own operations do so themselves.
async fn when_stored(State(app): State<App>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if app.store.stored().await {
        return response;
    }
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

async fn ended(stopped: &mut watch::Receiver<bool>) {
    // An error means that the server is gone, which is an end as well.
    let _ = stopped.wait_for(|stop| *stop).await;
}

async fn connection(
    stream: TcpStream,
    caller: IpAddr,
    router: Router,
    mut stopped: watch::Receiver<bool>,
    reading: Duration,
) {
    let router = TowerToHyperService::new(router);
    let switch = ResetSwitch::default();
    let wire = Wire::new(stream, switch.clone());
    let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Caller(caller));
        let answering = hyper::service::Service::call(&router, request);
        let switch = switch.clone();
        async move {
            let Ok(response) = answering.await;
            let cut = response.extensions().get::<Cut>().copied();
            if cut.is_some() {
                switch.set();
            }
            match cut {
                Some(Cut::Now) => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
                _ => Ok(response),
            }
        }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(reading)
        .serve_connection(TokioIo::new(wire), service);
    tokio::pin!(serving);
    tokio::select! {
        // How a connection ended is the caller's affair.
        _ = serving.as_mut() => {}
        () = ended(&mut stopped) => {
            serving.as_mut().graceful_shutdown();
            let _ = serving.await;
        }
    }
}

/// A person is led to the console; for a program there is nothing here.
async fn home(state: State<App>, request: Request) -> Response {
    let accepts = request.headers().get(header::ACCEPT);
    if accepts.is_some_and(|value| value.to_str().is_ok_and(|text| text.contains("text/html"))) {
        return Redirect::to("/_sandbox/console").into_response();
    }
    api(state, request).await
}

async fn api(State(app): State<App>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let caller = parts.extensions.get::<Caller>();
    let caller = caller.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |caller| caller.0);
    // It has been read already, and was not too large.
    let raw = to_bytes(body, gateway::BODY_LIMIT).await;
    let raw = raw.unwrap_or_default();
    let (response, judged) =
        gateway::dispatch(&app.store, &app.operations, &mut parts, caller, raw.clone()).await;
    let at = At::from(singapay_core::Clock::now(&app.store.clock));
    let status = response.status();
    app.log.add(at, &parts, caller, &raw, status, judged);
    response
}
