use std::net::SocketAddr;

use axum::{
    body::{Body, Bytes},
    extract::{ConnectInfo, OriginalUri, Request},
    http::{HeaderMap, request::Parts},
    response::{IntoResponse, Response},
};
use singapay_auth::webhook::Verifier;
use singapay_webhook::adapter::{AdapterSettings, Answer, Arrival};

/// What came, and its body, which is read here and nowhere else.
pub(crate) async fn read(
    request: Request,
    verifier: &Verifier,
) -> Result<(Arrival<HeaderMap>, Bytes), Answer> {
    let (parts, body) = request.into_parts();
    let arrival = arrival(parts);
    let too_late = tokio::time::sleep(arrival.settings.time_limit());
    let stream = Body::into_data_stream(body);
    let body = arrival.read(verifier, stream, too_late).await?;
    Ok((arrival, body))
}

fn arrival(parts: Parts) -> Arrival<HeaderMap> {
    let extensions = &parts.extensions;
    // A nested router cuts the front off the path.
    let uri = match extensions.get() {
        Some(OriginalUri(uri)) => uri,
        None => &parts.uri,
    };
    let peer: Option<&ConnectInfo<SocketAddr>> = extensions.get();
    let settings: Option<&AdapterSettings> = extensions.get();
    Arrival {
        settings: settings.copied().unwrap_or_default(),
        path: uri
            .path_and_query()
            .map(ToString::to_string)
            .unwrap_or_default(),
        peer: peer.map(|ConnectInfo(address)| address.ip()),
        headers: parts.headers,
    }
}

pub(crate) fn respond(answer: Answer) -> Response {
    match answer.text.as_str() {
        "" => answer.status.into_response(),
        _ => (answer.status, answer.text).into_response(),
    }
}
