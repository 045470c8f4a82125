//! Pages that customers see in a browser: forms without scripts.

use axum::{
    Router,
    extract::{Path, State},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use bytes::Bytes;
use http::StatusCode;

use crate::{app::App, state::World};

/// A page under an address that ends with its name. There is none where a function gives `None`.
pub(crate) struct Page {
    /// Route with one parameter, the name.
    pub(crate) path: &'static str,
    pub(crate) show: fn(&World, &str) -> Option<Html<String>>,
    /// Takes the page's form.
    pub(crate) send: fn(&mut World, &str, &[u8]) -> Option<Html<String>>,
}

pub(crate) fn router(pages: impl Iterator<Item = &'static Page>) -> Router<App> {
    pages.fold(Router::new(), |router, page| {
        let show = async |State(app): State<App>, Path(name): Path<String>| {
            found(app.store.run(|world| (page.show)(world, &name)))
        };
        let send = async |State(app): State<App>, Path(name): Path<String>, form: Bytes| {
            found(app.store.run(|world| (page.send)(world, &name, &form)))
        };
        router.route(page.path, get(show).post(send))
    })
}

fn found(page: Option<Html<String>>) -> Response {
    page.map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        IntoResponse::into_response,
    )
}

pub(crate) fn page(title: &str, body: &str) -> Html<String> {
    let title = escape(title);
    Html(format!(
        "<!doctype html><meta charset=\"utf-8\"><title>{title}</title><h1>{title}</h1>{body}\
         <p><small>SingaPay sandbox on this machine. No real money.</small></p>"
    ))
}

/// A page that says why something could not be done.
pub(crate) fn refused(title: &str, error: &impl ToString) -> Html<String> {
    page(title, &format!("<p>{}</p>", escape(&error.to_string())))
}

/// The link that leads from a page back to the merchant.
pub(crate) fn back_link(url: Option<&str>) -> String {
    url.map(|url| format!("<p><a href=\"{}\">Back to the shop</a></p>", escape(url)))
        .unwrap_or_default()
}

/// A field of a form.
pub(crate) fn field(form: &[u8], wanted: &str) -> Option<String> {
    form_urlencoded::parse(form)
        .find(|(key, _)| key == wanted)
        .map(|(_, value)| value.into_owned())
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
