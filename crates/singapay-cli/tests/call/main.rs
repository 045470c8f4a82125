//! `singapay call` against a sandbox.

#![cfg(feature = "call")]
#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;
mod operations;
mod payouts;

use std::collections::BTreeSet;

use common::{Desk, Ran};
use singapay_sandbox::{Fault, FaultAction, FaultPoint};

const QR: &str = "qr_data=00020101021126240011ID.CO.DEMO.0105123455204581253033605802ID5908Toko ABC6007Jakarta6304ABCD";
const PHONE: &str = "081200000001";
const LINK: [&str; 2] = ["payment_link_type=total", "total_amount=50000"];
const ACCOUNT: &str = "bank_account_number=1000000000";

/// A transfer of 10,000 rupiah, without its reference.
const TRANSFER: [&str; 6] = [
    "call",
    "disbursements",
    "transfer_disbursement",
    "bank_code=014",
    ACCOUNT,
    "amount=10000",
];

/// Permission to pay it.
const PAY: [&str; 3] = ["--pay-out", "--max-amount", "10000"];

#[tokio::test(flavor = "multi_thread")]
async fn each_end_has_its_status() {
    let mut desk = Desk::new().await;
    let pay = |desk: &Desk, reference: &str| {
        let reference = format!("reference_number={reference}");
        let rest = [&reference[..], "--yes", "--json"];
        desk.run(&[&TRANSFER[..], &PAY, &rest].concat())
    };
    let fault = |desk: &Desk, id| {
        let fault = Fault::new(FaultPoint::AfterCommit, FaultAction::Reset).on(id);
        desk.sandbox.add_fault(fault).unwrap();
    };
    fault(&desk, "transfer_disbursement");
    let unknown = pay(&desk, "A-1");
    assert_eq!(
        (unknown.status, &unknown.json()["outcome"]),
        (3, &"unknown".into()),
        "{unknown:?}"
    );
    assert_eq!(unknown.json()["inquiry"], "get_disbursement_status");
    assert_eq!(unknown.json()["reference"], "A-1");
    assert_eq!(pay(&desk, "A-1").status, 4);
    let link = [
        &["call", "payment_links", "create", "reff_no=L-0"][..],
        &LINK,
    ]
    .concat();
    assert_eq!(desk.run(&link).status, 0);
    let again = desk.run(&link);
    let help = desk.run(&["call", "--help"]).out;
    assert!(
        again.status == 1 && help.contains("as of payment links (reff_no)"),
        "{again:?} {help}"
    );
    fault(&desk, "create_payment_link");
    let link = [
        &["call", "payment_links", "create", "reff_no=L-1"][..],
        &LINK,
    ]
    .concat();
    let unknown = desk.run(&link);
    assert!(
        unknown.status == 3 && unknown.err.contains("it may have taken effect"),
        "{unknown:?}"
    );
    let nobody = desk.run(&["call", "payment_links", "get", "payment_link_id=999"]);
    assert_eq!(nobody.status, 1, "{nobody:?}");
    let args = [
        "call",
        "disbursements",
        "check_fee",
        "amount=x",
        "nonsense=1",
        "bank_swift_code=",
        "plain",
        "--json",
    ];
    let wrong = desk.run(&args);
    assert_eq!(wrong.status, 2, "{wrong:?}");
    let answer = wrong.json();
    let fields: BTreeSet<&str> = answer["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        fields,
        BTreeSet::from(["amount", "nonsense", "bank_swift_code", "plain"]),
        "{wrong:?}"
    );
    assert_eq!(desk.run(&["call", "nonsense", "x"]).status, 2);
    assert_eq!(desk.run(&["call", "accounts", "nonsense"]).status, 2);
    assert_eq!(
        desk.run(&["call", "balances", "merchant", "--all"]).status,
        2
    );
    desk.set("SINGAPAY_BASE_URL", Some("http://127.0.0.1:9"));
    let unreachable = desk.run(&["call", "balances", "merchant"]);
    assert_eq!(unreachable.status, 5, "{unreachable:?}");
    desk.set("SINGAPAY_CLIENT_SECRET", None);
    desk.set("SINGAPAY_PARTNER_ID", Some(""));
    let unset = desk.run(&["call", "balances", "merchant"]);
    assert_eq!(unset.status, 2, "{unset:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_shows_what_would_go_out_without_secrets() {
    let desk = Desk::new().await;
    let rest = ["reference_number=P-1", "--dry-run", "--json"];
    let ran = desk.run(&[&TRANSFER[..], &rest].concat());
    let request = ran.json();
    assert_eq!(request["method"], "POST");
    let url = format!("{}/api/v2.0/disbursement/transfer", desk.sandbox.base_url());
    assert_eq!(request["url"], url.as_str());
    assert_eq!(request["body"]["amount"], 10_000);
    assert_eq!(request["body"]["account_id"], desk.sandbox.account_id());
    for header in ["authorization", "x-signature", "x-partner-id"] {
        assert_eq!(request["headers"][header], "(hidden)");
    }
    let card = [
        "call",
        "direct_debits",
        "bind",
        "phone_no=081200000001",
        "bank_code=008",
        "customer_ref=cust1",
        "--dry-run",
    ];
    let ran = desk.run(&card);
    assert!(ran.status == 0 && ran.out.contains("(hidden)"), "{ran:?}");
    let token = desk.run(&["call", "tokens", "create", "--dry-run", "--json"]);
    assert!(
        token.json()["url"]
            .as_str()
            .unwrap()
            .contains("/access-token/"),
        "{token:?}"
    );
    assert!(desk.sandbox.requests().is_empty());
    desk.assert_clean(&[PHONE, &desk.sandbox.credentials().partner_id]);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_pages_are_read_and_shown_as_a_table() {
    let desk = Desk::new().await;
    for number in 0..30 {
        let amount = [
            &format!("reff_no=L-{number}")[..],
            "payment_link_type=total",
            "total_amount=50000",
        ]
        .map(str::to_owned);
        let args = [
            &["call".to_owned(), "payment_links".into(), "create".into()][..],
            &amount,
        ]
        .concat();
        assert_eq!(
            desk.run(&args.iter().map(String::as_str).collect::<Vec<_>>())
                .status,
            0
        );
    }
    let one = desk.run(&["call", "payment_links", "list", "--json"]);
    assert_eq!(one.json()["data"].as_array().unwrap().len(), 25);
    let all = desk.run(&["call", "payment_links", "list", "--all"]);
    assert_eq!(all.out.lines().count(), 31, "{all:?}");
    assert!(
        all.out.lines().next().unwrap().contains("reff_no"),
        "{all:?}"
    );
    assert_eq!(all.err, "", "progress is for terminals");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_the_help_work() {
    let desk = Desk::new().await;
    let ran = desk.run_examples(&["call"]);
    assert_eq!(ran.len(), 8);
    for (line, ran) in ran {
        assert_eq!(ran.status, 0, "{line}: {ran:?}");
        assert!(!ran.out.is_empty(), "{line}");
    }
}

#[test]
fn an_operation_tells_its_fields() {
    let output = std::process::Command::new(common::PROGRAM)
        .args(["call", "payment_links", "create", "--describe"])
        .output()
        .unwrap();
    let ran = Ran::of(&output);
    assert!(
        ran.out.contains("* reff_no") && ran.out.contains("Required."),
        "{ran:?}"
    );
}
