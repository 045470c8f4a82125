//! The HTTP client below the pipeline, which is reqwest's: one request out, one capped answer back.

mod client;
mod clients;
mod proxy;
mod tls;
mod why;

use std::{fmt, time::Duration};

use bytes::{Bytes, BytesMut};
use http::{HeaderValue, Uri, header};
use reqwest::Url;
use singapay_core::{
    Answer, AnswerBound, BoxFuture, Transport, TransportError, TransportErrorKind,
};

use crate::error::{Error, ErrorKind};
use clients::{Clients, Destination};

#[cfg(feature = "http-client-hook")]
pub(crate) use client::Hook;
pub(crate) use client::{TransportSettings, request_builder};
pub(crate) use proxy::{Proxy, ProxyError};
pub use tls::Tls;

/// The pipeline's alarm rings at the end of `timeout` too, and does not know whom it waited for.
/// Ending this much earlier lets the one speak that does.
const MARGIN: Duration = Duration::from_millis(20);

/// Sends requests over HTTP/1.1.
///
/// Redirects are never followed. A request is sent a second time only when hyper hands it back
/// untouched because a kept connection had been closed.
pub(crate) struct HttpTransport {
    clients: Clients,
    user_agent: HeaderValue,
    connect_timeout: Duration,
    proxy: Option<String>,
    origins: Vec<Url>,
}

impl HttpTransport {
    pub(crate) fn new(settings: TransportSettings) -> Result<Self, Error> {
        let user_agent = HeaderValue::from_str(&settings.user_agent).map_err(|error| {
            Error::local(ErrorKind::Config, "the user agent cannot be a header").with_source(error)
        })?;
        Ok(Self {
            user_agent,
            connect_timeout: settings.connect_timeout,
            proxy: settings.proxy.as_ref().map(|proxy| proxy.name.clone()),
            origins: settings.origins.clone(),
            clients: Clients::new(settings)?,
        })
    }

    async fn exchange(
        &self,
        request: reqwest::Request,
        uri: &Uri,
        bound: AnswerBound,
    ) -> Result<Answer, TransportError> {
        let destination = Destination::of(request.url());
        let client = self.clients.get(destination).map_err(|error| {
            let detail = error.to_string();
            TransportError::new(TransportErrorKind::Connect, Some(error)).with_detail(detail)
        })?;
        match client.execute(request).await {
            Ok(response) => read(response, bound).await,
            Err(error) => Err(self.classify(error.without_url(), uri)),
        }
    }

    /// Only what broke while connecting, or before, is proven not sent.
    fn classify(&self, error: reqwest::Error, uri: &Uri) -> TransportError {
        let (host, proxy) = (&why::name(uri), self.proxy.as_deref());
        let (kind, detail) = if error.is_builder() {
            (TransportErrorKind::InvalidRequest, None)
        } else if !error.is_connect() {
            (TransportErrorKind::Interrupted, None)
        } else if error.is_timeout() {
            let detail = why::too_slow(host, self.connect_timeout);
            (TransportErrorKind::ConnectTimeout, Some(detail))
        } else {
            let detail = why::not_connected(&error, host, proxy);
            (TransportErrorKind::Connect, Some(detail))
        };
        let error = TransportError::new(kind, Some(error.into()));
        match detail {
            Some(detail) => error.with_detail(detail),
            None => error,
        }
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
        let patience = timeout.saturating_sub(MARGIN.min(timeout / 10));
        Box::pin(async move {
            let uri = request.uri().clone();
            let request = convert(request, &self.origins)?;
            // A deadline does not tell if a connection was there; the connect timeout does where it is shorter.
            let result = tokio::time::timeout(patience, self.exchange(request, &uri, bound)).await;
            let result = result
                .unwrap_or_else(|_| Err(TransportError::new(TransportErrorKind::Timeout, None)));
            result.map_err(|error| match error.detail() {
                Some(_) => error,
                None => error.with_detail(format!("the other side is {}", why::name(&uri))),
            })
        })
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransport").finish_non_exhaustive()
    }
}

/// The request in reqwest's types. Its URL parser rewrites some characters; the path and query that
/// were signed are the ones that are sent, or nothing is.
fn convert(
    request: http::Request<Bytes>,
    origins: &[Url],
) -> Result<reqwest::Request, TransportError> {
    let invalid = |source| TransportError::new(TransportErrorKind::InvalidRequest, source);
    let (mut parts, body) = request.into_parts();
    let uri = &parts.uri;
    let is_there = |url: &Url| {
        uri.scheme_str() == Some(url.scheme())
            && uri.host() == url.host_str()
            && uri.port_u16() == url.port()
    };
    // A host is dear to parse: generated code has done so, and otherwise there are three.
    let parsed = parts.extensions.remove::<Url>().filter(is_there);
    let url = if let Some(url) = parsed {
        url
    } else if let Some(origin) = origins.iter().find(|origin| is_there(origin)) {
        let mut url = origin.clone();
        url.set_path(uri.path());
        url.set_query(uri.query());
        url
    } else {
        Url::parse(&uri.to_string()).map_err(|error| invalid(Some(error.into())))?
    };
    if (url.path(), url.query()) != (uri.path(), uri.query()) {
        return Err(invalid(None).with_detail("its path or query holds what a URL cannot"));
    }
    let mut request = reqwest::Request::new(parts.method, url);
    *request.headers_mut() = parts.headers;
    *request.body_mut() = Some(body.into());
    Ok(request)
}

/// Reads an answer to its end, if it is within its bound.
async fn read(
    mut response: reqwest::Response,
    bound: AnswerBound,
) -> Result<Answer, TransportError> {
    let mut body = BytesMut::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if chunk.len() > bound.bytes() - body.len() => {
                return Err(TransportError::new(TransportErrorKind::BodyTooLarge, None));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) => {
                let source = Some(error.without_url().into());
                return Err(TransportError::new(TransportErrorKind::Interrupted, source));
            }
        }
    }
    Ok(Answer {
        status: response.status(),
        headers: std::mem::take(response.headers_mut()),
        body: body.freeze(),
    })
}

#[cfg(test)]
mod tests;
