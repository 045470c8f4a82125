//! The seed file, and what a process says about itself.

#![allow(clippy::unwrap_used)]

mod common;

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use common::Client;
use serde_json::json;
use singapay_sandbox::{Sandbox, Seed, StartError};

const SEED: &str = r#"{
    "seed": 42,
    "accounts": [{"name": "Toko", "balance": 250000}, {"name": "Cabang"}],
    "credentials": [{"name": "Cabang", "accounts": ["Cabang"]}],
    "fees": {"ewallet_topup": 0},
    "delays": {"payout": 0},
    "quirks": {"pages": "empty_meta", "empty_maps_are_lists": true}
}"#;

#[tokio::test]
async fn a_seed_makes_the_same_sandbox_every_time() {
    let seed: Seed = serde_json::from_str(SEED).unwrap();
    let one = Sandbox::builder()
        .with_seed(seed.clone())
        .start()
        .await
        .unwrap();
    let two = Sandbox::builder()
        .with_seed(seed.clone())
        .start()
        .await
        .unwrap();
    assert_eq!(one.accounts(), two.accounts());
    assert_eq!(one.credentials().client_id, two.credentials().client_id);
    assert_ne!(one.base_url(), two.base_url());
    let other = Sandbox::builder()
        .with_seed(seed)
        .seed(43)
        .start()
        .await
        .unwrap();
    assert_ne!(one.credentials().partner_id, other.credentials().partner_id);

    let client = Client::of(&one).await;
    let path = "/api/v2.0/ewallet/trigger-topup";
    let made = client.signed(path, client.topup("R-1", 250_000)).await.ok();
    assert_eq!(made["fee"]["value"], "0.00");
    let inquiry = json!({"reference_number": "R-1"});
    let status = client
        .post("/api/v2.0/ewallet/{account}/inquiry-status", inquiry)
        .await
        .ok();
    assert_eq!(status["transaction_status"]["code"], "00");
    assert_eq!(client.available().await, 0);
    assert_eq!(
        client.get("/api/v1.0/accounts").await.body["meta"],
        json!([])
    );
    let link = json!({"reff_no": "L-1", "payment_link_type": "total", "total_amount": 50_000});
    let link = client
        .post("/api/v2.0/payment-link/{account}", link)
        .await
        .ok();
    assert_eq!(link["optional_metadata"], json!([]));
    assert!(one.audit().violations.is_empty());
}

#[tokio::test]
async fn mistakes_in_a_seed_are_told() {
    let misspelt = serde_json::from_str::<Seed>(r#"{"acounts": []}"#).unwrap_err();
    assert!(misspelt.to_string().contains("acounts"));
    let stranger = r#"{"credentials": [{"name": "X", "accounts": ["Nobody"]}]}"#;
    let seed: Seed = serde_json::from_str(stranger).unwrap();
    let error = Sandbox::builder()
        .with_seed(seed)
        .start()
        .await
        .unwrap_err();
    assert!(matches!(error, StartError::UnknownAccount(name) if name == "Nobody"));
}

#[tokio::test]
async fn the_process_tells_where_it_listens_and_logs_as_json() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("seed.json");
    std::fs::write(&file, SEED).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_singapay-sandbox"))
        .args(["--port", "0", "--log", "json", "--seed-file"])
        .arg(&file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let twin = Sandbox::builder()
        .with_seed(serde_json::from_str(SEED).unwrap())
        .start()
        .await
        .unwrap();
    let branch = twin.credentials_named("Cabang").unwrap();
    let last = twin.accounts().pop().unwrap();
    let last = format!("  account id     {} \"Cabang\"", last.id);
    let mut banner = Vec::new();
    while banner.last() != Some(&last) {
        banner.push(lines.next().unwrap());
    }
    let text = banner.join("\n");
    for wanted in [
        &branch.partner_id,
        &branch.client_id,
        branch.client_secret.expose(),
        &branch.identity_client_id,
        branch.identity_client_secret.expose(),
    ] {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
    assert!(banner[1].contains("this machine only"), "{banner:?}");
    let base = banner[2]
        .trim()
        .trim_start_matches("base URL")
        .trim()
        .to_owned();
    assert!(base.starts_with("http://127.0.0.1:"));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client
        .get(format!("{base}/api/v1.0/accounts"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 401);
    let record: serde_json::Value = serde_json::from_str(&lines.next().unwrap()).unwrap();
    assert_eq!(record["operation"], "list_accounts");
    assert_eq!(
        (record["status"].clone(), record["path"].clone()),
        (json!(401), json!("/api/v1.0/accounts"))
    );
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test]
async fn a_taken_port_is_told() {
    let sandbox = Sandbox::start().await.unwrap();
    let port = sandbox
        .base_url()
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let error = Sandbox::builder().port(port).start().await.unwrap_err();
    assert!(error.to_string().contains(&port.to_string()));
    sandbox.stop().await;
    Sandbox::builder().port(port).start().await.unwrap();
}

/// A program that starts the sandbox reads everything a client needs, seed file or not.
#[tokio::test]
async fn the_process_speaks_json() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("seed.json");
    std::fs::write(&file, SEED).unwrap();
    let seed: Seed = serde_json::from_str(SEED).unwrap();
    let twin = Sandbox::builder().with_seed(seed).start().await.unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_singapay-sandbox"))
        .args(["--port", "0", "--json", "--seed-file"])
        .arg(&file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let said: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(said["account_id"], twin.account_id());
    assert_eq!(said["accounts"], json!(twin.accounts()));
    assert_eq!(said["accounts"][1]["credential"], "Cabang");
    let (said_keys, keys) = (
        said["credentials"].as_array().unwrap(),
        twin.all_credentials(),
    );
    assert_eq!(said_keys.len(), 2);
    for (said, key) in said_keys.iter().zip(keys) {
        assert_eq!(said["name"], key.name);
        assert_eq!(said["partner_id"], key.partner_id);
        assert_eq!(said["client_secret"], key.client_secret.expose());
    }
    let password = twin.biller_credentials().password.expose().to_owned();
    assert_eq!(said["biller"]["password"], password);

    let refused = Command::new(env!("CARGO_BIN_EXE_singapay-sandbox"))
        .args(["--json", "--seed-file", "/nowhere.json"])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let said: serde_json::Value = serde_json::from_slice(&refused.stdout).unwrap();
    assert!(said["error"].is_string() && refused.stderr.is_empty());
}
