//! What stands between a slip of the hand and the money, or the record of it.

use serde_json::{Value, json};

use crate::rig::{Rig, status, text};

const EYES: &str = "reference,operation,amount,bank_code,bank_account_number\n\
                    E-1,transfer_disbursement,10000,BCA,1000123456\n\
                    E-2,transfer_disbursement,90000,BCA,1000123456\n";

#[test]
fn what_is_stored_and_not_sent_is_counted_and_asked_about() {
    let rig = Rig::start(0);
    let file = rig.write("eyes.csv", EYES);
    let limit = ["--approve-above", "50000", "--by", "Rina"];
    assert_eq!(status(&rig.run(&file, &limit)), 7);
    let ask = |more: &[&str]| {
        let mut command = rig.payouts("run");
        command
            .arg(&file)
            .args(["--haste", "--store", &rig.store()]);
        command.args(limit).args(more).output().unwrap()
    };
    let dry = |rig: &Rig| -> Value {
        let output = rig.run(&file, &[&limit[..], &["--dry-run", "--json"]].concat());
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let counts = |told: &Value| {
        ["to_pay", "sum", "needs_approval", "needs_approval_sum"].map(|name| told[name].clone())
    };
    assert_eq!(
        counts(&dry(&rig)),
        [json!(0), json!(0), json!(1), json!(90_000)]
    );
    let waits = ask(&[]);
    assert_eq!(status(&waits), 7, "{}", text(&waits));
    assert!(text(&waits).contains("needs approval         1  90,000 rupiah"));
    let mut approve = rig.payouts("approve");
    approve.args(["E-2", "--by", "Budi", "--store", &rig.store()]);
    assert_eq!(status(&approve.output().unwrap()), 0);
    // Nobody says yes: nothing is sent.
    let asked = ask(&[]);
    assert_eq!(status(&asked), 6, "{}", text(&asked));
    assert!(
        text(&asked).contains("to pay                 1  90,000 rupiah"),
        "{}",
        text(&asked)
    );
    assert_eq!(rig.seen("transfer_disbursement"), 1);
    assert_eq!(
        counts(&dry(&rig)),
        [json!(1), json!(90_000), json!(0), json!(0)]
    );
    assert_eq!(status(&rig.run(&file, &limit)), 0);
    // All are paid: there is nothing to ask about.
    let again = ask(&[]);
    assert_eq!(status(&again), 0, "{}", text(&again));
}

#[test]
fn a_report_never_replaces_the_store_or_the_file() {
    let rig = Rig::start(0);
    let file = rig.file("pay.csv", 1);
    let linked = rig.path("linked.csv");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&file, &linked).unwrap();
    let before = std::fs::read(&file).unwrap();
    let inner = rig.path("inner");
    std::fs::create_dir(&inner).unwrap();
    for report in [
        file.clone(),
        inner.join("../pay.csv"),
        linked,
        inner.clone(),
        rig.path("none/report.csv"),
        rig.path("payouts.db"),
        rig.path("payouts.db-wal"),
        rig.path("payouts.db-shm"),
        inner.join("../PAYOUTS.db"),
    ] {
        let refused = rig.run(&file, &["--report", report.to_str().unwrap()]);
        assert_eq!(status(&refused), 2, "{report:?}: {}", text(&refused));
        assert_eq!(std::fs::read(&file).unwrap(), before);
        assert!(!rig.path("payouts.db").exists());
    }
    // The name that is taken without one.
    let store = format!("sqlite://{}", rig.path("pay.report.csv").display());
    let mut command = rig.payouts("run");
    command.arg(&file).args(["--yes", "--store", &store]);
    assert_eq!(status(&command.output().unwrap()), 2);
    assert_eq!(rig.seen("transfer_disbursement"), 0);
}
