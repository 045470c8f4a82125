//! Payouts from files: the command and the gateway as processes of their own.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod guards;
mod killed;
#[cfg(feature = "postgres")]
mod postgres;
mod rig;
mod secrets;

use std::io::Write;

use rig::{AMOUNT, Rig, status, text};
use serde_json::{Value, json};

#[test]
fn a_whole_file_is_paid_once_however_often_it_is_started() {
    let rig = Rig::start(0);
    let other = rig.told["accounts"][1]["number"].as_str().unwrap();
    let file = rig.write(
        "all.csv",
        &format!(
            "reference,operation,amount,bank_code,bank_account_number,ewallet_code,customer_number,\
             beneficiary_account_number\n\
             A-1,transfer_disbursement,10000,BCA,1000123456,,,\n\
             A-2,topup_ewallet,20000,,,ovo,081200000001,\n\
             A-3,transfer_between_accounts,30000,,,,,{other}\n"
        ),
    );
    let first = rig.run(&file, &[]);
    assert_eq!(status(&first), 0, "{}", text(&first));
    let told = text(&first);
    assert!(
        told.contains("to pay                 3  60,000 rupiah"),
        "{told}"
    );
    assert!(told.contains("fee not known          1"), "{told}");
    assert!(
        told.contains("paid                   3  60,000 rupiah"),
        "{told}"
    );
    let rows = rig.report("all.report.csv");
    assert!(
        rows.iter()
            .all(|row| row["end"] == "paid" && row["transaction_id"] != ""),
        "{rows:?}"
    );
    let seen = || {
        [
            "transfer_disbursement",
            "topup_ewallet",
            "transfer_between_accounts",
        ]
        .map(|operation| rig.seen(operation))
    };
    assert_eq!(seen(), [1, 1, 1]);
    let paid = rig.paid_out();
    let second = rig.run(&file, &["--json"]);
    assert_eq!(status(&second), 0, "{}", text(&second));
    let summary: Value = serde_json::from_slice(&second.stdout).unwrap();
    assert_eq!(
        (&summary["paid"], &summary["paid_sum"]),
        (&json!(3), &json!(60_000))
    );
    assert_eq!((seen(), rig.paid_out()), ([1, 1, 1], paid));
    // The same reference with other facts is told before anything is stored.
    let text_of = std::fs::read_to_string(&file).unwrap();
    let file = rig.write("all.csv", &text_of.replace("10000,BCA", "10001,BCA"));
    let changed = rig.run(&file, &[]);
    assert_eq!(status(&changed), 1);
    assert!(
        text(&changed)
            .contains("line 2: the reference stands for a payout with other facts: amount")
    );
}

#[test]
fn nothing_is_stored_where_anything_is_wrong() {
    let rig = Rig::start(0);
    let good = "reference,operation,amount,bank_code,bank_account_number\n\
                A-1,transfer_disbursement,10000,BCA,1000123456\n";
    let file = rig.write(
        "bad.csv",
        &format!(
            "{good}A-2,transfer_disbursement,1.5,BCA,1000123456\n,transfer_disbursement,9,BCA,1000123456\n\
             A-1,send,60000,Bank Nowhere,1.2E+14\nA-4,transfer_disbursement,60000,BCA,\n"
        ),
    );
    let limits = [
        "--max-amount",
        "50000",
        "--max-per-day",
        "70000",
        "--max-fee",
        "5000",
    ];
    let refused = rig.run(&file, &limits);
    assert_eq!(status(&refused), 1);
    let told = text(&refused);
    for problem in [
        "line 3: amount must be whole rupiah",
        "line 4: reference is missing",
        "line 5: reference stands in line 2 already",
        "line 5: operation must be one of",
        "line 6: amount is above the limit of 50000 rupiah",
        "line 6: amount is with its fee, all rows before it and what was paid today above the limit",
        "line 6: bank_account_number ",
    ] {
        assert!(told.contains(problem), "{problem}: {told}");
    }
    let refused = rig.run(&file, &["--json"]);
    let told: Value = serde_json::from_slice(&refused.stdout).unwrap();
    assert_eq!(told["problems"][0]["line"], 3);
    let good = rig.write("good.csv", good);
    for (answer, end) in [("n\n", 6), ("", 6), ("yes\n", 0)] {
        let mut command = rig.payouts("run");
        command
            .arg(&good)
            .args(["--haste", "--store", &rig.store()]);
        let mut child = command
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(answer.as_bytes())
            .unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(end), "{answer}");
        assert_eq!(rig.seen("transfer_disbursement"), usize::from(end == 0));
    }
}

#[test]
fn a_dry_run_stores_nothing() {
    let rig = Rig::start(0);
    let file = rig.file("dry.csv", 3);
    let dry = rig.run(&file, &["--dry-run", "--json"]);
    assert_eq!(status(&dry), 0, "{}", text(&dry));
    let told: Value = serde_json::from_slice(&dry.stdout).unwrap();
    assert_eq!(
        (&told["rows"], &told["sum"], &told["fees_unknown"]),
        (&json!(3), &json!(3 * AMOUNT), &json!(0))
    );
    assert!(told["fees"].as_i64().unwrap() > 0);
    let shown = rig
        .payouts("status")
        .args(["--store", &rig.store(), "--json"])
        .output()
        .unwrap();
    // Not even the file of the store.
    assert_eq!(status(&shown), 2, "{}", text(&shown));
    assert_eq!(rig.seen("transfer_disbursement"), 0);
}

#[test]
fn each_ending_has_its_status() {
    let rig = Rig::start(0);
    let other = rig.told["accounts"][1]["number"]
        .as_str()
        .unwrap()
        .to_owned();
    let row =
        |reference: &str| format!("{reference},transfer_disbursement,{AMOUNT},014,1000123456,\n");
    let between = format!("B-1,transfer_between_accounts,{AMOUNT},,,{other}\n");
    let header =
        "reference,operation,amount,bank_code,bank_account_number,beneficiary_account_number\n";
    rig.fault(
        "transfer_disbursement",
        "F-1",
        "before_commit",
        json!({"wrong_code": "SP010"}),
    );
    let failed = rig.write(
        "failed.csv",
        &format!("{header}{}{}", row("P-1"), row("F-1")),
    );
    let ended = rig.run(&failed, &[]);
    assert_eq!(status(&ended), 9, "{}", text(&ended));
    let rows = rig.report("failed.report.csv");
    assert_eq!(
        (&rows[0]["end"], &rows[1]["end"]),
        (&json!("paid"), &json!("failed"))
    );
    assert_eq!(rows[1]["state"], "refused");
    assert!(
        rows[1]["reason"].as_str().unwrap().contains("SP010"),
        "{rows:?}"
    );

    // Never sent again, so a person is told.
    rig.fault(
        "transfer_between_accounts",
        "B-1",
        "before_commit",
        json!("reset"),
    );
    let person = rig.write(
        "person.csv",
        &format!("{header}{}{}{between}", row("P-1"), row("F-1")),
    );
    let ended = rig.run(&person, &[]);
    assert_eq!(status(&ended), 7, "{}", text(&ended));
    assert_eq!(rig.report("person.report.csv")[2]["state"], "needs_person");
    let shown = rig
        .payouts("status")
        .arg(&person)
        .args(["--store", &rig.store()])
        .output()
        .unwrap();
    assert_eq!(status(&shown), 7, "{}", text(&shown));
    let abandoned = rig
        .payouts("abandon")
        .args(["B-1", "--by", "Budi", "--store", &rig.store()])
        .output()
        .unwrap();
    assert_eq!(status(&abandoned), 0, "{}", text(&abandoned));
    assert_eq!(status(&rig.run(&person, &[])), 9);

    let slow = Rig::start(3600);
    let open = slow.write("open.csv", &format!("{header}{}", row("P-1")));
    let ended = slow.run(&open, &["--wait", "1"]);
    assert_eq!(status(&ended), 8, "{}", text(&ended));
    assert_eq!(slow.report("open.report.csv")[0]["state"], "accepted");
}

#[test]
fn what_cannot_be_used_has_a_status_of_its_own() {
    let rig = Rig::start(0);
    let file = rig.file("good.csv", 1);
    let with = |store: &str| {
        let mut command = rig.payouts("run");
        command.arg(&file).args(["--yes", "--store", store]);
        command
    };
    for store in [
        "mysql://x/y",
        "sqlite://",
        "sqlite:///no/such/folder/x.db",
        "postgres://pay:word@127.0.0.1:9/x",
    ] {
        assert_eq!(status(&with(store).output().unwrap()), 2, "{store}");
    }
    assert_eq!(status(&rig.run(&rig.path("none.csv"), &[])), 2);
    assert_eq!(status(&rig.run(&file, &["--max-per-day", "5"])), 2);
    assert_eq!(status(&rig.run(&file, &["--approve-above", "5"])), 2);
    let store = rig.store();
    let mut unset = with(&store);
    assert_eq!(
        status(&unset.env_remove("SINGAPAY_CLIENT_SECRET").output().unwrap()),
        2
    );
    let missing = rig
        .payouts("status")
        .args(["--store", "sqlite://none.db"])
        .output()
        .unwrap();
    assert_eq!(status(&missing), 2);
}

#[test]
fn real_money_leaves_with_a_word_of_its_own_alone() {
    let rig = Rig::start(0);
    let file = rig.file("good.csv", 1);
    let mut command = rig.payouts("run");
    command.arg(&file).args(["--yes", "--store", &rig.store()]);
    command
        .env_remove("SINGAPAY_BASE_URL")
        .env("SINGAPAY_ENVIRONMENT", "production");
    let refused = command.output().unwrap();
    assert_eq!(status(&refused), 1);
    assert!(
        text(&refused).contains("say --allow-production"),
        "{}",
        text(&refused)
    );
    assert!(!rig.path("payouts.db").exists());
    // Short waits and real money exclude each other.
    assert_eq!(status(&rig.run(&file, &["--allow-production"])), 2);
}

#[test]
fn a_second_person_approves() {
    let rig = Rig::start(0);
    let file = rig.write(
        "eyes.csv",
        "reference,operation,amount,bank_code,bank_account_number\n\
         E-1,transfer_disbursement,10000,BCA,1000123456\nE-2,transfer_disbursement,90000,BCA,1000123456\n",
    );
    let submit = ["--approve-above", "50000", "--by", "Rina"];
    let waits = rig.run(&file, &submit);
    assert_eq!(status(&waits), 7, "{}", text(&waits));
    assert_eq!(rig.seen("transfer_disbursement"), 1);
    let shown = rig
        .payouts("status")
        .args(["--store", &rig.store()])
        .output()
        .unwrap();
    assert!(
        text(&shown).contains("E-2  needs_approval  90,000 rupiah"),
        "{}",
        text(&shown)
    );
    let approve = |who: &str| {
        let mut command = rig.payouts("approve");
        command.args(["E-2", "--by", who, "--store", &rig.store()]);
        // Who approves needs no credential of the gateway.
        status(&command.env_clear().output().unwrap())
    };
    assert_eq!(
        (approve(" rina"), approve("Budi"), approve("Budi")),
        (1, 0, 1)
    );
    let paid = rig.run(&file, &submit);
    assert_eq!(status(&paid), 0, "{}", text(&paid));
    assert_eq!(rig.seen("transfer_disbursement"), 2);
    let shown = rig
        .payouts("status")
        .args(["--reference", "E-2", "--json", "--store", &rig.store()])
        .output()
        .unwrap();
    let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
    let states: Vec<_> = shown["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| &step["state"])
        .collect();
    assert_eq!(states, ["needs_approval", "stored", "sending", "paid"]);
}
