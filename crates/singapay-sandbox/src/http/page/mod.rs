//! Pages that customers see in a browser. They can be used without script.

mod assets;
mod card;
mod frame;
mod language;
#[cfg(test)]
pub(crate) mod parsed;
mod parts;
mod qr;
mod state;
mod visit;

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, StatusCode, Uri, header};
use maud::Markup;

pub(crate) use card::{card_fields, test_card};
pub(crate) use frame::Frame;
pub(crate) use language::Language;
pub(crate) use parts::{
    Row, back, copyable, deadline, declined, moment, refusal, rupiah, sandbox, shop, summary,
};
pub(crate) use qr::qr_code;
#[cfg(test)]
pub(crate) use qr::tests::scanned;
pub(crate) use state::State as PageState;
pub(crate) use visit::Visit;

use crate::{app::App, state::World};

/// A page under an address that ends with its name. There is none where a function gives `None`.
pub(crate) struct Page {
    /// Route with one parameter, the name.
    pub(crate) path: &'static str,
    pub(crate) show: fn(&World, &Visit<'_>) -> Option<Markup>,
    /// Takes the page's form.
    pub(crate) send: fn(&mut World, &Visit<'_>) -> Option<Sent>,
}

/// What a form leads to.
pub(crate) enum Sent {
    Page(Markup),
    /// A page of its own, under this path.
    Other(String),
}

pub(crate) fn router(pages: impl Iterator<Item = &'static Page>) -> Router<App> {
    pages.fold(assets::router(), |router, page| {
        let show = async |State(app): State<App>,
                          Path(name): Path<String>,
                          uri: Uri,
                          headers: HeaderMap| {
            let is_frozen = app.store.clock.is_frozen();
            let visit = Visit::new(&name, &uri, &headers, is_frozen, &[]);
            let shown = app.store.run(|world| (page.show)(world, &visit));
            answer(&visit, shown.map(Sent::Page))
        };
        let send = async |State(app): State<App>,
                          Path(name): Path<String>,
                          uri: Uri,
                          headers: HeaderMap,
                          form: Bytes| {
            let is_frozen = app.store.clock.is_frozen();
            let visit = Visit::new(&name, &uri, &headers, is_frozen, &form);
            let sent = app.store.run(|world| (page.send)(world, &visit));
            answer(&visit, sent)
        };
        router.route(page.path, get(show).post(send))
    })
}

/// Nothing of another origin, nothing inline, and nobody's frame.
const POLICY: &str =
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Headers of everything that a browser shows.
fn guards() -> [(HeaderName, &'static str); 3] {
    [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
    ]
}

fn answer(visit: &Visit<'_>, sent: Option<Sent>) -> Response {
    let (status, page) = match sent {
        Some(Sent::Page(page)) => (StatusCode::OK, page),
        Some(Sent::Other(path)) => {
            return (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response();
        }
        None => (StatusCode::NOT_FOUND, frame::missing(visit)),
    };
    let own = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_LANGUAGE, visit.language.code()),
        (header::VARY, "accept-language"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    // Parsers drop a NUL or put a sign in its place, each where it likes.
    let html = page.into_string().replace('\0', "\u{fffd}");
    (status, guards(), own, html).into_response()
}
