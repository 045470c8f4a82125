//! What the command does with a running sandbox: variables for clients, replays, and its clock.

#![cfg(feature = "call")]
#![allow(clippy::unwrap_used)]

mod common;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    process::{Command, Stdio},
    time::Duration,
};

use common::{Desk, PROGRAM, Ran, Running};
use serde_json::Value;
use singapay_sandbox::{Payer, WebhookKind};

/// A sandbox as a process, and the lines of variables that it printed.
fn printed(format: &str, lines: usize, seed_file: &str) -> (Running, String) {
    let mut child = Command::new(PROGRAM)
        .args([
            "sandbox",
            "--port",
            "0",
            "--print-env",
            format,
            "--seed-file",
            seed_file,
        ])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    for _ in 0..lines {
        output.read_line(&mut text).unwrap();
    }
    (Running(child), text)
}

#[test]
fn variables_are_all_that_a_client_needs() {
    let folder = tempfile::tempdir().unwrap();
    let seed = folder.path().join("seed.json");
    let outlet = r#"{"accounts":[{"name":"Main"},{"name":"Outlet 1"}],"credentials":[{"name":"It's $HOME","accounts":["Outlet 1"]}]}"#;
    std::fs::write(&seed, outlet).unwrap();
    let seed = seed.to_str().unwrap();
    let call = "call balances account --json";

    let (_running, text) = printed("json", 1, seed);
    let variables: Value = serde_json::from_str(&text).unwrap();
    let variables = variables.as_object().unwrap();
    assert_eq!(variables["SINGAPAY_CREDENTIALS"], "specific1");
    let outlet = variables["SINGAPAY_CREDENTIAL_SPECIFIC1_ACCOUNTS"]
        .as_str()
        .unwrap();
    let pairs = variables
        .iter()
        .map(|(name, value)| (name, value.as_str().unwrap()));
    let output = Command::new(PROGRAM)
        .env_clear()
        .envs(pairs.clone())
        .args(call.split(' '))
        .output()
        .unwrap();
    assert_eq!(Ran::of(&output).status, 0, "{output:?}");
    let of_outlet = format!("account_id={outlet}");
    let args = [call.split(' ').collect(), vec![of_outlet.as_str()]].concat();
    let output = Command::new(PROGRAM)
        .env_clear()
        .envs(pairs)
        .args(args)
        .output()
        .unwrap();
    assert_eq!(Ran::of(&output).status, 0, "{output:?}");

    for format in ["shell", "dotenv"] {
        let (_running, text) = printed(format, variables.len(), seed);
        assert_eq!(text.lines().count(), variables.len(), "{text}");
        let script = format!("set -a\n{text}\n\"{PROGRAM}\" {call}");
        let output = Command::new("sh")
            .env_clear()
            .args(["-c", &script])
            .output()
            .unwrap();
        assert_eq!(Ran::of(&output).status, 0, "{format}: {output:?}");
    }
}

/// A shop that answers 204 to all.
fn shop() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 8192]);
            let _ = stream.write_all(b"HTTP/1.1 204 X\r\nConnection: close\r\n\r\n");
        }
    });
    format!("http://{address}/hooks")
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_are_listed_and_sent_again() {
    let builder =
        singapay_sandbox::Sandbox::builder().webhook_url(WebhookKind::Transaction, shop());
    let desk = Desk::of(builder).await;
    assert!(desk.run(&["replay"]).out.contains("none yet"));
    let link = [
        "call",
        "payment_links",
        "create",
        "reff_no=INV-1",
        "payment_link_type=total",
        "total_amount=50000",
    ];
    assert_eq!(desk.run(&link).status, 0);
    desk.sandbox
        .pay_payment_link("INV-1", Payer::default())
        .unwrap();
    desk.sandbox.webhooks_sent().await;
    let listed = desk.run(&["replay", "--json"]).json();
    let delivery = &listed.as_array().unwrap()[0];
    let number = delivery["id"].to_string();
    let ran = desk.run(&["replay", &number]);
    assert!(
        ran.status == 0 && ran.out.contains("delivered") && ran.out.contains("204"),
        "{ran:?}"
    );
    assert_eq!(
        desk.run(&["replay", "--json"])
            .json()
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(desk.run(&["replay", "999"]).status, 1);
    for (line, ran) in desk.run_examples(&["replay"]) {
        assert_eq!(ran.status, 0, "{line}: {ran:?}");
    }
    let mut desk = desk;
    desk.set("SINGAPAY_BASE_URL", Some("https://gateway.example"));
    assert_eq!(desk.run(&["replay"]).status, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_can_go_by_the_clock_of_the_sandbox() {
    let desk = Desk::new().await;
    desk.sandbox.advance(Duration::from_secs(3 * 86_400)).await;
    let off = desk.run(&["call", "balances", "merchant"]);
    assert_eq!(off.status, 5, "{off:?}");
    assert!(off.err.contains("--sandbox-clock"), "{off:?}");
    let ran = desk.run(&["call", "balances", "merchant", "--sandbox-clock"]);
    assert_eq!(ran.status, 0, "{ran:?}");
}

#[cfg(feature = "pages")]
#[test]
fn completions_and_manual_know_every_command() {
    let said = |args: &[&str]| {
        let output = Command::new(PROGRAM).args(args).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let pages = [
        said(&["completions", "bash"]),
        said(&["completions", "zsh"]),
        said(&["completions", "fish"]),
        said(&["man"]),
    ];
    for command in [
        "call", "doctor", "listen", "trigger", "replay", "sandbox", "verify",
    ] {
        for page in &pages {
            assert!(page.contains(command), "{command}");
        }
    }
    assert!(pages[3].contains(".TH"));
}
