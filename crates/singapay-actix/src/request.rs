use actix_web::{
    HttpRequest, HttpResponse,
    dev::Payload,
    http::{StatusCode, header::HeaderMap},
    web::Bytes,
};
use http::HeaderName;
use singapay_auth::webhook::{HeaderSource, HeaderValues, Verifier};
use singapay_webhook::adapter::{AdapterSettings, Answer, Arrival};

/// Headers of a request, which are of a type of this framework's own.
pub(crate) struct Headers(HeaderMap);

impl HeaderSource for Headers {
    fn values(&self, name: &HeaderName) -> HeaderValues<'_> {
        HeaderValues::of(self.0.get_all(name.as_str()).map(|value| value.as_bytes()))
    }
}

/// What came, without its body.
pub(crate) fn arrival(request: &HttpRequest) -> Arrival<Headers> {
    let settings = request.app_data::<AdapterSettings>();
    let uri = request.uri().path_and_query();
    Arrival {
        settings: settings.copied().unwrap_or_default(),
        headers: Headers(request.headers().clone()),
        path: uri.map(ToString::to_string).unwrap_or_default(),
        peer: request.peer_addr().map(|address| address.ip()),
    }
}

/// The body, which is read here and nowhere else.
pub(crate) async fn read(
    arrival: &Arrival<Headers>,
    verifier: &Verifier,
    body: Payload,
) -> Result<Bytes, Answer> {
    let too_late = tokio::time::sleep(arrival.settings.time_limit());
    arrival.read(verifier, body, too_late).await
}

/// The status type is of an older `http` here.
pub(crate) fn status(answer: &Answer) -> StatusCode {
    StatusCode::from_u16(answer.status.as_u16()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE)
}

pub(crate) fn respond(answer: Answer) -> HttpResponse {
    let mut response = HttpResponse::build(status(&answer));
    match answer.text.as_str() {
        "" => response.finish(),
        _ => response
            .content_type("text/plain; charset=utf-8")
            .body(answer.text),
    }
}
