//! Connecting: directly or through a proxy, with or without TLS, within a bound of time.
//!
//! The connection is boxed, so that one HTTP client serves every combination.

use std::{
    fmt,
    future::poll_fn,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use singapay_core::{BoxError, BoxFuture};
use tower_service::Service;

use super::{
    route::is_direct,
    why::{self, NoConnection, causes},
};

/// Connects to anything, and gives up after a while.
#[derive(Clone)]
pub(super) struct Connector {
    connect: Arc<dyn Fn(Uri) -> Connecting + Send + Sync>,
    timeout: Duration,
    proxy: Option<Uri>,
}

type Connecting = BoxFuture<'static, Result<Stream, BoxError>>;

/// Connecting took too long.
#[derive(Debug, thiserror::Error)]
#[error("connecting to {0} took longer than {ms} ms", ms = .1.as_millis())]
pub(super) struct TooSlow(String, Duration);

impl Connector {
    pub(super) fn new<C>(connector: C, timeout: Duration) -> Self
    where
        C: Service<Uri> + Clone + Send + Sync + 'static,
        C::Response: Wire + 'static,
        C::Error: Into<BoxError>,
        C::Future: Send,
    {
        let connect = move |uri| -> Connecting {
            let mut connector = connector.clone();
            Box::pin(async move {
                poll_fn(|context| connector.poll_ready(context))
                    .await
                    .map_err(Into::into)?;
                let stream = connector.call(uri).await.map_err(Into::into)?;
                Ok(Stream(Box::new(stream)))
            })
        };
        Self {
            connect: Arc::new(connect),
            timeout,
            proxy: None,
        }
    }

    /// Names the proxy that stands before everything but this machine.
    pub(super) fn through(mut self, proxy: Option<Uri>) -> Self {
        self.proxy = proxy;
        self
    }

    /// Where a connection goes, for a person.
    fn way(&self, uri: &Uri) -> String {
        let host = why::name(uri);
        match self.proxy.as_ref().filter(|_| !is_direct(uri)) {
            Some(proxy) => format!("{host} through the proxy {}", why::name(proxy)),
            None => host,
        }
    }
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = BoxError;
    type Future = Connecting;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Connecting {
        let (this, connecting) = (self.clone(), (self.connect)(uri.clone()));
        Box::pin(async move {
            match tokio::time::timeout(this.timeout, connecting).await {
                Ok(Ok(stream)) => Ok(stream),
                Ok(Err(cause)) if causes(&*cause).any(|cause| cause.is::<NoConnection>()) => {
                    Err(cause)
                }
                Ok(Err(cause)) => Err(NoConnection::tls(&uri, cause).into()),
                Err(_) => Err(TooSlow(this.way(&uri), this.timeout).into()),
            }
        })
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector")
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// What a connection can do.
pub(super) trait Wire: Read + Write + Connection + Send + Unpin {}

impl<T: Read + Write + Connection + Send + Unpin> Wire for T {}

/// A connection of any kind.
pub(super) struct Stream(Box<dyn Wire>);

impl Connection for Stream {
    fn connected(&self) -> Connected {
        self.0.connected()
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_read(context, buffer)
    }
}

impl Write for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.0).poll_write_vectored(context, bytes)
    }
}
