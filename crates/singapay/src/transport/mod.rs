//! The HTTP client below the pipeline: one request out, one capped answer back.
//!
//! hyper rather than reqwest: a TLS feature of reqwest that is switched on here would change, and
//! without a default provider break, every other reqwest client in the user's program.

mod clients;
mod connect;
mod proxy;
mod route;
mod tls;
mod why;

use std::{fmt, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_util::client::legacy::{ResponseFuture, connect::capture_connection};
use singapay_core::{
    Answer, AnswerBound, BoxFuture, Transport, TransportError, TransportErrorKind,
};

use crate::error::{Error, ErrorKind};
use clients::Clients;
use connect::{Connector, TooSlow};
use route::Route;
use why::{NoConnection, causes};

pub(crate) use proxy::Proxy;
pub use tls::Tls;

/// How long an idle connection is kept. Shorter than servers usually do, so that a request rarely
/// meets a connection that is just being closed.
const IDLE: Duration = Duration::from_secs(30);

/// The pipeline's alarm rings at the end of `timeout` too, and cannot tell whether a connection was
/// there. Ending this much earlier lets the one speak that can.
const MARGIN: Duration = Duration::from_millis(20);

/// Sends requests over HTTP/1.1.
///
/// Redirects are never followed: there is no code here that could. A request is sent a second time
/// only when hyper hands it back untouched because a kept connection had been closed.
pub(crate) struct HttpTransport {
    clients: Clients,
    user_agent: HeaderValue,
}

/// Settings of the HTTP client.
#[derive(Debug, Clone)]
pub(crate) struct TransportSettings {
    /// Bound for DNS, proxy, TCP and TLS together.
    pub(crate) connect_timeout: Duration,
    /// Value of the `User-Agent` header.
    pub(crate) user_agent: String,
    /// Who speaks TLS; nobody is needed where every endpoint is plain and on this machine.
    pub(crate) tls: Option<Tls>,
    /// Roots (PEM) that are trusted beside those of the platform.
    pub(crate) roots: Vec<Vec<u8>>,
    /// Proxy for everything but this machine.
    pub(crate) proxy: Option<Proxy>,
}

impl HttpTransport {
    pub(crate) fn new(settings: TransportSettings) -> Result<Self, Error> {
        let user_agent = HeaderValue::from_str(&settings.user_agent).map_err(|error| {
            Error::local(ErrorKind::Config, "the user agent cannot be a header").with_source(error)
        })?;
        let clients = Clients::new(connector(settings)?);
        Ok(Self {
            clients,
            user_agent,
        })
    }
}

/// Reads an answer to its end, if it is within its bound.
async fn read(response: ResponseFuture, bound: AnswerBound) -> Result<Answer, TransportError> {
    let (parts, body) = response.await.map_err(classify)?.into_parts();
    let body = Limited::new(body, bound.bytes())
        .collect()
        .await
        .map_err(|error| {
            if error.is::<LengthLimitError>() {
                TransportError::new(TransportErrorKind::BodyTooLarge, None)
            } else {
                TransportError::new(TransportErrorKind::Interrupted, Some(error))
            }
        })?;
    Ok(Answer {
        status: parts.status,
        headers: parts.headers,
        body: body.to_bytes(),
    })
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransport").finish_non_exhaustive()
    }
}

impl Transport for HttpTransport {
    fn send<'a>(
        &'a self,
        mut request: http::Request<Bytes>,
        timeout: Duration,
    ) -> BoxFuture<'a, Result<Answer, TransportError>> {
        request
            .headers_mut()
            .entry(header::USER_AGENT)
            .or_insert_with(|| self.user_agent.clone());
        let bound = request.extensions().get().copied();
        let bound = bound.unwrap_or(AnswerBound::LIST);
        let mut request = request.map(Full::new);
        let connection = capture_connection(&mut request);
        let uri = request.uri().clone();
        let patience = timeout.saturating_sub(MARGIN.min(timeout / 10));
        Box::pin(async move {
            let response = self.clients.request(request).map_err(|error| {
                let detail = error.to_string();
                TransportError::new(TransportErrorKind::Connect, Some(error.into()))
                    .with_detail(detail)
            })?;
            let error = match tokio::time::timeout(patience, read(response, bound)).await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(error)) => error,
                Err(_) => {
                    // Without a connection not a byte was sent.
                    let kind = match connection.connection_metadata().is_none() {
                        true => TransportErrorKind::ConnectTimeout,
                        false => TransportErrorKind::Timeout,
                    };
                    TransportError::new(kind, None)
                }
            };
            Err(match error.detail() {
                Some(_) => error,
                None => error.with_detail(format!("the other side is {}", why::name(&uri))),
            })
        })
    }
}

fn connector(settings: TransportSettings) -> Result<Connector, Error> {
    let proxy = settings.proxy.as_ref().map(|proxy| proxy.address.clone());
    let (route, timeout) = (Route::new(settings.proxy), settings.connect_timeout);
    let connector = match settings.tls {
        Some(tls) => tls.over(route, timeout, &settings.roots)?,
        None => Connector::new(route, timeout),
    };
    Ok(connector.through(proxy))
}

/// Only what broke while connecting is proven not sent.
fn classify(error: hyper_util::client::legacy::Error) -> TransportError {
    let kind = if !error.is_connect() {
        TransportErrorKind::Interrupted
    } else if causes(&error).any(|cause| cause.is::<TooSlow>()) {
        TransportErrorKind::ConnectTimeout
    } else {
        TransportErrorKind::Connect
    };
    let why = causes(&error).find(|cause| cause.is::<NoConnection>() || cause.is::<TooSlow>());
    let why = why.map(ToString::to_string);
    let error = TransportError::new(kind, Some(Box::new(error)));
    match why {
        Some(why) => error.with_detail(why),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn time_that_ran_out_without_a_connection_sent_nothing() {
        // A proxy that takes connections and never answers.
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = silent.local_addr().unwrap();
        let transport = HttpTransport::new(TransportSettings {
            connect_timeout: Duration::from_secs(60),
            user_agent: "test".to_owned(),
            tls: None,
            roots: Vec::new(),
            proxy: Proxy::parse(&format!("http://{address}")).ok(),
        })
        .unwrap();
        for (timeout, uri) in [
            (50, "http://gateway.example/api"),
            (5, "https://gateway.example/api"),
        ] {
            let request = http::Request::get(uri).body(Bytes::new()).unwrap();
            let sent = transport
                .send(request, Duration::from_millis(timeout))
                .await;
            assert_eq!(sent.unwrap_err().kind(), TransportErrorKind::ConnectTimeout);
        }
    }
}
