//! The gateway as a process of its own, made of this very program: a sandbox for every line that it is sent.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use singapay::{Clock, SystemClock, Timestamp};
use singapay_sandbox::{Fault, Sandbox};

/// Tells the program to be a gateway.
const VARIABLE: &str = "SINGAPAY_TEST_GATEWAY";

/// Starts the line about a sandbox; the test runner's own lines stand beside it.
const MARK: &str = "sandbox ";

/// The program of a gateway; does nothing where the tests run.
#[test]
fn gateway() {
    if std::env::var_os(VARIABLE).is_none() {
        return;
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut sandboxes = Vec::new();
    for _ in std::io::stdin().lines() {
        let builder = Sandbox::builder().account("B", 0);
        let builder = builder.delays(|delays| delays.payout = Duration::ZERO);
        let builder = builder.quirks(|quirks| quirks.qris_not_provisioned = false);
        let sandbox = runtime.block_on(builder.start()).unwrap();
        let (key, biller) = (sandbox.credentials(), sandbox.biller_credentials());
        let other = &sandbox.accounts()[1];
        let told = json!({
            "base_url": sandbox.base_url(),
            "account": sandbox.account_id(),
            "other": {"id": other.id, "number": other.number},
            "key": [key.partner_id, key.client_id, key.client_secret.expose()],
            "biller": [biller.partner_id, biller.client_id, biller.client_secret.expose(), biller.password.expose()],
        });
        println!("\n{MARK}{told}");
        sandboxes.push(sandbox);
    }
}

pub(crate) struct Gateway {
    pipes: Mutex<Pipes>,
    admin: reqwest::Client,
}

struct Pipes {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Gateway {
    pub(crate) fn start() -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "gateway::gateway", "--nocapture"])
            .env(VARIABLE, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (to, from) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let from = BufReader::new(from);
        Self {
            pipes: Mutex::new(Pipes { child, to, from }),
            // A kept connection may be closed by the other side just when it is used.
            admin: reqwest::Client::builder()
                .no_proxy()
                .pool_max_idle_per_host(0)
                .build()
                .unwrap(),
        }
    }

    /// Another sandbox there.
    pub(crate) fn sandbox(&self) -> Remote {
        let mut pipes = self.pipes.lock().unwrap();
        pipes.to.write_all(b"another\n").unwrap();
        let mut line = String::new();
        let told = loop {
            line.clear();
            assert_ne!(pipes.from.read_line(&mut line).unwrap(), 0, "it has ended");
            if let Some(told) = line.strip_prefix(MARK) {
                break told;
            }
        };
        Remote {
            told: serde_json::from_str(told).unwrap(),
            admin: self.admin.clone(),
            ahead: AtomicI64::new(0),
        }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let pipes = self.pipes.get_mut().unwrap();
        let _ = pipes.child.kill();
        let _ = pipes.child.wait();
    }
}

/// A sandbox in another process, and its clock: that of this machine, moved by what it was moved by.
#[derive(Debug)]
pub(crate) struct Remote {
    told: Value,
    admin: reqwest::Client,
    /// Milliseconds.
    ahead: AtomicI64,
}

impl Clock for Remote {
    fn now(&self) -> Timestamp {
        let now = SystemClock.now().unix_millis() + self.ahead.load(Ordering::Relaxed);
        Timestamp::from_unix_millis(now)
    }
}

impl Remote {
    /// A text that it told of itself, at a place in its line.
    pub(crate) fn told(&self, place: &str) -> &str {
        self.told.pointer(place).and_then(Value::as_str).unwrap()
    }

    pub(crate) fn base_url(&self) -> &str {
        self.told("/base_url")
    }

    pub(crate) fn account_id(&self) -> &str {
        self.told("/account")
    }

    pub(crate) async fn add_fault(&self, fault: &Fault) {
        self.post("faults", &serde_json::to_value(fault).unwrap())
            .await;
    }

    pub(crate) async fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap() + 1;
        // First here: whoever looks in between must not see time go back.
        self.ahead.fetch_add(by, Ordering::Relaxed);
        self.post("clock", &json!({"advance_ms": by})).await;
    }

    async fn post(&self, path: &str, body: &Value) {
        let url = format!("{}/_sandbox/{path}", self.base_url());
        let request = self.admin.post(url).json(body);
        request.send().await.unwrap().error_for_status().unwrap();
    }

    /// Its books, in rupiah.
    pub(crate) async fn audit(&self) -> Value {
        let url = format!("{}/_sandbox/audit", self.base_url());
        let answer = self.admin.get(url).send().await.unwrap();
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }
}
