//! `singapay doctor` against a sandbox: what is well is told, and each planted mistake is named with its remedy.

#![cfg(feature = "call")]
#![allow(clippy::unwrap_used)]

mod common;

use std::{
    io::{Read, Write},
    net::TcpListener,
    time::Duration,
};

use common::{Desk, Ran};
use serde_json::Value;
use singapay_sandbox::{CredentialSeed, Sandbox, Seed};

/// An address where nothing listens.
const NOWHERE: &str = "127.0.0.1:9";

/// The finding of a check that is not well, as it was told.
#[track_caller]
fn bad(ran: &Ran, check: &str) -> String {
    assert_eq!(ran.status, 1, "{ran:?}");
    let answer = ran.json();
    let findings = answer["findings"].as_array().unwrap();
    let is_it = |it: &&Value| it["check"] == check && it["state"] == "not_ok";
    let found = findings.iter().find(is_it);
    let found = found.unwrap_or_else(|| panic!("{check} is well: {findings:#?}"));
    assert!(!found["remedy"].as_str().unwrap().is_empty());
    format!(
        "{} / {}",
        found["what"].as_str().unwrap(),
        found["remedy"].as_str().unwrap()
    )
}

#[track_caller]
fn says(ran: &Ran, check: &str, words: &[&str]) {
    let said = bad(ran, check);
    for word in words {
        assert!(said.contains(word), "{check} says {said}");
    }
}

fn look(desk: &Desk) -> Ran {
    desk.run(&["doctor", "--json"])
}

/// A server that answers everything with a status, and its address.
fn server(answer: impl Fn(&str) -> u16 + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let Ok(length) = stream.read(&mut request) else {
                continue;
            };
            let text = String::from_utf8_lossy(&request[..length]).into_owned();
            let status = answer(&text);
            let head =
                format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            let _ = stream.write_all(head.as_bytes());
        }
    });
    format!("http://{address}")
}

/// A shop that takes signed deliveries to one path.
fn shop() -> String {
    let takes = |request: &str| match request.starts_with("POST /hooks/singapay ") {
        true if request.to_lowercase().contains("x-signature:") => 204,
        true => 401,
        false => 404,
    };
    server(takes)
}

#[tokio::test(flavor = "multi_thread")]
async fn all_is_well_and_no_money_moves() {
    let mut desk = Desk::new().await;
    let before = desk.sandbox.balance_of(desk.sandbox.account_id());
    desk.set(
        "SINGAPAY_WEBHOOK_URL",
        Some(&format!("{}/hooks/singapay", shop())),
    );
    let ran = desk.run(&["doctor"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    for check in [
        "settings",
        "DNS",
        "connection",
        "clock",
        "outbound address",
        "token (default)",
        "token (biller)",
        "token (identity)",
        "account",
        "signature",
        "webhook",
        "webhook, forged",
    ] {
        assert!(
            ran.out
                .lines()
                .any(|line| line.starts_with(&format!("ok   {check} "))),
            "{check}: {ran:?}"
        );
    }
    assert!(look(&desk).json()["ok"].as_bool().unwrap());
    assert_eq!(desk.sandbox.balance_of(desk.sandbox.account_id()), before);
    for (line, ran) in desk.run_examples(&["doctor"]) {
        assert_eq!(ran.status, 0, "{line}: {ran:?}");
    }
    desk.assert_clean(&[&desk.sandbox.credentials().partner_id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_problems_of_the_settings_are_told_at_once() {
    let mut desk = Desk::new().await;
    desk.set("SINGAPAY_BASE_URL", None);
    desk.set("SINGAPAY_CLIENT_SECRET", None);
    desk.set("SINGAPAY_ACCOUNT_ID", Some("short"));
    let ran = look(&desk);
    for word in [
        "SINGAPAY_BASE_URL",
        "SINGAPAY_CLIENT_SECRET",
        "account is no ULID",
        "SINGAPAY_ACCOUNT_ID",
    ] {
        assert!(ran.out.contains(word), "{ran:?}");
    }
    bad(&ran, "settings");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_and_a_wrong_partner_id_are_named() {
    for (setting, value) in [
        ("SINGAPAY_CLIENT_SECRET", "canary-wrong-secret"),
        (
            "SINGAPAY_PARTNER_ID",
            "9a1c5b3e-2d4f-4d8c-93cf-9a1c5b3e2d4f",
        ),
    ] {
        let mut desk = Desk::new().await;
        desk.set(setting, Some(value));
        says(&look(&desk), "token (default)", &[setting]);
        desk.assert_clean(&["canary-wrong-secret"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_off_is_named() {
    let desk = Desk::new().await;
    desk.sandbox.advance(Duration::from_secs(1200)).await;
    says(&look(&desk), "clock", &["120", "NTP", "--sandbox-clock"]);
    desk.sandbox.advance(Duration::from_secs(2 * 86_400)).await;
    says(&look(&desk), "clock", &["NTP"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_not_listed_is_named() {
    let desk = Desk::of(Sandbox::builder().allowed_ips(["192.0.2.1".parse().unwrap()])).await;
    says(&look(&desk), "outbound address", &["127.0.0.1", "register"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_host_is_named() {
    let mut desk = Desk::new().await;
    desk.set("SINGAPAY_BASE_URL", Some(&format!("http://{NOWHERE}")));
    says(
        &look(&desk),
        "connection",
        &[NOWHERE, "singapay sandbox", "SINGAPAY_BASE_URL"],
    );
    desk.set("SINGAPAY_BASE_URL", Some("https://gateway.invalid"));
    says(
        &look(&desk),
        "DNS",
        &["gateway.invalid", "SINGAPAY_BASE_URL"],
    );
    desk.set("SINGAPAY_BASE_URL", Some(&server(|_| 404)));
    says(
        &look(&desk),
        "token (default)",
        &["does not answer like SingaPay"],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_proxy_is_named_and_so_is_production_without_opt_in() {
    let mut desk = Desk::new().await;
    desk.set("SINGAPAY_BASE_URL", None);
    desk.set("SINGAPAY_ENVIRONMENT", Some("production"));
    desk.set(
        "SINGAPAY_PROXY",
        Some(&format!("http://user:canary-proxy@{NOWHERE}")),
    );
    let ran = look(&desk);
    says(&ran, "proxy", &[NOWHERE, "SINGAPAY_PROXY"]);
    says(
        &ran,
        "real money",
        &["allow_production", "--probe-production"],
    );
    desk.assert_clean(&["canary-proxy"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_on_a_plain_port_is_named() {
    let mut desk = Desk::new().await;
    let plain = desk.sandbox.base_url().replace("http://", "https://");
    desk.set("SINGAPAY_BASE_URL", Some(&plain));
    says(&look(&desk), "TLS", &["does not speak TLS", "plain HTTP"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_store_of_certificates_is_named() {
    let mut desk = Desk::new().await;
    desk.set("SINGAPAY_BASE_URL", Some("https://127.0.0.1:1"));
    desk.set("SSL_CERT_FILE", Some("/nowhere/certificates.pem"));
    desk.set("SSL_CERT_DIR", Some("/nowhere"));
    says(&look(&desk), "settings", &["SSL_CERT_FILE"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_webhook_path_is_named() {
    let mut desk = Desk::new().await;
    desk.set("SINGAPAY_WEBHOOK_URL", Some(&format!("{}/hook", shop())));
    says(&look(&desk), "webhook", &["/hook", "404", "path"]);
    desk.set("SINGAPAY_WEBHOOK_URL", Some(&server(|_| 401)));
    says(&look(&desk), "webhook", &["401", "SINGAPAY_CLIENT_SECRET"]);
    desk.set("SINGAPAY_WEBHOOK_URL", Some(&server(|_| 200)));
    says(&look(&desk), "webhook, forged", &["nobody signed"]);
    desk.set("SINGAPAY_WEBHOOK_URL", Some(&format!("http://{NOWHERE}/")));
    says(&look(&desk), "webhook", &["cannot be reached"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_specific_credential_without_its_account_is_named() {
    let mut seed = Seed::default();
    seed.credentials = vec![CredentialSeed::new("Outlet", "Main Account")];
    let mut desk = Desk::of(Sandbox::builder().with_seed(seed)).await;
    desk.set("SINGAPAY_CREDENTIAL_OUTLET_ACCOUNTS", None);
    let account = desk.sandbox.accounts()[0].id.clone();
    desk.set("SINGAPAY_ACCOUNT_ID", Some(&account));
    says(
        &look(&desk),
        "account",
        &[&account, "SINGAPAY_CREDENTIAL_OUTLET_ACCOUNTS"],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_biller_credential_on_the_payment_host_is_named() {
    let mut desk = Desk::new().await;
    for part in ["PARTNER_ID", "CLIENT_ID", "CLIENT_SECRET"] {
        let biller = desk.setting(&format!("SINGAPAY_BILLER_{part}")).to_owned();
        desk.set(&format!("SINGAPAY_{part}"), Some(&biller));
        desk.set(&format!("SINGAPAY_BILLER_{part}"), None);
    }
    says(
        &look(&desk),
        "token (default)",
        &["biller host", "SINGAPAY_BILLER_PARTNER_ID"],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_environment_is_told_which_variables_to_set() {
    let mut desk = Desk::new().await;
    desk.settings.clear();
    let ran = desk.run(&["doctor"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    for name in ["ENVIRONMENT", "PARTNER_ID", "CLIENT_ID", "CLIENT_SECRET"] {
        assert!(ran.out.contains(&format!("SINGAPAY_{name}")), "{ran:?}");
    }
}
