//! The way of a call: through a proxy, or from an address, and only where a setting says so. The gateway
//! has an invented name, which no lookup finds.

#![cfg(any(feature = "rustls", feature = "native-tls"))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::process::{Command, Output};

use singapay::{Delivery, Error, ErrorKind, Singapay, SingapayBuilder};
use support::{
    NoPauses,
    tls::{Authority, Server, TLS},
    tunnel::{Tunnel, USER},
};
use tokio::net::TcpListener;

const HOST: &str = "pay.invalid";

/// Pauses take no time.
fn client(authority: &Authority) -> SingapayBuilder {
    Singapay::builder()
        .base_url(&format!("https://{HOST}"))
        .credential("partner", "client", "secret")
        .account(support::ACCOUNT)
        .timer(NoPauses)
        .root_certificate(authority.pem.clone())
}

async fn call(builder: SingapayBuilder) -> Result<i64, Error> {
    Ok(builder.build()?.qris().get(7).send().await?.id)
}

async fn gateway() -> (Authority, Server) {
    let authority = Authority::new();
    let server = authority.serve(HOST).await;
    (authority, server)
}

#[track_caller]
fn assert_not_sent(result: Result<i64, Error>, said: &str) {
    let error = result.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Connect, Delivery::NotSent),
        "{error:?}"
    );
    let text = format!("{error} {error:?}");
    assert!(text.contains(said), "{said}: {text}");
    assert!(!text.contains("shop") && !text.contains("canary"), "{text}");
}

#[tokio::test]
async fn an_http_proxy_is_told_user_and_password_and_the_hosts_name() {
    for tls in TLS.iter().copied() {
        let (authority, server) = gateway().await;
        let proxy = Tunnel::http(server.port).await;
        let through = client(&authority)
            .tls(tls)
            .proxy(format!("http://{USER}@{}", proxy.address));
        assert_eq!(call(through).await.unwrap(), 7, "{tls:?}");
        assert_eq!(server.requests(), 2);
        for head in proxy.asked() {
            assert!(
                head.starts_with(&format!("connect {HOST}:443 http/1.1\r\n")),
                "{head}"
            );
            // base64 of `shop:p@canary`, lower-cased like the whole head.
            assert!(
                head.contains("proxy-authorization: basic c2hvcdpwqgnhbmfyeq==\r\n"),
                "{head}"
            );
        }
        for head in server.heads() {
            assert!(!head.contains("proxy-"), "{head}");
        }
    }
}

#[tokio::test]
async fn a_socks_proxy_is_told_user_and_password_and_the_hosts_name() {
    for tls in TLS.iter().copied() {
        let (authority, server) = gateway().await;
        let proxy = Tunnel::socks(server.port).await;
        let through = client(&authority)
            .tls(tls)
            .proxy(format!("socks5h://{USER}@{}", proxy.address));
        assert_eq!(call(through).await.unwrap(), 7, "{tls:?}");
        assert_eq!(proxy.asked(), [format!("{HOST}:443")]);
    }
}

#[tokio::test]
async fn a_socks_proxy_that_gives_no_connection_is_named() {
    let (authority, server) = gateway().await;
    let proxy = Tunnel::socks(server.port).await;
    let wrong = client(&authority).proxy(format!("socks5h://shop:canary@{}", proxy.address));
    assert_not_sent(
        call(wrong).await,
        &format!(
            "the proxy {} wants a user and a password, or other ones",
            proxy.address
        ),
    );
    let local = client(&authority).proxy(format!("socks5://{USER}@{}", proxy.address));
    assert_not_sent(
        call(local).await,
        &format!("the name of {HOST} cannot be looked up (DNS)"),
    );
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let dead = client(&authority).proxy(format!("socks5h://{USER}@{closed}"));
    assert_not_sent(
        call(dead).await,
        &format!("the proxy {closed} cannot be reached"),
    );
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_certificate_is_verified_through_a_proxy_too() {
    for tls in TLS.iter().copied() {
        let (_, server) = gateway().await;
        for scheme in ["http", "socks5h"] {
            let proxy = match scheme {
                "http" => Tunnel::http(server.port).await,
                _ => Tunnel::socks(server.port).await,
            };
            let other = client(&Authority::new())
                .tls(tls)
                .proxy(format!("{scheme}://{USER}@{}", proxy.address));
            assert_not_sent(call(other).await, &format!("TLS with {HOST} failed"));
        }
        assert_eq!(server.requests(), 0, "{tls:?}");
    }
}

/// Variables for the task of a child of this test, and for the root that it trusts.
const MODE: &str = "SINGAPAY_TEST_ENVIRONMENT_PROXY";
const ROOT: &str = "SINGAPAY_TEST_ROOT";

/// The environment is the process's, so processes of their own have it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_of_the_environment_is_used_only_where_a_setting_says_so() {
    if let Ok(mode) = std::env::var(MODE) {
        let builder = Singapay::builder()
            .base_url(&format!("https://{HOST}"))
            .credential("partner", "client", "secret")
            .account(support::ACCOUNT)
            .timer(NoPauses)
            .root_certificate(std::env::var(ROOT).unwrap());
        let builder = match &*mode {
            "asked" => builder.proxy_from_environment(),
            // A builder of the hook's own has what is reqwest's default.
            #[cfg(feature = "http-client-hook")]
            "hook" => builder.http_client(|_| reqwest::Client::builder()),
            _ => builder,
        };
        let name = format!("the name of {HOST} cannot be looked up (DNS)");
        match call(builder).await {
            Ok(id) => println!("answered {id}"),
            Err(error) if error.to_string().contains(&name) => println!("went directly"),
            Err(error) => panic!("{error}"),
        }
        return;
    }
    let (authority, server) = gateway().await;
    let proxy = Tunnel::http(server.port).await;
    let run = |mode: &'static str, exceptions: &'static str| {
        let (pem, address) = (authority.pem.clone(), format!("http://{}", proxy.address));
        tokio::task::spawn_blocking(move || -> Output {
            let mut command = Command::new(std::env::current_exe().unwrap());
            let test = "a_proxy_of_the_environment_is_used_only_where_a_setting_says_so";
            command.args(["--exact", test, "--nocapture"]);
            command.env(MODE, mode).env(ROOT, pem);
            for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "HTTP_PROXY"] {
                command.env(name, &address);
            }
            command.env("NO_PROXY", exceptions);
            command.output().unwrap()
        })
    };
    for (mode, exceptions, said, asked) in [
        ("silent", "", "went directly", false),
        #[cfg(feature = "http-client-hook")]
        ("hook", "", "went directly", false),
        ("asked", "other.invalid,invalid", "went directly", false),
        ("asked", "other.invalid", "answered 7", true),
    ] {
        let output = run(mode, exceptions).await.unwrap();
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        assert!(
            output.status.success() && text.contains(said),
            "{mode} {exceptions}: {text}"
        );
        assert_eq!(!proxy.asked().is_empty(), asked, "{mode} {exceptions}");
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn calls_come_from_the_local_address() {
    use support::wire;

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, peer) = listener.accept().await.unwrap();
        wire::request(&mut stream).await;
        wire::write(&mut stream, 401, "", "", 0).await;
        peer.ip()
    });
    let address = "127.0.0.2".parse().unwrap();
    let from = Singapay::builder()
        .base_url(&url)
        .credential("partner", "client", "secret")
        .account(support::ACCOUNT)
        .timer(NoPauses);
    let refused = call(from.clone().local_address(address)).await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Credential);
    assert_eq!(server.await.unwrap(), address);
    // Belongs to nobody.
    let result = call(from.local_address("192.0.2.1".parse().unwrap())).await;
    assert_not_sent(result, "the local address cannot be used");
}
