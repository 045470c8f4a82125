//! Changes of the HTTP client that a program's hook can make, and those that it cannot.

#![cfg(all(feature = "http-client-hook", feature = "rustls"))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::sync::{Arc, Mutex};

use reqwest::ClientBuilder;
use singapay::{Delivery, Error, ErrorKind, Rupiah, Singapay, SingapayBuilder};
use support::{
    ACCOUNT, NoPauses,
    tls::{Authority, QR, Reply, Server},
    tunnel::Tunnel,
    wire::{Do, Wire, reply},
};
use tokio_rustls::rustls;

const HOST: &str = "pay.invalid";

/// A gateway behind a proxy that the hook itself adds, so that each test sees that the hook was asked.
struct Place {
    server: Server,
    proxy: Tunnel,
    authority: Authority,
}

impl Place {
    async fn new(reply: Reply) -> Self {
        let authority = Authority::new();
        let server = authority.serve_with(HOST, reply).await;
        let proxy = Tunnel::http(server.port).await;
        Self {
            server,
            proxy,
            authority,
        }
    }

    fn client(
        &self,
        hook: impl Fn(ClientBuilder) -> ClientBuilder + Send + Sync + 'static,
    ) -> SingapayBuilder {
        let proxy = format!("http://{}", self.proxy.address);
        client(&format!("https://{HOST}"))
            .root_certificate(self.authority.pem.clone())
            .http_client(move |builder| hook(builder).proxy(reqwest::Proxy::all(&proxy).unwrap()))
    }
}

/// Pauses take no time.
fn client(url: &str) -> SingapayBuilder {
    Singapay::builder()
        .base_url(url)
        .credential("partner", "client", "secret")
        .account(ACCOUNT)
        .timer(NoPauses)
}

/// As often as it is asked for, each time on the same client.
async fn calls(builder: SingapayBuilder, times: usize) -> Result<i64, Error> {
    let client = builder.build()?;
    let mut id = 0;
    for _ in 0..times {
        let call = client.qris().generate().amount(Rupiah::new(10_000));
        id = call.send().await?.id;
    }
    Ok(id)
}

#[tokio::test]
async fn it_is_asked_and_may_bring_a_builder_of_its_own() {
    let place = Place::new(Reply(200, "", QR)).await;
    assert_eq!(calls(place.client(|builder| builder), 1).await.unwrap(), 7);
    let own = place.client(|_| reqwest::Client::builder());
    assert_eq!(calls(own, 1).await.unwrap(), 7);
    assert!(!place.proxy.asked().is_empty());
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let place = Place::new(Reply(307, "location: /api/v1.0/elsewhere\r\n", "")).await;
    let follows = place.client(|builder| builder.redirect(reqwest::redirect::Policy::limited(9)));
    let error = calls(follows, 1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert_eq!(place.server.calls().len(), 1);
}

#[tokio::test]
async fn nothing_is_repeated() {
    let place = Place::new(Reply(503, "", "busy")).await;
    let repeats = place.client(|builder| {
        let always = reqwest::retry::for_host(HOST)
            .max_retries_per_request(5)
            .no_budget()
            .classify_fn(|answer| answer.retryable());
        builder.retry(always)
    });
    let error = calls(repeats, 1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Gateway);
    assert_eq!(place.server.calls().len(), 1);
}

#[tokio::test]
async fn the_version_is_1_1() {
    let place = Place::new(Reply(200, "", QR)).await;
    let newer = place.client(ClientBuilder::http2_prior_knowledge);
    assert_eq!(calls(newer, 1).await.unwrap(), 7);
    for head in place.server.heads() {
        assert!(head.contains(" http/1.1\r\n"), "{head}");
    }
}

#[tokio::test]
async fn cookies_are_not_kept() {
    let place = Place::new(Reply(200, "set-cookie: session=1; Path=/\r\n", QR)).await;
    let keeps = place.client(|builder| builder.cookie_store(true));
    assert_eq!(calls(keeps, 2).await.unwrap(), 7);
    assert_eq!(place.server.calls().len(), 2);
    for head in place.server.heads() {
        assert!(!head.contains("cookie"), "{head}");
    }
}

#[tokio::test]
async fn nothing_is_decompressed() {
    // The body is not gzip, as its header says; a client that decompresses finds out.
    let place = Place::new(Reply(200, "content-encoding: gzip\r\n", QR)).await;
    let unpacks = place.client(|builder| builder.gzip(true));
    assert_eq!(calls(unpacks, 1).await.unwrap(), 7);
    for head in place.server.heads() {
        assert!(!head.contains("accept-encoding"), "{head}");
    }
}

/// Keeps what reqwest writes.
struct Log(Mutex<String>);

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        if record.target().starts_with("reqwest") {
            let mut lines = self.0.lock().unwrap();
            lines.push_str(&format!("{}\n", record.args()));
        }
    }

    fn flush(&self) {}
}

static LOG: Log = Log(Mutex::new(String::new()));

#[tokio::test]
async fn requests_are_not_written_to_the_log() {
    log::set_logger(&LOG).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let place = Place::new(Reply(200, "", QR)).await;
    let tells = place.client(|builder| builder.connection_verbose(true));
    assert_eq!(calls(tells, 1).await.unwrap(), 7);
    let lines = LOG.0.lock().unwrap();
    assert!(lines.contains(HOST), "{lines}");
    assert!(
        !lines.contains("HTTP/1.1") && !lines.contains("secret"),
        "{lines}"
    );
}

#[tokio::test]
async fn certificates_and_names_are_verified_by_the_chosen_library() {
    let place = Place::new(Reply(200, "", QR)).await;
    let stranger = Authority::new();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(place.authority.der.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let built = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    for hook in [
        Box::new(|builder: ClientBuilder| builder.tls_danger_accept_invalid_certs(true))
            as Box<dyn Fn(ClientBuilder) -> ClientBuilder + Send + Sync>,
        Box::new(move |builder| builder.tls_backend_preconfigured(built.clone())),
    ] {
        let proxy = format!("http://{}", place.proxy.address);
        let trusting = client(&format!("https://{HOST}"))
            .root_certificate(stranger.pem.clone())
            .http_client(move |builder| hook(builder).proxy(reqwest::Proxy::all(&proxy).unwrap()));
        let error = calls(trusting, 1).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Connect, Delivery::NotSent)
        );
    }
    let other = place.authority.serve("other.invalid").await;
    let proxy = Tunnel::http(other.port).await;
    let address = format!("http://{}", proxy.address);
    let careless = client(&format!("https://{HOST}"))
        .root_certificate(place.authority.pem.clone())
        .proxy(address)
        .http_client(|builder| builder.tls_danger_accept_invalid_hostnames(true));
    let error = calls(careless, 1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
    assert_eq!((place.server.requests(), other.requests()), (0, 0));
}

#[tokio::test]
async fn this_machine_is_reached_without_the_hooks_proxy() {
    let server = Wire::always("t", Do::Answer(reply(200, QR))).await;
    let proxy = Wire::always("t", Do::Answer(reply(403, ""))).await;
    for name in ["127.0.0.1", "localhost"] {
        let url = server.base_url().replace("127.0.0.1", name);
        let address = proxy.base_url().to_owned();
        let through = client(&url)
            .http_client(move |builder| builder.proxy(reqwest::Proxy::all(&address).unwrap()));
        assert_eq!(calls(through, 1).await.unwrap(), 7);
    }
    assert_eq!((server.calls().len(), proxy.requests().len()), (2, 0));
}

/// Says that every name is another machine.
struct Liar;

impl reqwest::dns::Resolve for Liar {
    fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let elsewhere = std::net::SocketAddr::from(([192, 0, 2, 1], 0));
        let found: reqwest::dns::Addrs = Box::new(std::iter::once(elsewhere));
        Box::pin(std::future::ready(Ok(found)))
    }
}

#[tokio::test]
async fn localhost_is_this_machine_whatever_a_resolver_says() {
    let server = Wire::always("t", Do::Answer(reply(200, QR))).await;
    let url = server.base_url().replace("127.0.0.1", "localhost");
    let lied_to = client(&url).http_client(|builder| builder.dns_resolver(Arc::new(Liar)));
    assert_eq!(calls(lied_to, 1).await.unwrap(), 7);
}

#[tokio::test]
async fn settings_of_the_builder_win() {
    let place = Place::new(Reply(200, "", QR)).await;
    let builder = place.client(|builder| {
        builder
            .user_agent("hook/1.0")
            .connect_timeout(std::time::Duration::from_nanos(1))
    });
    let builder = builder.user_agent("shop/1.0");
    assert_eq!(calls(builder, 1).await.unwrap(), 7);
    for head in place.server.heads() {
        assert!(head.contains("user-agent: shop/1.0\r\n"), "{head}");
    }
}
