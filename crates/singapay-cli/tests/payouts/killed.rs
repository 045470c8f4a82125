//! Runs that are killed, and two at once.

use std::{process::Stdio, time::Duration};

use serde_json::json;

use crate::rig::{Rig, status, text};

const PAYOUTS: usize = 40;

/// Every answer comes late, so that a kill meets what is on its way.
fn slow(rig: &Rig) {
    for point in ["before_commit", "after_commit"] {
        let fault = json!({
            "operation": "transfer_disbursement", "point": point, "action": {"delay_millis": 60}, "times": 100_000,
        });
        rig.admin("POST", "/faults", &fault.to_string());
    }
}

fn assert_paid_once(rig: &Rig, report: &str) {
    let rows = rig.report(report);
    assert_eq!(rows.len(), PAYOUTS);
    let gross = |row: &serde_json::Value| row["gross"].as_str().unwrap().parse::<i64>().unwrap();
    assert_eq!(rows.iter().map(gross).sum::<i64>(), rig.paid_out());
}

#[test]
fn a_killed_run_goes_on_where_it_was() {
    let rig = Rig::start(0);
    let file = rig.file("killed.csv", PAYOUTS);
    slow(&rig);
    for sent in [5, 15] {
        let mut command = rig.payouts("run");
        command
            .arg(&file)
            .args(["--yes", "--haste", "--no-quote", "--store", &rig.store()]);
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while rig.seen("transfer_disbursement") < sent {
            assert!(
                child.try_wait().unwrap().is_none(),
                "it ended before it was killed"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let last = rig.run(&file, &[]);
    assert_eq!(status(&last), 0, "{}", text(&last));
    assert_paid_once(&rig, "killed.report.csv");
}

#[test]
fn two_runs_at_once_pay_once() {
    let rig = Rig::start(0);
    let file = rig.file("twice.csv", PAYOUTS);
    slow(&rig);
    let runs = ["one.csv", "two.csv"].map(|report| {
        let mut command = rig.payouts("run");
        command
            .arg(&file)
            .args(["--yes", "--haste", "--no-quote", "--store", &rig.store()]);
        command.arg("--report").arg(rig.path(report));
        command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    });
    for run in runs {
        let output = run.wait_with_output().unwrap();
        assert_eq!(status(&output), 0, "{}", text(&output));
    }
    assert_eq!(rig.seen("transfer_disbursement"), PAYOUTS);
    assert_paid_once(&rig, "one.csv");
    assert_paid_once(&rig, "two.csv");
}

#[cfg(unix)]
#[test]
fn who_is_asked_to_stop_reports_what_is_open() {
    let rig = Rig::start(0);
    let file = rig.file("stopped.csv", PAYOUTS);
    slow(&rig);
    let mut command = rig.payouts("run");
    command.arg(&file).args([
        "--yes",
        "--haste",
        "--no-quote",
        "--at-once",
        "2",
        "--store",
        &rig.store(),
    ]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while rig.seen("transfer_disbursement") < 3 {
        std::thread::sleep(Duration::from_millis(5));
    }
    let pid = child.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .arg(pid)
            .status()
            .unwrap()
            .success()
    );
    let output = child.wait_with_output().unwrap();
    assert_eq!(status(&output), 8, "{}", text(&output));
    let open = rig
        .report("stopped.report.csv")
        .into_iter()
        .filter(|row| row["end"] == "open")
        .count();
    assert!((1..PAYOUTS).contains(&open), "{open}");
    // What was on its way was waited for.
    assert_eq!(
        rig.report("stopped.report.csv")
            .iter()
            .filter(|row| row["state"] == "sending")
            .count(),
        0
    );
}
