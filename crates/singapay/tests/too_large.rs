//! Answers that are refused before they are parsed.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use singapay::{Delivery, ErrorKind, MoneyOutPolicy, Outcome, types};
use support::{Script, answer, payout};

/// A hundred kilobytes that would take ten megabytes.
fn bomb() -> String {
    let objects = r#"{"":0},"#.repeat(15_000);
    format!(r#"{{"response_code":"SP000","success":true,"data":{{"x":[{objects}0]}}}}"#)
}

#[tokio::test]
async fn a_payout_whose_answer_is_too_large_is_unknown_and_sent_once() {
    for body in [bomb(), format!(r#"{{"x":"{}"}}"#, "x".repeat(200_000))] {
        for status in [200, 422] {
            let script = Script::new(vec![answer(status, &body); 2]);
            let handle = script.client().money_out(MoneyOutPolicy::new()).unwrap();
            let Ok(Outcome::Unknown(unresolved)) = payout(&handle).send().await else {
                panic!("{status}");
            };
            assert_eq!(unresolved.error().kind(), ErrorKind::Decode);
            assert_eq!(unresolved.error().delivery(), Delivery::MaybeSent);
            assert_eq!(script.count(), 1);
        }
    }
}

#[tokio::test]
async fn a_read_and_a_token_whose_answers_are_too_large_fail() {
    let script = Script::new([answer(200, bomb())]);
    let error = script.client().qris().get(1).send().await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Decode);
    for status in [200, 401] {
        let script = Script::default().tokens([answer(status, bomb())]);
        let error = script.client().qris().get(1).send().await;
        assert_eq!(error.unwrap_err().delivery(), Delivery::NotSent);
        assert_eq!((script.token_requests(), script.count()), (1, 0));
    }
}

/// The estimate of what a page takes counts a kilobyte for the structure of a row.
#[test]
fn a_row_is_no_larger_than_estimated() {
    macro_rules! sizes {
        ($($row:ident)*) => { [$((stringify!($row), size_of::<types::$row>())),*] };
    }
    for (row, size) in sizes![Account AccountTransfer BillTransactionRow CardlessWithdrawal
        DisbursementRecord EwalletTransaction PaymentLinkHistory PaymentLinkV1 QrisTransaction
        Statement VaTransaction VirtualAccount]
    {
        assert!(size <= 1100, "{row}: {size}");
    }
}
