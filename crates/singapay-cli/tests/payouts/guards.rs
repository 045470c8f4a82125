//! What stands between a slip of the hand and the money, or the record of it.

use std::{
    io::{Read, Write},
    process::Stdio,
};

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

#[test]
fn a_report_that_cannot_be_written_is_left_to_a_person() {
    let rig = Rig::start(0);
    let file = rig.file("pay.csv", 1);
    // Longer than a name may be, once the report is on its way.
    let report = rig.path(&"r".repeat(250));
    let ran = rig.run(&file, &["--report", report.to_str().unwrap()]);
    assert_eq!(status(&ran), 7, "{}", text(&ran));
    assert!(text(&ran).contains("cannot be written"), "{}", text(&ran));
    assert_eq!(rig.seen("transfer_disbursement"), 1);
}

#[test]
fn the_second_person_sees_what_is_approved_and_where_the_file_differs() {
    let rig = Rig::start(0);
    let other = rig.told["accounts"][1]["number"].as_str().unwrap();
    let all = format!(
        "reference,operation,amount,bank_code,bank_account_number,ewallet_code,customer_number,\
         beneficiary_account_number,notes,account_id\n\
         E-1,transfer_disbursement,90000,BCA,1000123456,,,,for May,{}\n\
         E-2,topup_ewallet,20000,,,ovo,081200000001,,,\n\
         E-3,transfer_between_accounts,30000,,,,,{other},,\n",
        rig.told["account_id"].as_str().unwrap(),
    );
    let file = rig.write("all.csv", &all);
    let limit = ["--approve-above", "1", "--by", "Rina"];
    assert_eq!(status(&rig.run(&file, &limit)), 7);
    let verb = |verb: &str, more: &[&str]| {
        let mut command = rig.payouts(verb);
        // Who looks and approves needs no settings of the gateway.
        command.args(["--store", &rig.store()]).args(more);
        command.env_clear().output().unwrap()
    };
    let path = file.to_str().unwrap();
    let same = verb("status", &[path]);
    assert!(!text(&same).contains("differs"), "{}", text(&same));
    for (from, to, reference, column) in [
        ("90000,BCA", "90001,BCA", "E-1", "amount"),
        ("BCA,1000123456", "BRI,1000123456", "E-1", "bank_code"),
        ("1000123456", "1000123457", "E-1", "bank_account_number"),
        (",for May,", ",,", "E-1", "notes"),
        ("ovo", "dana", "E-2", "ewallet_code"),
        ("081200000001", "081200000002", "E-2", "customer_number"),
        (other, "1", "E-3", "beneficiary_account_number"),
        (
            rig.told["account_id"].as_str().unwrap(),
            "X",
            "E-1",
            "account_id",
        ),
    ] {
        let changed = rig.write("changed.csv", &all.replace(from, to));
        let shown = verb("status", &[changed.to_str().unwrap()]);
        assert_eq!(status(&shown), 7);
        let told = text(&shown);
        assert_eq!(told.matches("differs: ").count(), 1, "{told}");
        assert!(told.contains(&format!("differs: {column}\n")), "{told}");
        let path = changed.to_str().unwrap();
        let one = [reference, "--by", "Budi", "--json", "--file", path];
        let refused = verb("approve", &one);
        assert_eq!(status(&refused), 1, "{}", text(&refused));
        assert!(text(&refused).contains(column), "{}", text(&refused));
    }
    let shown = verb("status", &["--reference", "E-1"]);
    let facts = "transfer_disbursement  90,000 rupiah";
    assert!(text(&shown).contains(facts), "{}", text(&shown));
    assert!(text(&shown).contains("to 014 *3456"), "{}", text(&shown));
    let good = ["E-1", "E-2", "E-3", "--by", "Budi", "--file", path];
    let approved = verb("approve", &good);
    assert_eq!(status(&approved), 0, "{}", text(&approved));
    for end in ["to 014 *3456", "to OVO *0001"] {
        assert!(text(&approved).contains(end), "{}", text(&approved));
    }
    assert!(!text(&approved).contains("1000123456"));
    let shown = verb("status", &["--reference", "E-1"]);
    for who in ["submitted by Rina", "approved by Budi"] {
        assert!(text(&shown).contains(who), "{}", text(&shown));
    }
    assert_eq!(
        status(&verb("approve", &["E-9", "--by", "Budi", "--file", path])),
        1
    );
}

#[test]
fn what_is_approved_while_a_person_is_asked_was_not_said_yes_to() {
    let rig = Rig::start(0);
    let limit = ["--approve-above", "50000", "--by", "Rina"];
    let file = rig.write("eyes.csv", EYES);
    assert_eq!(status(&rig.run(&file, &limit)), 7);
    let more = format!("{EYES}E-3,transfer_disbursement,10000,BCA,1000123456\n");
    let file = rig.write("eyes.csv", &more);
    let mut command = rig.payouts("run");
    command
        .arg(&file)
        .args(["--haste", "--store", &rig.store()]);
    command.args(limit).stdin(Stdio::piped());
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut asked = Vec::new();
    let mut said = child.stderr.take().unwrap();
    while !asked.ends_with(b"go on: ") {
        let mut byte = [0];
        said.read_exact(&mut byte).unwrap();
        asked.push(byte[0]);
    }
    let mut approve = rig.payouts("approve");
    approve.args(["E-2", "--by", "Budi", "--store", &rig.store()]);
    assert_eq!(status(&approve.output().unwrap()), 0);
    child.stdin.take().unwrap().write_all(b"yes\n").unwrap();
    // E-2 is open, and sent by the next run.
    assert_eq!(child.wait().unwrap().code(), Some(8));
    assert_eq!(rig.seen("transfer_disbursement"), 2);
    assert_eq!(status(&rig.run(&file, &limit)), 0);
    assert_eq!(rig.seen("transfer_disbursement"), 3);
}
