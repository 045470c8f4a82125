use std::{fmt, future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, ResponseError, dev::Payload, http::StatusCode,
    web::Data,
};
use singapay_webhook::{Receiver, VerifiedEvent, adapter::Answer};

use crate::request;

/// An event that is proven to be the gateway's. `Data<Receiver>` of the application gives the receiver.
///
/// Every copy of a delivery passes: claim its key, or let `webhook_resource` do so.
///
/// ```
/// use actix_web::{App, HttpResponse, web};
/// use singapay_actix::WebhookEvent;
/// use singapay_webhook::Receiver;
///
/// async fn hook(event: WebhookEvent) -> HttpResponse {
///     println!("{}: {}", event.0.deduplication_key(), event.0.name());
///     HttpResponse::Ok().finish()
/// }
///
/// fn services(receiver: Receiver) -> impl FnOnce(&mut web::ServiceConfig) {
///     move |services| {
///         services.app_data(web::Data::new(receiver));
///         services.route("/hooks/singapay", web::post().to(hook));
///     }
/// }
/// ```
#[derive(Debug, Clone)]
pub struct WebhookEvent(pub VerifiedEvent);

impl FromRequest for WebhookEvent {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let receiver = request.app_data::<Data<Receiver>>().cloned();
        let arrival = request::arrival(request);
        let payload = payload.take();
        Box::pin(async move {
            // Nothing is accepted by an application that was put together wrong.
            let Some(receiver) = receiver else {
                return Err(Refusal(Answer::of(http::StatusCode::SERVICE_UNAVAILABLE)));
            };
            let verifier = receiver.verifier();
            let body = request::read(&arrival, verifier, payload)
                .await
                .map_err(Refusal)?;
            receiver
                .receive(&arrival.headers, body.clone())
                .map(Self)
                .map_err(|error| Refusal(arrival.answer(error.status(), verifier, &body)))
        })
    }
}

/// Answer to a request that brings no event: a status, and nothing that tells a stranger why.
///
/// In the book: `docs/book/src/webhooks.md#what-is-answered`.
#[derive(Debug, Clone)]
pub struct Refusal(Answer);

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a webhook delivery was refused with {}", self.0.status)
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        request::status(&self.0)
    }

    fn error_response(&self) -> HttpResponse {
        request::respond(self.0.clone())
    }
}
