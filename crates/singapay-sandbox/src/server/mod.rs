//! Listening and serving.

mod answers;
mod connection;
mod unread;
mod wire;

use std::{
    convert::Infallible,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::serve::Listener;
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
    task::{JoinHandle, JoinSet},
    time::timeout,
};

use crate::{
    app::{App, Operations},
    http::{Routes, documented},
    part::Part,
    request_log::{Range, RequestLog, RequestRecord},
    scheduler,
    state::Store,
    webhook::Sender,
};
use answers::Answers;

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
        routes: Arc::new(Routes::new(&operations)),
        run: run_of_now(),
        is_loopback: address.is_ok_and(|address| address.ip().is_loopback()),
    };
    let (stop, stopped) = watch::channel(false);
    let answers = Arc::new(Answers::new(app, parts, limits));
    let serving = tokio::spawn(serve(listener, answers, stopped, limits));
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

async fn serve(
    mut listener: TcpListener,
    answers: Arc<Answers>,
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
        let serving = connection::serve(
            stream,
            peer.ip(),
            Arc::clone(&answers),
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

async fn ended(stopped: &mut watch::Receiver<bool>) {
    // An error means that the server is gone, which is an end as well.
    let _ = stopped.wait_for(|stop| *stop).await;
}
