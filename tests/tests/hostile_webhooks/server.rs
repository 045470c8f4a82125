//! The same request to each adapter, without a socket.

use std::{net::SocketAddr, pin::Pin};

use actix_web::{App, HttpResponse, dev::Service as _, error::PayloadError, test as actix, web};
use axum::{Extension, Router, extract::ConnectInfo, routing};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use http::{HeaderMap, HeaderName, HeaderValue};
use singapay_webhook::adapter::{Answer, Arrival};
use tower_service::Service as _;

use crate::{
    sent::Sent,
    shop::{HOOK, Shop},
};

type PayloadStream = Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>>;

/// An adapter; `Bare` is the gate without any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Server {
    Bare,
    Axum,
    Actix,
    AxumExtractor,
    ActixExtractor,
}

/// Those with a gate.
pub(crate) const ALL: [Server; 3] = [Server::Bare, Server::Axum, Server::Actix];

/// What the sender sees.
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) text: String,
}

/// Where a proxy sends what came to the registered path.
pub(crate) const INTERNAL: &str = "/internal/hooks";

impl Server {
    pub(crate) async fn send(self, shop: &Shop, sent: Sent) -> Answered {
        match self {
            Self::Bare => bare(shop, sent).await,
            Self::Axum => axum(shop, sent, with_gate(shop)).await,
            Self::AxumExtractor => axum(shop, sent, with_extractor(shop)).await,
            Self::Actix | Self::ActixExtractor => self.actix(shop, sent).await,
        }
    }

    async fn actix(self, shop: &Shop, sent: Sent) -> Answered {
        let settings = shop.settings.unwrap_or_default();
        let app = App::new().app_data(settings);
        let app = match self {
            Self::Actix => app
                .service(singapay_actix::webhook_resource(&shop.gate, shop.handler()))
                .route(
                    INTERNAL,
                    singapay_actix::webhook(&shop.gate, shop.handler()),
                ),
            _ => app.app_data(web::Data::new(shop.receiver.clone())).service(
                web::resource([HOOK, INTERNAL]).route(
                    web::post()
                        .to(async |_: singapay_actix::WebhookEvent| HttpResponse::Ok().finish()),
                ),
            ),
        };
        let app = actix::init_service(app).await;
        let mut request = actix::TestRequest::with_uri(&sent.path)
            .method(sent.method.parse().unwrap())
            .peer_addr(SocketAddr::new(shop.peer, 50_000));
        for (name, value) in &sent.headers {
            request = request.append_header((name.as_str(), value.as_slice()));
        }
        let body = sent.body.into_stream();
        let body = body.map(|piece| piece.map_err(PayloadError::Io));
        let payload: PayloadStream = Box::pin(body);
        let payload = actix_web::dev::Payload::Stream { payload };
        let (request, _) = request.to_request().replace_payload(payload);
        let response = app.call(request).await.unwrap();
        let status = response.status().as_u16();
        Answered {
            status,
            text: text(&actix::read_body(response).await),
        }
    }
}

async fn bare(shop: &Shop, sent: Sent) -> Answered {
    let settings = shop.settings.unwrap_or_default();
    let arrival = Arrival {
        settings,
        headers: headers(&sent),
        path: sent.path,
        peer: Some(shop.peer),
    };
    let too_late = tokio::time::sleep(settings.time_limit());
    let verifier = shop.gate.receiver().verifier();
    let Answer { status, text } = match arrival
        .read(verifier, sent.body.into_stream(), too_late)
        .await
    {
        Ok(body) => arrival.pass(shop.gate.clone(), body, shop.handler()).await,
        Err(answer) => answer,
    };
    Answered {
        status: status.as_u16(),
        text,
    }
}

fn with_gate(shop: &Shop) -> Router {
    let router = singapay_axum::webhook_router(&shop.gate, shop.handler());
    router.route(INTERNAL, singapay_axum::webhook(&shop.gate, shop.handler()))
}

fn with_extractor(shop: &Shop) -> Router {
    let hook = || routing::post(async |_: singapay_axum::WebhookEvent| {});
    Router::new()
        .route(HOOK, hook())
        .route(INTERNAL, hook())
        .with_state(shop.receiver.clone())
}

async fn axum(shop: &Shop, sent: Sent, router: Router) -> Answered {
    let mut router = match shop.settings {
        Some(settings) => router.layer(Extension(settings)),
        None => router,
    };
    let mut request = http::Request::new(());
    *request.method_mut() = sent.method.parse().unwrap();
    *request.uri_mut() = sent.path.parse().unwrap();
    *request.headers_mut() = headers(&sent);
    let peer = ConnectInfo(SocketAddr::new(shop.peer, 50_000));
    request.extensions_mut().insert(peer);
    let body = axum::body::Body::from_stream(sent.body.into_stream());
    let response = router.call(request.map(|()| body)).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await;
    Answered {
        status,
        text: text(&body.unwrap()),
    }
}

fn headers(sent: &Sent) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in &sent.headers {
        let name: HeaderName = name.parse().unwrap();
        headers.append(name, HeaderValue::from_bytes(value).unwrap());
    }
    headers
}

fn text(body: &Bytes) -> String {
    String::from_utf8(body.to_vec()).unwrap()
}
