//! The only way out of a generated client: into the pipeline.
//!
//! Clients are generated with `HooksMode::Expected`, so that a client without these hooks does not
//! compile, rather than sending unsigned requests.

use std::{fmt, sync::Arc, time::Instant};

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo, ResponseValue};
use reqwest::ResponseBuilderExt;
use serde::de::DeserializeOwned;
use singapay_core::{
    Answer, CallContext, CallError, CallErrorKind, Operation, Pipeline, TransportError,
    TransportErrorKind,
};

use crate::generated::{self, operations};

/// Status of the synthetic response of a call that has no answer; the context says why.
pub const FAILED: u16 = 599;

/// State of a generated client: the way out, and one call's options and record.
///
/// A context serves one call, so a client is made per call; making one copies two pointers and an address.
#[derive(Clone)]
pub struct Inner {
    /// Authenticates, signs, sends, repeats.
    pub pipeline: Arc<dyn Pipeline>,
    /// Options and record of the call.
    pub context: Arc<CallContext>,
    /// Address of the host, without a path.
    pub base_url: reqwest::Url,
}

impl Inner {
    /// The address of a path, percent-encoded where an argument stands in it. A host is dear to parse, so it is not
    /// done again.
    #[allow(dead_code, reason = "without a product nobody calls it")]
    pub(crate) fn address(&self, path: &str) -> reqwest::Url {
        let mut url = self.base_url.clone();
        // Generated code lets a backslash through, which a URL would take for a slash.
        url.set_path(&path.replace('\\', "%5C"));
        url
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner").finish_non_exhaustive()
    }
}

macro_rules! hooks {
    ($($host:ident),*) => {$(
        impl ClientHooks<Inner> for generated::$host::Client {
            async fn exec(
                &self,
                request: reqwest::Request,
                info: &OperationInfo,
            ) -> reqwest::Result<reqwest::Response> {
                Ok(execute(self.inner(), request, info.operation_id).await)
            }
        }
    )*};
}

hooks!(payment, biller, identity);

async fn execute(
    inner: &Inner,
    request: reqwest::Request,
    operation_id: &str,
) -> reqwest::Response {
    let start = Instant::now();
    let url = request.url().clone();
    let result = match prepare(request, operation_id) {
        Ok((operation, request)) => {
            inner
                .pipeline
                .execute(operation, request, &inner.context)
                .await
        }
        Err(error) => Err(error),
    };
    let response = response(result.as_ref().ok().map(|judged| &judged.answer), url);
    inner.context.finish(start.elapsed(), result);
    response
}

/// The answer in its type, if its status is one of success.
#[allow(dead_code, reason = "without a product nobody calls it")]
pub(crate) async fn answer<T: DeserializeOwned>(
    response: reqwest::Response,
) -> Result<ResponseValue<T>, Error<serde_json::Value>> {
    match response.status().as_u16() {
        200..=299 => ResponseValue::from_response(response).await,
        400..=599 => Err(Error::ErrorResponse(
            ResponseValue::from_response(response).await?,
        )),
        _ => Err(Error::UnexpectedResponse(response)),
    }
}

/// The operation, and the request in the types of the pipeline.
fn prepare(
    request: reqwest::Request,
    operation_id: &str,
) -> Result<(&'static Operation, http::Request<Bytes>), CallError> {
    let operation = operations::find(operation_id).ok_or_else(|| {
        let message = format!("operation {operation_id} is not in the operation table");
        CallError::not_sent(CallErrorKind::Config, message, None)
    })?;
    Ok((operation, convert(request, operation)?))
}

fn convert(
    mut request: reqwest::Request,
    operation: &Operation,
) -> Result<http::Request<Bytes>, CallError> {
    let uri: http::Uri = request.url().as_str().parse().map_err(|error| {
        TransportError::new(TransportErrorKind::InvalidRequest, Some(Box::new(error)))
    })?;
    let mut body = match request.body() {
        None => Bytes::new(),
        // A streaming body cannot be signed, and no operation has one.
        Some(body) => body
            .as_bytes()
            .map(Bytes::copy_from_slice)
            .ok_or_else(|| TransportError::new(TransportErrorKind::InvalidRequest, None))?,
    };
    let mut headers = std::mem::take(request.headers_mut());
    if operation.optional_body && &*body == b"{}" {
        body = Bytes::new();
        headers.remove(header::CONTENT_TYPE);
    }
    let mut converted = http::Request::new(body);
    *converted.method_mut() = request.method().clone();
    *converted.uri_mut() = uri;
    *converted.headers_mut() = headers;
    // Parsed already: what sends it need not do so again.
    converted.extensions_mut().insert(request.url().clone());
    Ok(converted)
}

/// Answer for the generated code to decode: the gateway's, or nothing under [`FAILED`].
///
/// It is given the URL of the request, because reqwest would parse a placeholder otherwise.
fn response(answer: Option<&Answer>, url: reqwest::Url) -> reqwest::Response {
    let (status, headers, body) = match answer {
        Some(answer) => (answer.status, answer.headers.clone(), answer.body.clone()),
        None => {
            let failed = StatusCode::from_u16(FAILED).unwrap_or(StatusCode::BAD_GATEWAY);
            (failed, HeaderMap::new(), Bytes::new())
        }
    };
    let mut response = http::Response::new(body);
    if let Ok(located) = http::response::Builder::new().url(url).body(()) {
        *response.extensions_mut() = located.into_parts().0.extensions;
    }
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.into()
}

#[cfg(all(test, feature = "ewallet-topups"))]
mod tests;
