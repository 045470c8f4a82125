//! A gateway that keeps every request as it came, and gives prepared answers.

use std::sync::{Arc, Mutex};

use axum::{Router, extract::Request, response::IntoResponse};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde_json::{Value, json};
use singapay::{Clock, Singapay, Timestamp};

use crate::driver::Clients;

/// Client id and secret that the clients of a [`Recorder`] have; the partner id is `partner-1`.
pub const CREDENTIAL: (&str, &str) = ("client-1", "secret-1");
/// The token that a [`Recorder`] gives.
pub const TOKEN: &str = "token-1";
/// The time of a [`Recorder`]'s clients: 2026-08-21 03:00:00 UTC, in seconds.
pub const NOW: i64 = 1_787_281_200;

/// Paths of the four token operations.
pub const TOKEN_PATHS: [&str; 3] = [
    "/api/v1.1/access-token/b2b",
    "/api/v1.0/access-token/b2b",
    "/api/v1/kyc/auth/get-auth-token",
];

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

/// A server on a port of its own.
pub struct Recorder {
    base_url: String,
    requests: Arc<Mutex<Vec<Recorded>>>,
}

impl Recorder {
    /// Starts a server that answers token requests with a token, and all others with this.
    ///
    /// # Panics
    ///
    /// No port is free.
    pub async fn start(status: StatusCode, answer: &Value) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (kept, answer) = (Arc::clone(&requests), Bytes::from(answer.to_string()));
        let router = Router::new().fallback(move |request: Request| {
            let (kept, answer) = (Arc::clone(&kept), answer.clone());
            async move {
                let (parts, body) = request.into_parts();
                let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
                let path = parts.uri.path().to_owned();
                kept.lock().unwrap().push(Recorded {
                    method: parts.method.to_string(),
                    target: parts.uri.to_string(),
                    headers: parts.headers,
                    body,
                });
                let (status, answer) = match token(&path) {
                    Some(token) => (StatusCode::OK, token.to_string().into()),
                    None => (status, answer),
                };
                (status, [(header::CONTENT_TYPE, "application/json")], answer).into_response()
            }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { base_url, requests }
    }

    /// A client of all three hosts, at a time that stands still.
    ///
    /// # Panics
    ///
    /// The settings do not fit together.
    pub fn clients(&self) -> Clients {
        Clients::of(client(&self.base_url))
    }

    /// All requests so far.
    ///
    /// # Panics
    ///
    /// The server panicked.
    pub fn all(&self) -> Vec<Recorded> {
        self.requests.lock().unwrap().clone()
    }

    /// All requests but those for tokens.
    pub fn calls(&self) -> Vec<Recorded> {
        let mut requests = self.all();
        requests.retain(|request| token(request.path()).is_none());
        requests
    }
}

impl Recorded {
    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The query, if there is one.
    pub fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_, query)| query)
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// A client of a gateway at one address, at a time that stands still.
///
/// # Panics
///
/// The settings do not fit together.
pub fn client(base_url: &str) -> Singapay {
    let (id, secret) = CREDENTIAL;
    Singapay::builder()
        .base_url(base_url)
        .credential("partner-1", id, secret)
        .biller_credential("partner-2", id, secret)
        .identity_credential(id, secret)
        .clock(StandingClock)
        .build()
        .unwrap()
}

#[derive(Debug)]
struct StandingClock;

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(NOW)
    }
}

/// The answer to a token request, by path.
fn token(path: &str) -> Option<Value> {
    if !TOKEN_PATHS.contains(&path) {
        return None;
    }
    let data = json!({"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600});
    Some(match path.contains("/kyc/") {
        true => data,
        false => json!({"status": 200, "success": true, "data": data}),
    })
}
