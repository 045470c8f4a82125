use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, header};
use singapay_core::{
    Answer, AnswerBound, BoxFuture, Clock, Delivery, Failure, Secret, Timer, Timestamp, Transport,
    TransportError,
};
use tracing::{Instrument, field::Empty};

use super::{StoredToken, TokenError, TokenSource, wire};
use crate::{
    credential::{Credential, IdentityCredential},
    endpoint::Endpoint,
    headers,
    scheme::{basic_authorization, identity_signature, identity_timestamp, token_signature},
};

/// Scheme by which a token is asked for, and its credential.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum TokenScheme {
    /// Scheme A, `POST /api/v1.1/access-token/b2b`: the payment host.
    Signed(Arc<Credential>),
    /// Scheme B, `POST /api/v1.0/access-token/b2b`: the biller host.
    Basic(Arc<Credential>),
    /// Scheme D, `POST /api/v1/kyc/auth/get-auth-token`: the identity host.
    Identity(Arc<IdentityCredential>),
}

impl TokenScheme {
    pub(crate) fn client_id(&self) -> &str {
        match self {
            Self::Signed(credential) | Self::Basic(credential) => credential.client_id(),
            Self::Identity(credential) => credential.client_id(),
        }
    }

    fn client_secret(&self) -> &Secret {
        match self {
            Self::Signed(credential) | Self::Basic(credential) => credential.client_secret(),
            Self::Identity(credential) => credential.client_secret(),
        }
    }

    fn path(&self) -> &'static str {
        match self {
            Self::Signed(_) => "/api/v1.1/access-token/b2b",
            Self::Basic(_) => "/api/v1.0/access-token/b2b",
            Self::Identity(_) => "/api/v1/kyc/auth/get-auth-token",
        }
    }

    /// Adds the headers that prove who asks. The date of scheme A is the one of this very moment.
    pub(crate) fn authenticate(
        &self,
        now: Timestamp,
        to: &mut HeaderMap,
    ) -> Result<(), &'static str> {
        match self {
            Self::Signed(credential) => {
                let (id, secret) = (credential.client_id(), credential.client_secret());
                headers::set(to, headers::PARTNER_ID, credential.partner_id())?;
                headers::set(to, headers::CLIENT_ID, id)?;
                let signature = token_signature(id, secret, now).to_hex();
                headers::set_sensitive(to, headers::SIGNATURE, &signature)
            }
            Self::Basic(credential) => {
                let basic = basic_authorization(credential.client_id(), credential.client_secret());
                headers::set(to, headers::PARTNER_ID, credential.partner_id())?;
                headers::set_sensitive(to, header::AUTHORIZATION, basic.expose())
            }
            Self::Identity(_) => Ok(()),
        }
    }

    /// The body of a token request.
    pub(crate) fn body(&self, now: Timestamp) -> Bytes {
        match self {
            Self::Signed(_) | Self::Basic(_) => {
                Bytes::from_static(br#"{"grant_type":"client_credentials"}"#)
            }
            Self::Identity(credential) => {
                let timestamp = identity_timestamp(now);
                let (id, secret) = (credential.client_id(), credential.client_secret());
                let signature = identity_signature(id, secret, &timestamp);
                let body = serde_json::json!({
                    "client_id": id, "timestamp": timestamp, "signature": signature,
                });
                Bytes::from(body.to_string())
            }
        }
    }
}

/// Asks for tokens over a [`Transport`].
#[derive(Clone)]
pub struct HttpTokenSource {
    scheme: TokenScheme,
    endpoint: Endpoint,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
    timeout: Duration,
}

/// A token request changes nothing, so it may be repeated.
const ATTEMPTS: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(200);

impl HttpTokenSource {
    /// A source for one credential on one host. `timeout` bounds each request.
    pub fn new(
        scheme: TokenScheme,
        endpoint: Endpoint,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        timer: Arc<dyn Timer>,
        timeout: Duration,
    ) -> Self {
        Self {
            scheme,
            endpoint,
            transport,
            clock,
            timer,
            timeout,
        }
    }

    async fn run(self) -> Result<StoredToken, TokenError> {
        let mut attempt = 1;
        loop {
            let asked_at = self.clock.now();
            let request = self.request(asked_at).map_err(TokenError::request)?;
            let result = self.send(attempt, request).await;
            if attempt < ATTEMPTS && may_pass(&result) {
                let most = FIRST_PAUSE * 2_u32.pow(attempt);
                self.timer.sleep(most.mul_f64(fastrand::f64())).await;
                attempt += 1;
                continue;
            }
            return result
                .map_err(TokenError::transport)
                .and_then(|answer| judge(answer, asked_at))
                .map_err(|error| error.after(attempt));
        }
    }

    /// One request in a span of its own, which tells neither headers nor body.
    async fn send(&self, attempt: u32, request: Request<Bytes>) -> Result<Answer, TransportError> {
        let span = tracing::debug_span!(
            target: "singapay",
            "singapay.token",
            host = %self.endpoint,
            attempt,
            status = Empty,
            failure = Empty,
            duration_ms = Empty,
        );
        let started = Instant::now();
        let sent = self.transport.send(request, self.timeout);
        let result = AnswerBound::TOKEN.check(sent.instrument(span.clone()).await);
        match &result {
            Ok(answer) => span.record("status", answer.status.as_u16()),
            Err(error) => span.record("failure", tracing::field::debug(error.kind())),
        };
        let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        span.record("duration_ms", millis);
        result
    }

    fn request(&self, now: Timestamp) -> Result<Request<Bytes>, &'static str> {
        if self.scheme.client_secret().is_blank() {
            return Err("the client secret is empty");
        }
        let mut request = Request::new(self.scheme.body(now));
        *request.method_mut() = Method::POST;
        let uri = format!("{}{}", self.endpoint, self.scheme.path());
        *request.uri_mut() = uri.parse().map_err(|_| "the address is not a URL")?;
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::ACCEPT, json.clone());
        request.headers_mut().insert(header::CONTENT_TYPE, json);
        self.scheme.authenticate(now, request.headers_mut())?;
        AnswerBound::TOKEN.attach(&mut request);
        Ok(request)
    }
}

/// True if the next attempt may go better.
fn may_pass(result: &Result<Answer, TransportError>) -> bool {
    match result {
        Ok(answer) => !answer.status.is_success() && Failure::of_token(answer).is_trouble(),
        Err(error) => {
            use singapay_core::TransportErrorKind as Kind;
            error.delivery() == Delivery::MaybeSent && error.kind() != Kind::BodyTooLarge
                || matches!(error.kind(), Kind::Connect | Kind::ConnectTimeout)
        }
    }
}

fn judge(answer: Answer, asked_at: Timestamp) -> Result<StoredToken, TokenError> {
    if !answer.status.is_success() {
        return Err(TokenError::refused(answer));
    }
    match wire::read(&answer.body) {
        Some((value, life)) => Ok(StoredToken::new(value, asked_at, asked_at.plus(life))),
        None => Err(TokenError::unreadable(answer)),
    }
}

impl TokenSource for HttpTokenSource {
    fn fetch(&self) -> BoxFuture<'static, Result<StoredToken, TokenError>> {
        Box::pin(self.clone().run())
    }
}

impl fmt::Debug for HttpTokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTokenSource")
            .field("scheme", &self.scheme)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ManualClock, TokioTimer, scripted};

    #[tokio::test(start_paused = true)]
    async fn nobody_is_asked_with_a_blank_secret() {
        let shop = || Arc::new(Credential::new("shop", "p", "c", "\0"));
        let identity = Arc::new(IdentityCredential::new("c", " "));
        for scheme in [
            TokenScheme::Signed(shop()),
            TokenScheme::Basic(shop()),
            TokenScheme::Identity(identity),
        ] {
            let transport = scripted([]);
            let source = HttpTokenSource::new(
                scheme,
                Endpoint::parse("https://a.example").unwrap(),
                Arc::new(transport.clone()),
                ManualClock::new(),
                Arc::new(TokioTimer),
                Duration::from_secs(1),
            );
            let error = source.fetch().await.unwrap_err();
            assert!(error.to_string().contains("the client secret is empty"));
            assert_eq!(transport.token_count(), 0);
        }
    }
}
