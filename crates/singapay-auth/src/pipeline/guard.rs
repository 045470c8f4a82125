//! What must hold for a request before it gets near a token.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Uri, header};
use singapay_core::{CallError, CallErrorKind, Operation};

use crate::{
    endpoint::{Endpoint, Endpoints},
    headers,
};

fn refuse(message: impl Into<String>) -> CallError {
    CallError::not_sent(CallErrorKind::Config, message, None)
}

/// Checks method and target: a token or signature must never go to another host, and the path that
/// is signed must be the path that arrives.
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
    let target = Endpoint::of(request.uri())
        .map_err(|error| refuse(format!("the request URL cannot be used: {error}")))?;
    if !target.is_same(endpoints.get(operation.host)) {
        return Err(refuse(
            "the request URL names another host than the configured one",
        ));
    }
    if !is_stable(request.uri()) {
        return Err(refuse(
            "the request path holds characters that HTTP libraries rewrite",
        ));
    }
    Ok(())
}

/// Whether every URL parser leaves path and query as they are.
fn is_stable(uri: &Uri) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&()*+,;=:@/?".contains(&byte);
    let dots = |segment: &str| {
        let plain = || segment.to_ascii_lowercase().replace("%2e", ".");
        segment.starts_with(['.', '%']) && matches!(plain().as_str(), "." | "..")
    };
    uri.path().starts_with('/')
        && uri
            .path_and_query()
            .is_some_and(|target| target.as_str().bytes().all(allowed))
        && !uri.path().split('/').any(dots)
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
