//! Requests that cannot be read whole, so that no operation sees them.

use std::{error::Error, iter::successors, time::Duration};

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use http::StatusCode;
use hyper::body::Incoming;
use tokio::time::timeout;

use crate::http::{BODY_LIMIT, verdict::Why};

/// The first bytes of a client that speaks TLS.
const TLS: &[u8] = &[0x16, 0x03];

pub(super) struct Unread {
    pub(super) status: StatusCode,
    pub(super) why: Why,
}

impl Unread {
    fn new(status: StatusCode, reason: String) -> Self {
        Self {
            status,
            why: Why::reason(reason),
        }
    }
}

/// The whole body, before anything else happens, so that no handler waits for a slow one.
pub(super) async fn body(body: Incoming, reading: Duration) -> Result<Bytes, Unread> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let whole = to_bytes(Body::new(body), BODY_LIMIT);
    let (status, reason) = match timeout(reading, whole).await {
        Ok(Ok(body)) => return Ok(body),
        Ok(Err(error)) if is_broken(&error) => (
            StatusCode::BAD_REQUEST,
            "body: ended early or cannot be read".to_owned(),
        ),
        Ok(Err(_)) => (
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("body: more than {BODY_LIMIT} bytes"),
        ),
        Err(_) => (
            StatusCode::REQUEST_TIMEOUT,
            format!("body: not complete after {reading:?}"),
        ),
    };
    Err(Unread::new(status, reason))
}

/// The connection failed, and not our bound.
fn is_broken(error: &(dyn Error + 'static)) -> bool {
    let mut causes = successors(Some(error), |error| (*error).source());
    causes.any(|error| error.is::<hyper::Error>())
}

/// A head at which a connection ended, from the bytes that were not read; `None` where it ended without one.
pub(super) fn head(error: &hyper::Error, bytes: &[u8], reading: Duration) -> Option<Unread> {
    let slow = format!("head: not complete after {reading:?}; closed without an answer");
    let (status, reason) = match bytes {
        [] => return None,
        _ if error.is_timeout() => (StatusCode::REQUEST_TIMEOUT, slow),
        _ if bytes.starts_with(TLS) => (
            StatusCode::BAD_REQUEST,
            "head: TLS, where plain HTTP is spoken".to_owned(),
        ),
        // The parser's only words for it.
        _ if error.is_parse_too_large() && error.to_string().contains("URI") => {
            (StatusCode::URI_TOO_LONG, format!("head: {error}"))
        }
        _ if error.is_parse_too_large() => (
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            format!("head: {error}"),
        ),
        _ if error.is_parse() || error.is_incomplete_message() => {
            (StatusCode::BAD_REQUEST, format!("head: {error}"))
        }
        _ => return None,
    };
    Some(Unread::new(status, reason))
}
