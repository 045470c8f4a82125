//! State kept in a file survives the end of the process, however it ends.

#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used)]

mod common;

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use common::{Client, Receiver};
use serde_json::{Value, json};
use singapay_sandbox::{DeliveryState, Payer, Sandbox, WebhookKind};

const TOPUP: &str = "/api/v2.0/ewallet/trigger-topup";
const STATUS: &str = "/api/v2.0/ewallet/{account}/inquiry-status";

#[tokio::test]
async fn everything_is_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let receiver = Receiver::start().await;
    receiver.answer_with(503);
    let start = || {
        Sandbox::builder()
            .webhook_url(WebhookKind::Transaction, receiver.url("/hook"))
            .state_file(&file)
            .start()
    };
    let sandbox = start().await.unwrap();
    sandbox.advance(Duration::from_secs(90_000)).await;
    let mut client = Client::of(&sandbox).await;
    let link = json!({"reff_no": "L-1", "payment_link_type": "total", "total_amount": 50_000});
    let link = client
        .post("/api/v2.0/payment-link/{account}", link)
        .await
        .ok();
    sandbox.pay_payment_link("L-1", Payer::default()).unwrap();
    sandbox.webhooks_sent().await;
    client.signed(TOPUP, client.topup("R-1", 10_000)).await.ok();
    let available = client.available().await;
    let balance = sandbox.balance_of(&client.account).unwrap();
    let now = sandbox.now();
    let accounts = sandbox.accounts();
    sandbox.stop().await;

    let sandbox = start().await.unwrap();
    assert_eq!(sandbox.accounts(), accounts);
    assert!(sandbox.now() >= now, "the clock did not go back");
    client.base = sandbox.base_url().to_owned();
    client.clock = sandbox.clock();
    // The token still opens, the balance still stands, the reference is still taken.
    assert_eq!(client.available().await, available);
    assert_eq!(sandbox.balance_of(&client.account), Some(balance));
    assert_eq!(
        client
            .signed(TOPUP, client.topup("R-1", 10_000))
            .await
            .code(),
        "SP004"
    );
    let shown = client
        .get(&format!("/api/v2.0/payment-link/{}", link["id"]))
        .await
        .ok();
    assert_eq!(shown["status"], "closed");
    // What was planned still happens: settlement, the payout's end, the webhook's retry.
    receiver.answer_with(200);
    sandbox.advance(Duration::from_secs(3600)).await;
    let status = client
        .post(STATUS, json!({"reference_number": "R-1"}))
        .await
        .ok();
    assert_eq!(status["transaction_status"]["code"], "00");
    assert_eq!(client.available().await, available + 47_000);
    assert_eq!(sandbox.deliveries()[0].state, DeliveryState::Delivered);
    // New identifiers do not repeat old ones.
    let other = client.signed(TOPUP, client.topup("R-2", 10_000)).await.ok();
    assert_ne!(other["transaction_id"], status["transaction_id"]);
    let audit = sandbox.audit();
    assert!(audit.violations.is_empty(), "{:?}", audit.violations);
}

#[tokio::test]
async fn a_file_that_is_no_state_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    std::fs::write(
        &file,
        "not a database, but long enough to be looked at as one",
    )
    .unwrap();
    let error = Sandbox::builder()
        .state_file(&file)
        .start()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("state.db"), "{error}");
}

/// It holds secrets and tokens.
#[cfg(unix)]
#[tokio::test]
async fn nobody_but_its_owner_reads_the_state() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let [new, old] = ["new.db", "old.db"].map(|name| folder.path().join(name));
    for name in ["old.db", "old.db-wal", "old.db-shm"] {
        let file = folder.path().join(name);
        std::fs::write(&file, "").unwrap();
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
    }
    let mut running = Vec::new();
    for file in [new, old] {
        let sandbox = Sandbox::builder().state_file(&file).start().await.unwrap();
        running.push((Client::of(&sandbox).await, sandbox));
    }
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).unwrap().map(Result::unwrap) {
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", entry.file_name());
        seen += 1;
    }
    // One who holds the file alone needs no index; a file that was there is closed to others all the same.
    assert_eq!(
        seen, 5,
        "two files, each with its log, and the old one's index"
    );
}

/// Whoever names the wrong file loses nothing.
#[cfg(unix)]
#[tokio::test]
async fn a_file_of_another_program_is_refused_and_left_as_it_is() {
    use sqlx::{Connection, SqliteConnection};
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let make = async |name: &str, statements: &str| {
        let url = format!("sqlite://{}?mode=rwc", at(name).display());
        let mut made = SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(statements).execute(&mut made).await.unwrap();
        made
    };
    for (name, statements) in [
        ("shop.db", "CREATE TABLE orders (id INTEGER)"),
        ("music.db", "CREATE TABLE record (artist TEXT)"),
        (
            "log.db",
            "PRAGMA journal_mode = WAL; CREATE TABLE lines (line TEXT)",
        ),
    ] {
        make(name, statements).await.close().await.unwrap();
    }
    std::fs::write(at("notes.txt"), "no database at all").unwrap();
    // As a program leaves it that was killed before its log was copied.
    let running = "PRAGMA journal_mode = WAL; CREATE TABLE lines (line TEXT)";
    let running = make("running.db", running).await;
    for beside in ["", "-wal"] {
        let [from, to] = ["running.db", "killed.db"].map(|name| at(&format!("{name}{beside}")));
        std::fs::copy(from, to).unwrap();
    }
    for name in ["shop.db", "music.db", "log.db", "notes.txt", "killed.db"] {
        let file = at(name);
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
        let files = || std::fs::read_dir(&folder).unwrap().count();
        let before = (std::fs::read(&file).unwrap(), files());
        let refused = Sandbox::builder().state_file(&file).start().await;
        let told = refused.unwrap_err().to_string();
        if name != "notes.txt" {
            assert!(told.contains("tables of another program"), "{told}");
        }
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644, "{name}");
        if name != "killed.db" {
            assert_eq!((std::fs::read(&file).unwrap(), files()), before, "{name}");
        }
    }
    drop(running);
}

/// Two would overwrite each other's state.
#[tokio::test]
async fn one_sandbox_at_a_time_uses_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    let start = || Sandbox::builder().state_file(&file).start();
    let first = start().await.unwrap();
    let error = start().await.unwrap_err();
    assert!(
        error.to_string().contains("another sandbox uses it"),
        "{error}"
    );
    first.stop().await;
    let (running, _) = process(&file);
    assert!(start().await.is_err());
    // Whoever is killed holds nothing any more.
    drop(running);
    start().await.unwrap();
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the binary and reads base URL from its banner.
fn process(file: &std::path::Path) -> (Process, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_singapay-sandbox"))
        .args(["--port", "0", "--seed", "7", "--state"])
        .arg(file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let process = Process(child);
    for line in lines {
        if let Some(url) = line.unwrap().trim().strip_prefix("base URL") {
            return (process, url.trim().to_owned());
        }
    }
    panic!("no banner");
}

/// Every answer that left before the kill is true after it; nothing else is half there.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_keeps_what_it_answered() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.db");
    // The same seed gives the same credentials; only its clock and address differ.
    let twin = Sandbox::builder().seed(7).start().await.unwrap();
    let mut client = Client::of(&twin).await;
    let (mut running, base) = process(&file);
    client.base = base;
    client.login().await;
    let before = client.available().await;
    let client = std::sync::Arc::new(client);
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let tasks: Vec<_> = (0..8)
        .map(|lane| {
            let (client, tell) = (client.clone(), tell.clone());
            tokio::spawn(async move {
                let mut accepted: Vec<(String, Value)> = Vec::new();
                for at in 0.. {
                    let reference = format!("R-{lane}-{at}");
                    let body = client.topup(&reference, 10_000);
                    let now = singapay_core::Clock::now(&client.clock)
                        .unix_seconds()
                        .to_string();
                    let request = client.signed_request(TOPUP, &body, &now);
                    let Ok(answer) = request.send().await else {
                        return accepted;
                    };
                    let Ok(text) = answer.text().await else {
                        return accepted;
                    };
                    let answer: Value = serde_json::from_str(&text).unwrap();
                    assert_eq!(answer["response_code"], "SP000", "{answer}");
                    accepted.push((reference, answer["data"]["transaction_id"].clone()));
                    let _ = tell.send(());
                }
                accepted
            })
        })
        .collect();
    for _ in 0..50 {
        told.recv().await.unwrap();
    }
    running.0.kill().unwrap();
    running.0.wait().unwrap();
    let mut accepted = Vec::new();
    for task in tasks {
        accepted.extend(task.await.unwrap());
    }
    assert!(
        accepted.len() >= 50,
        "only {} before the kill",
        accepted.len()
    );

    let (_running, base) = process(&file);
    let mut client = std::sync::Arc::try_unwrap(client).ok().unwrap();
    client.base = base;
    for (reference, id) in &accepted {
        let status = client
            .post(STATUS, json!({"reference_number": reference}))
            .await
            .ok();
        assert_eq!(status["transaction_id"], *id);
    }
    let audit = client.http.get(format!("{}/_sandbox/audit", client.base));
    let audit = common::send(audit).await.body;
    assert_eq!(audit["violations"], json!([]));
    // Each lane has at most one request whose answer never left.
    let paid = (before - client.available().await) / 11_000;
    let told = i64::try_from(accepted.len()).unwrap();
    assert!(
        (told..=told + 8).contains(&paid),
        "{told} answered, {paid} paid"
    );
}
