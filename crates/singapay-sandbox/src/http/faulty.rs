//! Answers that go wrong on purpose.

use std::io;

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use crate::fault::{FaultAction, FaultPoint, Strike};

/// The end of a connection instead of its next request; read by the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Reset without an answer.
    Now,
    /// Reset when the body breaks off.
    InBody,
}

/// An answer, and the bytes of its body for the request log.
pub(super) type Sent = (Response, Bytes);

/// Makes the answer that leaves instead of the right one. Delays have been waited for already.
pub(super) fn spoil(strike: &Strike, (right, body): Sent, base_url: &str) -> Sent {
    let during = strike.point == FaultPoint::DuringResponse;
    match &strike.action {
        FaultAction::DelayMillis(_) => (right, body),
        FaultAction::Reset if during => {
            let mut sent = broken(right.status(), body);
            sent.0.extensions_mut().insert(Cut::InBody);
            sent
        }
        FaultAction::Reset => {
            let mut response = Response::new(Body::empty());
            response.extensions_mut().insert(Cut::Now);
            (response, Bytes::new())
        }
        FaultAction::Truncate => broken(right.status(), body),
        FaultAction::Redirect => {
            let mut sent = with_status(307, "");
            if let Ok(place) = HeaderValue::from_str(&format!("{base_url}/api/redirected")) {
                sent.0.headers_mut().insert(header::LOCATION, place);
            }
            sent
        }
        FaultAction::Html502 => {
            let mut sent = with_status(502, "<html><h1>502 Bad Gateway</h1></html>");
            let html = HeaderValue::from_static("text/html");
            sent.0.headers_mut().insert(header::CONTENT_TYPE, html);
            sent
        }
        FaultAction::Status(status) => with_status(*status, ""),
        FaultAction::TooManyRequests { retry_after } => {
            let mut sent = with_status(429, "");
            sent.0
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(*retry_after));
            sent
        }
        FaultAction::WrongCode(code) => {
            let body = json!({"response_code": code, "response_message": "Fault", "data": {}});
            as_json(400, &body.to_string())
        }
        FaultAction::Answer { status, body } => as_json(*status, body),
    }
}

fn as_json(status: u16, body: &str) -> Sent {
    let mut sent = with_status(status, body);
    let json = HeaderValue::from_static("application/json");
    sent.0.headers_mut().insert(header::CONTENT_TYPE, json);
    sent
}

fn with_status(status: u16, body: &str) -> Sent {
    let body = Bytes::copy_from_slice(body.as_bytes());
    let mut response = Response::new(Body::from(body.clone()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    (response, body)
}

/// Promises the whole body and ends after half of it.
fn broken(status: StatusCode, body: Bytes) -> Sent {
    let body = if body.is_empty() {
        Bytes::from_static(br#"{"response_code":"SP000","data":{}}"#)
    } else {
        body
    };
    let half = body.slice(..body.len() / 2);
    let parts = [
        Ok(half.clone()),
        Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
    ];
    let mut response = Response::new(Body::from_stream(stream::iter(parts)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    (response, half)
}
