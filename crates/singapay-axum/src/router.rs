use axum::{
    Router,
    extract::Request,
    routing::{MethodRouter, post},
};
use singapay_core::BoxFuture;
use singapay_webhook::{
    Delivery, Gate, HandlerResult, Ledger,
    adapter::{self, Served},
};

use crate::request;

/// A router with one route: the gate's registered path, by POST, without its query.
///
/// Where a proxy changes the path, put [`webhook`] under the one that arrives: what is verified is the
/// registered one all the same. See the [crate's page](crate) for what is answered.
pub fn webhook_router<L, H, S>(gate: &Gate<L>, handler: H) -> Router<S>
where
    L: Ledger + 'static,
    H: for<'a> Fn(&'a mut L::Transaction, &'a Delivery<'static>) -> BoxFuture<'a, HandlerResult>
        + Send
        + Sync
        + 'static,
    S: Clone + Send + Sync + 'static,
{
    // Braces name parts of a path here, and would match others.
    let literal = adapter::route(gate).replace('{', "{{").replace('}', "}}");
    Router::new()
        .without_v07_checks()
        .route(&literal, webhook(gate, handler))
}

/// The gate as a route for POST, to be put under any path.
///
/// The handler runs to its end even if the gateway hangs up meanwhile, or until the gate's lease ends: what it wrote
/// is undone then, here and in the sweep of every clone of the gate.
pub fn webhook<L, H, S>(gate: &Gate<L>, handler: H) -> MethodRouter<S>
where
    L: Ledger + 'static,
    H: for<'a> Fn(&'a mut L::Transaction, &'a Delivery<'static>) -> BoxFuture<'a, HandlerResult>
        + Send
        + Sync
        + 'static,
    S: Clone + Send + Sync + 'static,
{
    let served = Served::new(gate, handler);
    post(move |request: Request| async move {
        match request::read(request, served.verifier()).await {
            Ok((arrival, body)) => request::respond(served.pass(arrival, body).await),
            Err(answer) => request::respond(answer),
        }
    })
}
