//! Payouts that outlive the program, on virtual time.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bench;
mod decisions;
mod events;
#[path = "../support/mod.rs"]
mod support;

use std::{sync::Arc, time::Duration};

use bench::{Bench, client};
use serde_json::json;
use singapay::{
    Clock, MoneyOutPolicy, PayoutError, PayoutLimits, PayoutState, Payouts, PersonReason, Rupiah,
    types::{EwalletCode, PrepaidPaymentCommand},
};
use support::{
    ACCOUNT,
    bank::{Bank, Way},
};

#[tokio::test(start_paused = true)]
async fn a_payout_is_submitted_advanced_and_done() {
    let bench = Bench::new([]);
    let flow = bench.flow();
    let step = flow.submit(bench.transfer("R-1", 10_000)).await.unwrap();
    assert_eq!(step.state(), PayoutState::Stored);
    assert!(bench.bank.lock().sent.is_empty());
    let step = flow.advance("R-1").await.unwrap();
    assert_eq!(step.state(), PayoutState::Accepted);
    assert_eq!(step.answer.unwrap()["transaction_id"], "T1");
    let step = flow.run("R-1").await.unwrap();
    assert_eq!(step.state(), PayoutState::Paid);
    assert_eq!(step.record.progress.gross, Some(Rupiah::new(11_000)));
    // One call, one inquiry, four transactions.
    let told = |bank: &Bank| (bank.sent.len(), bank.inquiries);
    assert_eq!(told(&bench.bank.lock()), (1, 1));
    let steps = flow.history("R-1").await.unwrap();
    let states: Vec<_> = steps.iter().map(|step| step.state.as_str()).collect();
    assert_eq!(states, ["stored", "sending", "accepted", "paid"]);
    assert_eq!(
        flow.advance("R-1").await.unwrap().state(),
        PayoutState::Paid
    );
}

#[tokio::test(start_paused = true)]
async fn what_was_stored_is_what_is_sent() {
    let bench = Bench::new([]);
    let flow = bench.flow();
    let step = flow.submit(bench.transfer("R-1", 10_000)).await.unwrap();
    let _ = flow.run("R-1").await.unwrap();
    assert_eq!(bench.bank.lock().sent[0], step.record.facts.body.as_bytes());
}

#[tokio::test(start_paused = true)]
async fn a_reference_stands_for_one_payout() {
    let bench = Bench::new([]);
    let flow = bench.flow();
    let _ = flow.submit(bench.transfer("R-1", 10_000)).await.unwrap();
    let _ = flow.run("R-1").await.unwrap();
    let again = flow.submit(bench.transfer("R-1", 10_000)).await.unwrap();
    assert_eq!(again.state(), PayoutState::Paid);
    let other = bench.transfer("R-1", 20_000).bank_code("014");
    match flow.submit(other).await {
        Err(PayoutError::OtherFacts(names)) => assert_eq!(names, ["amount", "bank"]),
        other => panic!("{other:?}"),
    }
    let notes = bench.transfer("R-1", 10_000).notes("x");
    match flow.submit(notes).await {
        Err(PayoutError::OtherFacts(names)) => assert_eq!(names, ["body"]),
        other => panic!("{other:?}"),
    }
    assert_eq!(bench.bank.lock().transfers.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_incomplete_payout_is_not_stored() {
    let bench = Bench::new([]);
    let flow = bench.flow();
    let incomplete = bench.handle.transfer_disbursement().reference_number("R-1");
    let refused = flow.submit(incomplete).await.unwrap_err();
    assert!(matches!(refused, PayoutError::Request(_)), "{refused}");
    assert!(matches!(flow.get("R-1").await, Err(PayoutError::NotFound)));
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_asked_about_and_never_sent_again() {
    let bench = Bench::new([Way::AnswerLost]);
    let flow = bench.flow();
    let _ = flow.submit(bench.transfer("R-1", 10_000)).await.unwrap();
    let step = flow.run("R-1").await.unwrap();
    assert_eq!(step.state(), PayoutState::Paid);
    assert_eq!(bench.bank.lock().sent.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_never_arrived_is_sent_again_with_the_same_bytes() {
    let bench = Bench::new([Way::Lost]);
    let flow = bench.flow();
    let _ = flow.submit(bench.transfer("R-1", 10_000)).await.unwrap();
    let step = flow.run("R-1").await.unwrap();
    assert_eq!(step.state(), PayoutState::Paid);
    let bank = bench.bank.lock();
    assert_eq!((bank.sent.len(), bank.transfers.len()), (2, 1));
    assert_eq!(bank.sent[0], bank.sent[1]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_again_late_or_where_that_is_switched_off() {
    // The second send is lost too, and after it there is no time for a third.
    let bench = Bench::new([Way::Lost, Way::Lost, Way::Lost, Way::Lost]);
    bench.submit("R-1", 10_000).await;
    let step = bench.flow().run("R-1").await.unwrap();
    assert_eq!(step.state(), PayoutState::NeedsPerson);
    assert_eq!(step.record.progress.person, Some(PersonReason::Absent));
    assert_eq!(bench.bank.lock().sent.len(), 3);

    let bench = Bench::new([Way::Lost]);
    let flow = bench.flow().without_sending_again();
    let _ = flow.submit(bench.transfer("R-1", 10_000)).await.unwrap();
    let step = flow.run("R-1").await.unwrap();
    assert_eq!(step.state(), PayoutState::NeedsPerson);
    assert_eq!(bench.bank.lock().sent.len(), 1);
    // A person decides; its share comes back.
    let step = flow.abandon("R-1", "Rina").await.unwrap();
    assert_eq!(step.state(), PayoutState::Abandoned);
}

#[tokio::test(start_paused = true)]
async fn a_wallet_has_a_day_and_an_account_transfer_never() {
    let bench = Bench::new(std::iter::repeat_n(Way::Lost, 200));
    let flow = bench.flow();
    let topup = bench.handle.topup_ewallet().account_id(ACCOUNT);
    let topup = topup
        .reference_number("R-1")
        .ewallet_code(EwalletCode::Dana)
        .customer_number("081200000001")
        .amount(singapay::Money::idr(Rupiah::new(10_000)));
    let _ = flow.submit(topup).await.unwrap();
    let started = bench.time.now();
    let step = flow.run("R-1").await.unwrap();
    assert_eq!(step.state(), PayoutState::NeedsPerson);
    let last = bench.time.now().since(started);
    assert!(last > Duration::from_secs(23 * 3600), "{last:?}");
    let sent = bench.bank.lock().sent.len();
    assert!(sent > 60, "{sent}");
}

#[tokio::test(start_paused = true)]
async fn what_is_proven_not_sent_is_tried_again() {
    let bench = Bench::new([Way::NotConnected, Way::NotConnected]);
    let flow = bench.flow();
    let _ = flow.submit(bench.transfer("R-1", 10_000)).await.unwrap();
    let step = flow.advance("R-1").await.unwrap();
    assert_eq!(step.state(), PayoutState::Stored);
    assert_eq!(step.record.progress.first_sent_at, None);
    let step = flow.run("R-1").await.unwrap();
    assert_eq!(step.state(), PayoutState::Paid);
    assert_eq!(bench.bank.lock().sent.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn refusals_end_it_and_two_of_them_are_asked_about_first() {
    for (code, inquiries) in [("SP010", 0), ("SP003", 1), ("SP006", 1)] {
        let bench = Bench::new([Way::Refused(code)]);
        let limits = PayoutLimits::new(Rupiah::new(2_000)).per_day(Rupiah::new(50_000));
        let flow = bench.flow().with_limits(limits);
        let _ = flow.submit(bench.transfer("R-1", 10_000)).await.unwrap();
        assert_eq!(bench.used().await, 12_000);
        let step = flow.run("R-1").await.unwrap();
        assert_eq!(step.state(), PayoutState::Refused, "{code}");
        assert_eq!(bench.bank.lock().inquiries, inquiries, "{code}");
        assert_eq!(bench.used().await, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn another_payout_under_the_reference_is_for_a_person() {
    let bench = Bench::new([]);
    let other = json!({
        "reference_number": "R-1", "amount": 99_000, "bank_code": "002",
        "bank_account_number": "1234567890",
    });
    let _ = bench.bank.lock().arrive(&other);
    let flow = bench.flow();
    let _ = flow.submit(bench.transfer("R-1", 10_000)).await.unwrap();
    let step = flow.run("R-1").await.unwrap();
    assert_eq!(step.state(), PayoutState::NeedsPerson);
    assert_eq!(step.record.progress.person, Some(PersonReason::Conflict));
    assert_eq!(
        flow.advance("R-1").await.unwrap().state(),
        PayoutState::NeedsPerson
    );
}

#[tokio::test(start_paused = true)]
async fn another_client_is_refused() {
    let bench = Bench::new([]);
    bench.submit("R-1", 10_000).await;
    let other = client(&bench.bank, &bench.time, "another-partner");
    let other = other.money_out(MoneyOutPolicy::new()).unwrap();
    let flow = Payouts::new(&other, Arc::clone(&bench.store));
    let refused = flow.advance("R-1").await.unwrap_err();
    assert!(matches!(refused, PayoutError::OtherClient("credential")));
    assert!(bench.bank.lock().sent.is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_password_of_a_bill_is_not_stored() {
    let bench = Bench::new([Way::Lost]);
    let bill = || {
        let call = bench.handle.pay_prepaid();
        call.command(PrepaidPaymentCommand::Plntok)
            .customer_id("081200000001")
            .password("canary-password")
            .product_code("PLN20")
            .reference_number("B-1")
    };
    let flow = bench.flow();
    let unnamed = flow.submit(bill()).await;
    assert!(matches!(unnamed, Err(PayoutError::Request(_))));
    let step = flow.submit(bill()).reference("R-1").await.unwrap();
    assert!(!step.record.facts.body.contains("canary"));
    assert!(matches!(
        flow.advance("R-1").await,
        Err(PayoutError::OtherClient(_))
    ));
    let flow = flow.with_biller_password("canary-password");
    let _ = flow.advance("R-1").await;
    let sent = bench.bank.lock().sent[0].clone();
    assert!(
        std::str::from_utf8(&sent)
            .unwrap()
            .contains("canary-password")
    );
}
