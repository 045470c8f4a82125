//! Which way a connection takes: this machine is reached directly, everything else through the proxy,
//! if there is one.

use std::task::{Context, Poll};

use http::Uri;
use hyper_util::client::legacy::connect::{HttpConnector, proxy::Tunnel};
use singapay_auth::endpoint::is_loopback;
use singapay_core::{BoxError, BoxFuture};
use tower_service::Service;

use super::{Proxy, why::NoConnection};

#[derive(Clone)]
pub(super) struct Route {
    direct: HttpConnector,
    tunnel: Option<(Uri, Tunnel<HttpConnector>)>,
}

impl Route {
    pub(super) fn new(proxy: Option<Proxy>) -> Self {
        let mut direct = HttpConnector::new();
        direct.set_nodelay(true);
        direct.enforce_http(false);
        let tunnel = proxy.map(|proxy| {
            let tunnel = Tunnel::new(proxy.address.clone(), direct.clone());
            let tunnel = match proxy.authorization {
                Some(authorization) => tunnel.with_auth(authorization),
                None => tunnel,
            };
            (proxy.address, tunnel)
        });
        Self { direct, tunnel }
    }
}

impl Service<Uri> for Route {
    type Response = <HttpConnector as Service<Uri>>::Response;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        // A tunnel is as ready as its connector, which always is.
        self.direct.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        match &mut self.tunnel {
            Some((proxy, tunnel)) if !is_direct(&uri) => {
                let (proxy, connecting) = (proxy.clone(), tunnel.call(uri.clone()));
                Box::pin(async move {
                    let failed = |cause| NoConnection::through(&proxy, &uri, cause);
                    connecting
                        .await
                        .map_err(|error| failed(error.into()).into())
                })
            }
            _ => {
                let connecting = self.direct.call(uri.clone());
                Box::pin(async move {
                    let failed = |cause| NoConnection::to(&uri, cause);
                    connecting
                        .await
                        .map_err(|error| failed(error.into()).into())
                })
            }
        }
    }
}

/// Whether no proxy stands before it.
pub(super) fn is_direct(uri: &Uri) -> bool {
    uri.host().is_some_and(is_loopback)
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::net::TcpListener;

    use super::*;

    /// Nobody listens at the addresses that are asked for; who goes there never asks the proxy.
    #[tokio::test]
    async fn every_spelling_of_this_machine_is_reached_directly() {
        let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", proxy.local_addr().unwrap());
        let mut route = Route::new(Some(Proxy::parse(&address).unwrap()));
        for scheme in ["http", "https"] {
            for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "[::1]"] {
                let uri = format!("{scheme}://{host}:1").parse().unwrap();
                poll_fn(|context| route.poll_ready(context)).await.unwrap();
                assert!(route.call(uri).await.is_err(), "{host}");
            }
        }
        let asked = futures_util::FutureExt::now_or_never(proxy.accept());
        assert!(asked.is_none());
    }
}
