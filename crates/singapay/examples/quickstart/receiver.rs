//! A web server that takes webhooks, as small as it can be.

use std::{error::Error, time::Duration};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use tokio::{net::TcpListener, sync::mpsc, time::timeout};

/// Takes deliveries on a free port of this machine.
pub(crate) struct Receiver {
    url: String,
    deliveries: mpsc::Receiver<(HeaderMap, Bytes)>,
}

impl Receiver {
    /// Starts to listen.
    pub(crate) async fn start(path: &str) -> Result<Self, Box<dyn Error>> {
        let (sender, deliveries) = mpsc::channel(16);
        let take = move |headers: HeaderMap, body: Bytes| async move {
            // A full queue asks the gateway to come back later.
            match sender.try_send((headers, body)) {
                Ok(()) => StatusCode::OK,
                Err(_) => StatusCode::SERVICE_UNAVAILABLE,
            }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}{path}", listener.local_addr()?);
        let app = Router::new().route(path, post(take));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { url, deliveries })
    }

    /// Address to register with the gateway.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The next delivery, as it came: nothing in it is proven yet.
    pub(crate) async fn next(&mut self) -> Result<(HeaderMap, Bytes), Box<dyn Error>> {
        let delivery = timeout(Duration::from_secs(10), self.deliveries.recv()).await?;
        delivery.ok_or_else(|| "the receiver has stopped".into())
    }
}
