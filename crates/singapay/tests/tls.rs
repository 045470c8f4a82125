//! Whom the client talks to: certificates and host names are verified before a byte is sent.

#![cfg(any(feature = "rustls", feature = "native-tls"))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use singapay::{
    Delivery, Environment, Error, ErrorKind, Rupiah, Singapay, SingapayBuilder, Stage, Tls,
};
use support::{
    NoPauses,
    tls::{Authority, QR, Server, TLS},
    wire,
};
use tokio::net::TcpListener;

/// Pauses take no time.
fn client(url: &str, tls: Tls) -> SingapayBuilder {
    Singapay::builder()
        .base_url(url)
        .credential("partner", "client", "secret")
        .account(support::ACCOUNT)
        .timer(NoPauses)
        .tls(tls)
}

async fn call(builder: SingapayBuilder) -> Result<i64, Error> {
    let client = builder.build()?;
    let made = client.qris().generate().amount(Rupiah::new(10_000));
    Ok(made.send().await?.id)
}

#[track_caller]
fn assert_not_connected(result: Result<i64, Error>, server: &Server, tls: Tls) {
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{tls:?} {error:?}");
    assert_eq!(error.delivery(), Delivery::NotSent, "{tls:?}");
    // The first request of a call is the one for its token.
    assert_eq!(
        (error.stage(), error.attempts()),
        (Stage::Token, 3),
        "{tls:?}"
    );
    let line = error.to_string();
    let said = format!(
        "TLS with localhost:{0} failed: |TLS with 127.0.0.1:{0} failed: ",
        server.port
    );
    let said = said.split('|').any(|said| line.contains(said));
    assert!(said && line.contains("certificate"), "{tls:?} {line}");
    assert!(server.connections() >= 1, "{tls:?}: it was tried");
    assert_eq!(server.requests(), 0, "{tls:?}: nothing was sent");
}

#[tokio::test]
async fn a_certificate_under_a_trusted_root_is_taken() {
    let authority = Authority::new();
    for tls in TLS.iter().copied() {
        for name in ["localhost", "127.0.0.1"] {
            let server = authority.serve(name).await;
            let client = client(&server.url(name), tls).root_certificate(authority.pem.clone());
            assert_eq!(call(client).await.unwrap(), 7, "{tls:?}");
            assert_eq!(server.requests(), 2, "{tls:?}");
        }
    }
}

#[tokio::test]
async fn a_certificate_under_no_trusted_root_is_refused() {
    let authority = Authority::new();
    for tls in TLS.iter().copied() {
        let server = authority.serve("localhost").await;
        assert_not_connected(
            call(client(&server.url("localhost"), tls)).await,
            &server,
            tls,
        );

        let server = authority.serve("localhost").await;
        let client = client(&server.url("localhost"), tls).root_certificate(Authority::new().pem);
        assert_not_connected(call(client).await, &server, tls);
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let authority = Authority::new();
    for tls in TLS.iter().copied() {
        for (name, host) in [
            ("pay.example", "localhost"),
            ("localhost", "127.0.0.1"),
            ("127.0.0.1", "localhost"),
        ] {
            let server = authority.serve(name).await;
            let client = client(&server.url(host), tls).root_certificate(authority.pem.clone());
            assert_not_connected(call(client).await, &server, tls);
        }
    }
}

#[tokio::test]
async fn a_server_without_tls_is_refused() {
    for tls in TLS.iter().copied() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                wire::write(&mut stream, 200, "", QR, QR.len()).await;
            }
        });
        let error = call(client(&url, tls)).await.unwrap_err();
        task.abort();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::Connect, Delivery::NotSent)
        );
        let line = error.to_string();
        let name = url.replace("https://", "");
        assert!(line.contains(&name) && line.contains("TLS"), "{line}");
        #[cfg(feature = "rustls")]
        if tls == Tls::Rustls {
            assert!(
                line.ends_with(&format!("{name} does not speak TLS")),
                "{line}"
            );
        }
    }
}

#[test]
fn settings_that_would_leave_it_out_are_refused() {
    for tls in TLS.iter().copied() {
        for url in [
            "http://pay.example",
            "http://192.0.2.1:80",
            "http://localhost.example",
        ] {
            let error = client(url, tls).build().unwrap_err();
            assert_eq!(
                (error.kind(), error.delivery()),
                (ErrorKind::Config, Delivery::NotSent)
            );
            assert!(error.to_string().contains("https"), "{error}");
        }
        for pem in [
            "",
            "no certificate",
            "-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\nY2FuYXJ5\n-----END CERTIFICATE-----\n",
        ] {
            let builder = Singapay::builder()
                .environment(Environment::Sandbox)
                .credential("partner", "client", "secret")
                .account(support::ACCOUNT);
            let error = builder.tls(tls).root_certificate(pem).build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{tls:?} {pem}");
            assert!(
                !format!("{error} {error:?}").contains("canary"),
                "{error:?}"
            );
        }
    }
}

/// The store is looked for where the environment says, so a process of its own looks.
#[cfg(all(target_os = "linux", feature = "rustls"))]
#[test]
fn a_machine_without_certificates_is_told_so() {
    const EMPTY: &str = "SINGAPAY_TEST_EMPTY_STORE";
    if std::env::var_os(EMPTY).is_some() {
        let error = client("https://pay.example", Tls::Rustls).build();
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        let line = error.to_string();
        assert!(
            line.contains("no usable store of root certificates"),
            "{line}"
        );
        let own = client("https://pay.example", Tls::Rustls).root_certificate(Authority::new().pem);
        assert!(own.build().is_ok(), "a root of one's own is enough");
        return;
    }
    let test = "a_machine_without_certificates_is_told_so";
    let run = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .env(EMPTY, "1")
        .env("SSL_CERT_FILE", "/dev/null")
        .env_remove("SSL_CERT_DIR")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
}
