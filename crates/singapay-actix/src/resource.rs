use actix_web::{
    HttpRequest, Resource, Route, guard,
    web::{self, Payload},
};
use singapay_core::BoxFuture;
use singapay_webhook::{
    Delivery, Gate, HandlerResult, Ledger,
    adapter::{self, Served},
};

use crate::request;

/// A resource at the gate's registered path, by POST, without its query.
///
/// Where a proxy changes the path, put [`webhook`] under the one that arrives: what is verified is the
/// registered one all the same. See the [crate's page](crate) for what is answered.
pub fn webhook_resource<L, H>(gate: &Gate<L>, handler: H) -> Resource
where
    L: Ledger + 'static,
    H: for<'a> Fn(&'a mut L::Transaction, &'a Delivery<'static>) -> BoxFuture<'a, HandlerResult>
        + Send
        + Sync
        + 'static,
{
    let path = adapter::route(gate).to_owned();
    // By comparing, because a pattern would give a meaning to braces.
    web::resource("{all:.*}")
        .guard(guard::fn_guard(move |context| {
            context.head().uri.path() == path
        }))
        .route(webhook(gate, handler))
}

/// The gate as a route for POST, to be put under any path.
///
/// The handler runs to its end even if the gateway hangs up meanwhile, or until the gate's lease ends: what it wrote
/// is undone then, here and in the sweep of every clone of the gate.
pub fn webhook<L, H>(gate: &Gate<L>, handler: H) -> Route
where
    L: Ledger + 'static,
    H: for<'a> Fn(&'a mut L::Transaction, &'a Delivery<'static>) -> BoxFuture<'a, HandlerResult>
        + Send
        + Sync
        + 'static,
{
    let served = Served::new(gate, handler);
    web::post().to(move |request: HttpRequest, payload: Payload| {
        let served = served.clone();
        async move {
            let arrival = request::arrival(&request);
            let body = payload.into_inner();
            match request::read(&arrival, served.verifier(), body).await {
                Ok(body) => request::respond(served.pass(arrival, body).await),
                Err(answer) => request::respond(answer),
            }
        }
    })
}
