//! Within a browser only the sandbox's own pages change something: a page of another server can make the browser
//! send a form or a request, too, and it carries whatever this machine may do.

use axum::{
    Json,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header, uri::Authority};
use serde_json::json;

pub(crate) async fn own_pages_only(request: Request, next: Next) -> Response {
    if request.method().is_safe() || !is_from_another_page(request.uri(), request.headers()) {
        return next.run(request).await;
    }
    let error = "only the sandbox's own pages may change something from within a browser";
    (StatusCode::FORBIDDEN, Json(json!({"error": error}))).into_response()
}

/// What a browser tells by itself, which no page can change. Other programs tell nothing.
fn is_from_another_page(uri: &Uri, headers: &HeaderMap) -> bool {
    let text = |name| {
        let value: Option<&HeaderValue> = headers.get(name);
        value.map(|value| value.to_str().unwrap_or_default())
    };
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(header::ORIGIN) else {
        return false;
    };
    let ours = uri.authority().map(Authority::as_str);
    let ours = ours.or_else(|| text(header::HOST)).unwrap_or_default();
    let page = origin.split_once("://").map_or("", |(_, host)| host);
    !page.eq_ignore_ascii_case(ours)
}
