//! The command and the sandbox, each as a process of its own.

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) const AMOUNT: i64 = 10_000;

pub(crate) struct Rig {
    sandbox: Child,
    pub(crate) told: Value,
    pub(crate) folder: TempDir,
}

impl Drop for Rig {
    fn drop(&mut self) {
        let _ = self.sandbox.kill();
        let _ = self.sandbox.wait();
    }
}

impl Rig {
    /// A gateway whose payouts end after so many seconds.
    pub(crate) fn start(payout_delay: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let seed = folder.path().join("seed.json");
        let text = json!({
            "accounts": [{"name": "Main"}, {"name": "Other", "balance": 0}],
            "delays": {"payout": payout_delay},
        });
        std::fs::write(&seed, text.to_string()).unwrap();
        let mut sandbox = Command::new(env!("CARGO_BIN_EXE_singapay"))
            .args(["sandbox", "--port", "0", "--json", "--seed-file"])
            .arg(seed)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut banner = String::new();
        let mut out = BufReader::new(sandbox.stdout.take().unwrap());
        out.read_line(&mut banner).unwrap();
        Self {
            told: serde_json::from_str(&banner).unwrap(),
            sandbox,
            folder,
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn store(&self) -> String {
        format!("sqlite://{}", self.path("payouts.db").display())
    }

    /// A file of transfers, and its path.
    pub(crate) fn file(&self, name: &str, transfers: usize) -> PathBuf {
        let mut text = "reference,operation,amount,bank_code,bank_account_number\n".to_owned();
        for number in 0..transfers {
            let row = format!("PAY-{number},transfer_disbursement,{AMOUNT},BCA,1000123456");
            writeln!(text, "{row}").unwrap();
        }
        self.write(name, &text)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// `singapay payouts`, with the settings of the gateway.
    pub(crate) fn payouts(&self, verb: &str) -> Command {
        let key = &self.told["credentials"][0];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let mut command = Command::new(env!("CARGO_BIN_EXE_singapay"));
        command
            .args(["payouts", verb])
            .env("SINGAPAY_BASE_URL", text(&self.told["base_url"]))
            .env("SINGAPAY_PARTNER_ID", text(&key["partner_id"]))
            .env("SINGAPAY_CLIENT_ID", text(&key["client_id"]))
            .env("SINGAPAY_CLIENT_SECRET", text(&key["client_secret"]))
            .env("SINGAPAY_ACCOUNT_ID", text(&self.told["account_id"]))
            .stdin(Stdio::null());
        command
    }

    /// `singapay payouts run FILE`, hasty and without a question.
    pub(crate) fn run(&self, file: &PathBuf, more: &[&str]) -> Output {
        let mut command = self.payouts("run");
        command
            .arg(file)
            .args(["--yes", "--haste", "--store", &self.store()]);
        command.args(more).output().unwrap()
    }

    /// A request to the admin side of the gateway.
    pub(crate) fn admin(&self, method: &str, path: &str, body: &str) -> Value {
        let base = self.told["base_url"].as_str().unwrap();
        let host = base.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} /_sandbox{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    pub(crate) fn fault(&self, operation: &str, reference: &str, point: &str, action: Value) {
        let fault = json!({
            "operation": operation, "reference": reference, "point": point, "action": action,
        });
        self.admin("POST", "/faults", &fault.to_string());
    }

    /// What left all accounts, fees included; the books are right.
    pub(crate) fn paid_out(&self) -> i64 {
        let audit = self.admin("GET", "/audit", "");
        assert_eq!(audit["violations"], json!([]));
        audit["paid_out"].as_i64().unwrap()
    }

    /// Requests of an operation that reached the gateway.
    pub(crate) fn seen(&self, operation: &str) -> usize {
        let requests = self.admin("GET", "/requests", "");
        let requests = requests.as_array().unwrap().iter();
        requests
            .filter(|request| request["operation"] == operation)
            .count()
    }

    /// The rows of a report, by their columns.
    pub(crate) fn report(&self, name: &str) -> Vec<Value> {
        let mut reader = csv::Reader::from_path(self.path(name)).unwrap();
        reader
            .deserialize::<std::collections::BTreeMap<String, String>>()
            .map(|row| json!(row.unwrap()))
            .collect()
    }
}

pub(crate) fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub(crate) fn text(output: &Output) -> String {
    let mut text = String::from_utf8(output.stdout.clone()).unwrap();
    text.push_str(std::str::from_utf8(&output.stderr).unwrap());
    text
}
