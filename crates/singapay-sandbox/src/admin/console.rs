//! The console: a page of this binary's own that shows and does what the admin side can.

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderName, StatusCode, header};

use crate::app::App;

/// Nothing but files of this folder is ever loaded, and no other page may frame it.
const POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'; object-src 'none'";

const HTML: &str = "text/html; charset=utf-8";
const SVG: &str = "image/svg+xml";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Name, type and text.
type Asset = (&'static str, &'static str, &'static str);

macro_rules! assets {
    ($($name:literal: $kind:ident,)*) => {
        &[$(($name, $kind, include_str!(concat!("../../assets/console/", $name))),)*]
    };
}

const PAGE: &str = include_str!("../../assets/console/index.html");
const ASSETS: &[Asset] = assets! {
    "console.css": CSS,
    "icon.svg": SVG,
    "main.js": SCRIPT,
    "api.js": SCRIPT,
    "dom.js": SCRIPT,
    "format.js": SCRIPT,
    "chaos.js": SCRIPT,
    "chart.js": SCRIPT,
    "clockbar.js": SCRIPT,
    "requests.js": SCRIPT,
    "deliveries.js": SCRIPT,
    "objects.js": SCRIPT,
    "accounts.js": SCRIPT,
    "tokens.js": SCRIPT,
    "agenda.js": SCRIPT,
    "faults.js": SCRIPT,
    "audit.js": SCRIPT,
};

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/console", get(async || served(HTML, PAGE)))
        .route("/console/{file}", get(file))
}

async fn file(Path(name): Path<String>) -> Response {
    match ASSETS.iter().find(|(known, ..)| *known == name) {
        Some((_, kind, text)) => served(kind, text),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn served(kind: &'static str, text: &'static str) -> Response {
    let headers: [(HeaderName, &str); 5] = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        // Another version of the sandbox has other files.
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, text).into_response()
}
