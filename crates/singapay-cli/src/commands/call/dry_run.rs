//! A transport that sends nothing and keeps what would have been sent.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use singapay::{Answer, BoxFuture, Transport, TransportError, TransportErrorKind};
use singapay_core::operation::Authentication;

use super::shown::{self, is_hidden};

/// Headers that prove who calls.
const PROOFS: [&str; 5] = [
    "authorization",
    "x-signature",
    "x-partner-id",
    "x-client-id",
    "cookie",
];

/// An answer that both shapes of token endpoints give.
const TOKEN: &str = r#"{"success":true,"access_token":"dry-run","expires_in":"3600","data":{"access_token":"dry-run","expires_in":"3600"}}"#;

/// Gives a token to whoever asks for one, and keeps the request that comes with it.
#[derive(Debug, Default)]
pub(crate) struct DryRun {
    /// True if the call itself asks for a token.
    is_token: bool,
    request: Mutex<Option<http::Request<Bytes>>>,
}

impl DryRun {
    pub(crate) fn new(is_token: bool) -> Self {
        Self {
            is_token,
            request: Mutex::default(),
        }
    }

    /// The request as a person may see it.
    pub(crate) fn shown(&self) -> Option<Value> {
        let request = self.request.lock().unwrap_or_else(PoisonError::into_inner);
        let request = request.as_ref()?;
        let headers = request.headers().iter().map(|(name, value)| {
            let value = match PROOFS.contains(&name.as_str()) {
                true => Value::from("(hidden)"),
                false => String::from_utf8_lossy(value.as_bytes()).into(),
            };
            (name.to_string(), value)
        });
        let mut body = serde_json::from_slice(request.body()).unwrap_or(Value::Null);
        shown::hide(&mut body);
        Some(json!({
            "method": request.method().as_str(),
            "url": url(request.uri()),
            "headers": headers.collect::<serde_json::Map<_, _>>(),
            "body": body,
        }))
    }
}

/// The address, without the values of filters that are no one else's business.
fn url(uri: &http::Uri) -> String {
    let text = uri.to_string();
    let Some((start, query)) = text.split_once('?') else {
        return text;
    };
    let shown = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if is_hidden(name) => format!("{name}=(hidden)"),
        _ => pair.to_owned(),
    });
    format!("{start}?{}", shown.collect::<Vec<_>>().join("&"))
}

fn asks_for_a_token(path: &str) -> bool {
    let mut all = singapay_api::operations::ALL.iter();
    all.any(|operation| {
        operation.authentication != Authentication::Bearer && operation.has_path(path)
    })
}

impl Transport for DryRun {
    fn send<'a>(
        &'a self,
        request: http::Request<Bytes>,
        _: Duration,
    ) -> BoxFuture<'a, Result<Answer, TransportError>> {
        Box::pin(async move {
            if !self.is_token && asks_for_a_token(request.uri().path()) {
                return Ok(Answer {
                    status: StatusCode::OK,
                    headers: HeaderMap::new(),
                    body: Bytes::from_static(TOKEN.as_bytes()),
                });
            }
            *self.request.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
            Err(TransportError::new(
                TransportErrorKind::InvalidRequest,
                None,
            ))
        })
    }
}
