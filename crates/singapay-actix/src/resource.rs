use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse, Resource, Route, guard,
    web::{self, Payload},
};
use http::StatusCode;
use singapay_core::BoxFuture;
use singapay_webhook::{Delivery, Gate, HandlerResult, Ledger, adapter::Answer};

use crate::{request, timer::TokioTimer};

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
    let registered = gate.receiver().verifier().path();
    let path = registered.split(['?', '#']).next().unwrap_or(registered);
    let path = path.to_owned();
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
    gate.or_timer(TokioTimer);
    let (gate, handler) = (gate.clone(), Arc::new(handler));
    web::post().to(move |request: HttpRequest, payload: Payload| {
        let (gate, handler) = (gate.clone(), Arc::clone(&handler));
        async move { receive(gate, handler, &request, payload).await }
    })
}

async fn receive<L, H>(
    gate: Gate<L>,
    handler: Arc<H>,
    request: &HttpRequest,
    payload: Payload,
) -> HttpResponse
where
    L: Ledger + 'static,
    H: for<'a> Fn(&'a mut L::Transaction, &'a Delivery<'static>) -> BoxFuture<'a, HandlerResult>
        + Send
        + Sync
        + 'static,
{
    let arrival = request::arrival(request);
    let body = payload.into_inner();
    let body = match request::read(&arrival, gate.receiver().verifier(), body).await {
        Ok(body) => body,
        Err(answer) => return request::respond(answer),
    };
    let passed = arrival.pass(gate, body, move |transaction, delivery| {
        handler(transaction, delivery)
    });
    let answer = tokio::spawn(passed).await;
    request::respond(answer.unwrap_or_else(|_| Answer::of(StatusCode::SERVICE_UNAVAILABLE)))
}
