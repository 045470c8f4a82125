//! The HTTP client below the pipeline: one request out, one capped answer back.
//!
//! hyper rather than reqwest: a TLS feature of reqwest that is switched on here would change, and
//! without a default provider break, every other reqwest client in the user's program.

mod connect;
mod tls;

use std::{error::Error as StdError, fmt, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use singapay_core::{Answer, BoxFuture, Transport, TransportError, TransportErrorKind};

use crate::error::{Error, ErrorKind};
use connect::{Bounded, TooSlow};

/// Largest answer that is read, in bytes. A page of 100 rows is about 100 kB.
const ANSWER_LIMIT: usize = 16 * 1024 * 1024;

/// How long an idle connection is kept. Shorter than servers usually do, so that a request rarely
/// meets a connection that is just being closed.
const IDLE: Duration = Duration::from_secs(30);

/// Sends requests over HTTP/1.1.
///
/// Redirects are never followed: there is no code here that could. A request is sent a second time
/// only when hyper hands it back untouched because a kept connection had been closed.
pub(crate) struct HttpTransport {
    client: Client<Bounded<HttpsConnector<HttpConnector>>, Full<Bytes>>,
    user_agent: HeaderValue,
}

/// Settings of the HTTP client.
#[derive(Debug, Clone)]
pub(crate) struct TransportSettings {
    /// Bound for DNS, TCP and TLS together.
    pub(crate) connect_timeout: Duration,
    /// Value of the `User-Agent` header.
    pub(crate) user_agent: String,
    /// Whether every endpoint is on this machine, where plain HTTP is spoken.
    pub(crate) loopback_only: bool,
}

impl HttpTransport {
    pub(crate) fn new(settings: &TransportSettings) -> Result<Self, Error> {
        let user_agent = HeaderValue::from_str(&settings.user_agent).map_err(|error| {
            Error::local(ErrorKind::Config, "the user agent cannot be a header").with_source(error)
        })?;
        let connector = tls::connector(settings.loopback_only)?;
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .build(Bounded::new(connector, settings.connect_timeout));
        Ok(Self { client, user_agent })
    }

    async fn exchange(
        &self,
        mut request: http::Request<Bytes>,
        timeout: Duration,
    ) -> Result<Answer, TransportError> {
        request
            .headers_mut()
            .entry(header::USER_AGENT)
            .or_insert_with(|| self.user_agent.clone());
        let exchange = async {
            let response = self
                .client
                .request(request.map(Full::new))
                .await
                .map_err(classify)?;
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, ANSWER_LIMIT)
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
        };
        match tokio::time::timeout(timeout, exchange).await {
            Ok(result) => result,
            // Whether connecting had ended is not known here, so nothing is claimed.
            Err(_) => Err(TransportError::new(TransportErrorKind::Timeout, None)),
        }
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransport").finish_non_exhaustive()
    }
}

impl Transport for HttpTransport {
    fn send<'a>(
        &'a self,
        request: http::Request<Bytes>,
        timeout: Duration,
    ) -> BoxFuture<'a, Result<Answer, TransportError>> {
        Box::pin(self.exchange(request, timeout))
    }
}

/// Only what broke while connecting is proven not sent.
fn classify(error: hyper_util::client::legacy::Error) -> TransportError {
    let kind = if !error.is_connect() {
        TransportErrorKind::Interrupted
    } else if is_too_slow(&error) {
        TransportErrorKind::ConnectTimeout
    } else {
        TransportErrorKind::Connect
    };
    TransportError::new(kind, Some(Box::new(error)))
}

fn is_too_slow(error: &(dyn StdError + 'static)) -> bool {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.into_iter().any(|cause| cause.is::<TooSlow>())
}
