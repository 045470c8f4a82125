//! One part of the sandbox: a product, or what several of them share.

use axum::Router;

use crate::{
    app::App,
    http::{operation::Operation, page::Page},
    listing::Listing,
    state::Hooks,
};

/// Everything that a part adds to the whole.
pub(crate) struct Part {
    pub(crate) operations: &'static [Operation],
    /// Pages for customers.
    pub(crate) pages: &'static [Page],
    /// Its objects, as the admin side lists them.
    pub(crate) listings: &'static [Listing],
    /// Routes under `/_sandbox`.
    pub(crate) admin: fn() -> Router<App>,
    pub(crate) hooks: Hooks,
}

impl Part {
    /// Operations, and nothing else.
    pub(crate) const fn new(operations: &'static [Operation]) -> Self {
        Self {
            operations,
            pages: &[],
            listings: &[],
            admin: Router::new,
            hooks: Hooks::NONE,
        }
    }
}
