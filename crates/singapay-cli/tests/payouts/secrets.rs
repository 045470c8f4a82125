//! Nothing secret or personal is printed or reported.

use std::process::Command;

use serde_json::json;

use crate::rig::{Rig, status, text};

const CANARY: &str = "canary-7f3a91";

/// Everything that a command says, and its report.
fn told(rig: &Rig, mut command: Command) -> String {
    let output = command.output().unwrap();
    let report = std::fs::read_to_string(rig.path("pay.report.csv")).unwrap_or_default();
    text(&output) + &report
}

#[test]
fn no_secret_is_ever_printed() {
    let rig = Rig::start(0);
    let file = rig.file("pay.csv", 2);
    let key = &rig.told["credentials"][0];
    let secret = key["client_secret"].as_str().unwrap().to_owned();
    let hidden = [secret.as_str(), CANARY, "1000123456"];
    rig.fault(
        "transfer_disbursement",
        "PAY-1",
        "before_commit",
        json!({"wrong_code": "SP010"}),
    );
    let base = |verb: &str, store: &str| {
        let mut command = rig.payouts(verb);
        command.args(["--store", store]);
        command
    };
    let mut commands = Vec::new();
    let store = rig.store();
    let run = |store: &str, more: &[&str]| {
        let mut command = base("run", store);
        command.arg(&file).args(["--yes", "--haste"]).args(more);
        command
    };
    commands.push(run(&store, &[]));
    commands.push(run(&store, &["--json"]));
    commands.push(base("status", &store));
    let mut status_of = base("status", &store);
    status_of.args(["--reference", "PAY-1"]);
    commands.push(status_of);
    // A password in the address, and one in its variable, of a database that is not there.
    commands.push(run(
        &format!("postgres://pay:{CANARY}@127.0.0.1:9/pay"),
        &[],
    ));
    let mut away = run("postgres://pay@127.0.0.1:9/pay", &[]);
    away.env("PGPASSWORD", CANARY);
    commands.push(away);
    // A secret that the gateway refuses, and settings that are none.
    let other = format!("sqlite://{}", rig.path("other.db").display());
    let mut wrong = run(&other, &["--wait", "1"]);
    wrong.env("SINGAPAY_CLIENT_SECRET", CANARY);
    commands.push(wrong);
    let mut unusable = run(&other, &[]);
    unusable
        .env("SINGAPAY_CLIENT_SECRET", CANARY)
        .env("SINGAPAY_BASE_URL", format!("ftp://{CANARY}.example"));
    commands.push(unusable);
    let mut proxied = run(&other, &[]);
    proxied.env("SINGAPAY_PROXY", format!("ftp://user:{CANARY}@127.0.0.1:9"));
    commands.push(proxied);
    for command in commands {
        let shown = format!("{command:?}");
        let told = told(&rig, command);
        assert!(!told.is_empty(), "{shown}");
        for hidden in hidden {
            assert!(!told.contains(hidden), "{told}");
        }
    }
    let first = rig.run(&file, &[]);
    assert_eq!(status(&first), 9);
}
