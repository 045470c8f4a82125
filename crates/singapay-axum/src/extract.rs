use axum::{
    extract::{FromRef, FromRequest, Request},
    response::{IntoResponse, Response},
};
use singapay_webhook::{Receiver, VerifiedEvent, adapter::Answer};

use crate::request;

/// An event that is proven to be the gateway's. The state gives the [`Receiver`].
///
/// Every copy of a delivery passes: claim its key, or let `webhook_router` do so.
///
/// ```
/// use axum::{Router, routing::post};
/// use singapay_axum::WebhookEvent;
/// use singapay_webhook::Receiver;
///
/// async fn hook(WebhookEvent(event): WebhookEvent) {
///     println!("{}: {}", event.deduplication_key(), event.name());
/// }
///
/// fn router(receiver: Receiver) -> Router {
///     Router::new().route("/hooks/singapay", post(hook)).with_state(receiver)
/// }
/// ```
#[derive(Debug, Clone)]
pub struct WebhookEvent(pub VerifiedEvent);

impl<S> FromRequest<S> for WebhookEvent
where
    Receiver: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let receiver = Receiver::from_ref(state);
        let (arrival, body) = request::read(request, receiver.verifier())
            .await
            .map_err(Refusal)?;
        receiver
            .receive(&arrival.headers, body.clone())
            .map(Self)
            .map_err(|error| Refusal(arrival.answer(error.status(), receiver.verifier(), &body)))
    }
}

/// Answer to a request that brings no event: a status, and nothing that tells a stranger why.
///
/// In the book: `docs/book/src/webhooks.md#what-is-answered`.
#[derive(Debug, Clone)]
pub struct Refusal(Answer);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        request::respond(self.0)
    }
}
