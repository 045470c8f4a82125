//! Checks on a request before it gets near a token.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, header};
use singapay_core::{CallError, CallErrorKind, Operation};

use crate::{
    endpoint::{Endpoint, Endpoints},
    headers,
};

fn refuse(message: impl Into<String>) -> CallError {
    CallError::not_sent(CallErrorKind::Config, message, None)
}

/// Checks method and target: a token or signature must never go to another host, and the path must be
/// that of the operation, whoever built the request. What is checked here is what is sent: base
/// addresses have no path of their own.
pub(super) fn check_target(
    operation: &Operation,
    request: &Request<Bytes>,
    endpoints: &Endpoints,
) -> Result<(), CallError> {
    if request.method().as_str() != operation.method {
        return Err(refuse(format!(
            "{} is not a {}",
            operation.id,
            request.method()
        )));
    }
    let endpoint = endpoints.get(operation.host);
    if !endpoint.is_spelt(request.uri()) {
        let target = Endpoint::of(request.uri())
            .map_err(|error| refuse(format!("the request URL cannot be used: {error}")))?;
        if !target.is_same(endpoint) {
            return Err(refuse(
                "the request URL names another host than the configured one",
            ));
        }
    }
    if !operation.has_path(request.uri().path()) {
        return Err(refuse(format!(
            "the request path is not that of {}: an id has left its place",
            operation.id
        )));
    }
    if !request.uri().query().is_none_or(is_stable) {
        return Err(refuse(
            "the query holds characters that HTTP libraries rewrite",
        ));
    }
    Ok(())
}

/// True if every URL parser leaves a query as it is.
fn is_stable(query: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&()*+,;=:@/?".contains(&byte);
    query.bytes().all(allowed)
}

/// Puts the headers of the request and of the caller together.
pub(super) fn merge_headers(
    mut to: HeaderMap,
    more: &[(HeaderName, HeaderValue)],
    has_body: bool,
) -> Result<HeaderMap, CallError> {
    if let Some(name) = to.keys().find(|name| headers::is_owned(name)) {
        return Err(refuse(format!(
            "the header `{name}` is set by the SDK itself"
        )));
    }
    for (name, value) in more {
        if headers::is_owned(name) || [header::ACCEPT, header::CONTENT_TYPE].contains(name) {
            return Err(refuse(format!(
                "the header `{name}` is set by the SDK itself"
            )));
        }
        to.append(name, value.clone());
    }
    let json = HeaderValue::from_static("application/json");
    to.entry(header::ACCEPT).or_insert_with(|| json.clone());
    if has_body {
        to.entry(header::CONTENT_TYPE).or_insert(json);
    } else {
        to.remove(header::CONTENT_TYPE);
    }
    Ok(to)
}
