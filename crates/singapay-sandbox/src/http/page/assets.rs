//! What all pages load: style, script and icon, from this server.

use axum::{Router, response::IntoResponse, routing::get};
use http::header;

use super::guards;
use crate::app::App;

pub(super) const STYLE: &str = "/pages/style.css";
pub(super) const SCRIPT: &str = "/pages/script.js";
pub(super) const ICON: &str = "/pages/icon.svg";

pub(super) fn router() -> Router<App> {
    let file = |kind: &'static str, text: &'static str| {
        get(move || async move {
            let own = [
                (header::CONTENT_TYPE, kind),
                (header::CACHE_CONTROL, "no-cache"),
            ];
            (guards(), own, text).into_response()
        })
    };
    Router::new()
        .route(
            STYLE,
            file(
                "text/css; charset=utf-8",
                include_str!("../../../assets/pages/style.css"),
            ),
        )
        .route(
            SCRIPT,
            file(
                "text/javascript; charset=utf-8",
                include_str!("../../../assets/pages/script.js"),
            ),
        )
        .route(
            ICON,
            file(
                "image/svg+xml",
                include_str!("../../../assets/pages/icon.svg"),
            ),
        )
}
