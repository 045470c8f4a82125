//! `singapay logs` and `singapay verify --delivery`: what a running sandbox was asked and delivered.

#![cfg(feature = "call")]
#![allow(clippy::unwrap_used)]

mod common;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    time::Duration,
};

use common::{Desk, PROGRAM, Running};
use serde_json::Value;
use singapay_sandbox::{CredentialSeed, Payer, Sandbox, WebhookKind};

const LINK: [&str; 6] = [
    "call",
    "payment_links",
    "create",
    "reff_no=INV-1",
    "payment_link_type=total",
    "total_amount=50000",
];

/// A shop that answers the first delivery with 503 and all others with 200.
fn shop() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hooks?shop=1", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut status = 503;
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let mut chunk = [0; 8192];
            while !request.ends_with(b"}") {
                match stream.read(&mut chunk).unwrap() {
                    0 => break,
                    length => request.extend_from_slice(&chunk[..length]),
                }
            }
            let body = match status {
                503 => "<h1>try later</h1>",
                _ => r#"{"kept":true}"#,
            };
            let answer = format!(
                "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).unwrap();
            status = 200;
        }
    });
    url
}

async fn paid() -> Desk {
    let builder = Sandbox::builder().webhook_url(WebhookKind::Transaction, shop());
    let desk = Desk::of(builder).await;
    assert_eq!(desk.run(&LINK).status, 0);
    desk.sandbox
        .pay_payment_link("INV-1", Payer::default())
        .unwrap();
    desk.sandbox.webhooks_sent().await;
    desk.sandbox.advance(Duration::from_secs(120)).await;
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_and_attempts_are_told_by_line() {
    let mut desk = paid().await;
    let secret = desk.setting("SINGAPAY_CLIENT_SECRET").to_owned();
    desk.set("SINGAPAY_CLIENT_SECRET", Some("another secret"));
    assert_eq!(desk.run(&["call", "balances", "merchant"]).status, 5);
    desk.set("SINGAPAY_CLIENT_SECRET", Some(&secret));

    let ran = desk.run(&["logs"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{ran:?}");
    let line = |parts: &[&str]| {
        let has_all = |line: &&str| parts.iter().all(|part| line.contains(part));
        let found = ran.out.lines().find(has_all);
        assert!(found.is_some(), "{parts:?}: {}", ran.out);
    };
    line(&["request", "create_payment_link", "200 accepted"]);
    line(&[
        "create_access_token",
        "401 refused",
        "signature; client id, secret or day: none of the usual mistakes gives it",
    ]);
    line(&[
        "delivery",
        "payment-link-transaction",
        "INV-1",
        "attempt 1 -> 503",
    ]);
    line(&[
        "delivery",
        "payment-link-transaction",
        "INV-1",
        "attempt 2 -> 200",
    ]);
    assert!(!ran.out.contains('\x1b'), "no colours in a pipe");
    assert!(!ran.out.contains("kept"), "bodies were not asked for");

    let rows = |args: &[&str]| -> Vec<Value> {
        let ran = desk.run(&[&["logs", "--json"], args].concat());
        let lines = ran.out.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    let all = rows(&[]);
    assert!(all.is_sorted_by_key(|row| row["at_millis"].as_i64()));
    let requests = rows(&["--requests"]);
    assert!(
        requests
            .iter()
            .all(|row| row["log"] == "request" && row.get("answer_body").is_none())
    );
    let deliveries = rows(&["--deliveries", "--bodies"]);
    let statuses: Vec<&Value> = deliveries.iter().map(|row| &row["status"]).collect();
    assert_eq!(statuses, [503, 200]);
    assert_eq!(requests.len() + deliveries.len(), all.len());
    assert_eq!(deliveries[0]["answer"], "<h1>try later</h1>");
    assert_eq!(deliveries[1]["answer"], r#"{"kept":true}"#);
    assert!(deliveries[0]["body"].as_str().unwrap().contains("INV-1"));
    assert_eq!(rows(&["--requests", "--last", "1"]).len(), 1);

    let full = desk.run(&["logs", "--bodies"]).out;
    assert!(
        full.contains(r#"< {"kept":true}"#) && full.contains("string_to_sign"),
        "{full}"
    );
    desk.assert_clean(&["another secret"]);
    for address in ["127.0.0.1:9", "192.0.2.1:9", "not a host"] {
        let nobody = desk.run(&[
            "logs",
            "--url",
            &format!("http://u:canary@{address}/canary?canary"),
        ]);
        assert_eq!(nobody.status, 2, "{nobody:?}");
        assert!(!nobody.err.contains("canary"), "{nobody:?}");
    }
    assert_eq!(
        desk.run(&["logs", "--url", "https://gateway.example"])
            .status,
        2
    );
    for (line, ran) in desk.run_examples(&["logs"]) {
        assert_eq!(ran.status, 0, "{line}: {ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn following_goes_on_over_a_restart() {
    let desk = Desk::new().await;
    let url = desk.sandbox.base_url().to_owned();
    let port = url.rsplit(':').next().unwrap().parse().unwrap();
    assert_eq!(desk.run(&["call", "balances", "merchant"]).status, 0);
    let mut following = desk.command(PROGRAM);
    following.args(["logs", "--follow", "--json"]);
    let mut following = Running(following.spawn().unwrap());
    let mut lines = BufReader::new(following.0.stdout.take().unwrap()).lines();
    let mut next = || -> Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    assert_eq!(next()["operation"], "create_access_token");
    assert_eq!(next()["operation"], "get_merchant_balance");

    let Desk {
        sandbox,
        settings,
        printed,
    } = desk;
    sandbox.stop().await;
    // More than before, so that numbers alone would hide them.
    let sandbox = Sandbox::builder().port(port).start().await.unwrap();
    let desk = Desk {
        sandbox,
        settings,
        printed,
    };
    for _ in 0..2 {
        assert_eq!(desk.run(&["call", "balances", "merchant"]).status, 0);
    }
    for id in 1..=4 {
        assert_eq!(next()["id"], id);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_of_the_log_is_explained() {
    let mut desk = paid().await;
    let valid = desk.run(&["verify", "--delivery", "1"]);
    assert_eq!(valid.status, 0, "{valid:?}");
    assert!(valid.out.contains("the signature matches"), "{valid:?}");
    assert!(valid.out.contains("POST:/hooks?shop=1:"), "{valid:?}");
    let url = desk.setting("SINGAPAY_BASE_URL").to_owned();
    desk.set("SINGAPAY_BASE_URL", None);
    let given = ["verify", "--delivery", "1", "--url", &url, "--json"];
    assert_eq!(desk.run(&given).json()["valid"], true);
    desk.set("OTHER", Some("another secret"));
    let other = [&given[..], &["--secret-env", "OTHER"]].concat();
    assert_eq!(desk.run(&other).status, 1);
    let missing = desk.run(&["verify", "--delivery", "77", "--url", &url]);
    assert_eq!(missing.status, 2);
    assert!(missing.err.contains("no such delivery"), "{missing:?}");
    desk.sandbox.press_test_button(WebhookKind::Transaction);
    desk.sandbox.webhooks_sent().await;
    let unsigned = desk.run(&["verify", "--delivery", "2", "--url", &url]);
    assert_eq!(unsigned.status, 2);
    assert!(unsigned.err.contains("has no signature"), "{unsigned:?}");
    assert_eq!(
        desk.run(&["verify", "--delivery", "1", "--path", "/x"])
            .status,
        2
    );
    assert_eq!(desk.run(&["verify"]).status, 2);
    desk.assert_clean(&["another secret"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_of_a_specific_credential_is_held_to_its_secret() {
    let outlet =
        CredentialSeed::new("Outlet", "Outlet").webhook_url(WebhookKind::Transaction, shop());
    let desk = Desk::of(Sandbox::builder().account("Outlet", 0).credential(outlet)).await;
    let account = format!(
        "account_id={}",
        desk.setting("SINGAPAY_CREDENTIAL_OUTLET_ACCOUNTS")
    );
    assert_eq!(desk.run(&[&LINK[..], &[&account]].concat()).status, 0);
    desk.sandbox
        .pay_payment_link("INV-1", Payer::default())
        .unwrap();
    desk.sandbox.webhooks_sent().await;
    let ran = desk.run(&["verify", "--delivery", "1"]);
    assert_eq!(ran.status, 0, "{ran:?}");
}
