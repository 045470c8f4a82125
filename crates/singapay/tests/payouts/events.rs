//! What an event does to a payout.

use serde_json::json;
use singapay::{
    Clock, PayoutError, PayoutLimits, PayoutState, PersonReason, Rupiah, Timer,
    webhook::{VerifiedEvent, sign_delivery},
};

use crate::{
    bench::Bench,
    support::bank::{Way, view},
};

fn delivery(bench: &Bench, body: &serde_json::Value) -> VerifiedEvent {
    let secret = singapay::Secret::new("secret");
    let signed = sign_delivery(
        &secret,
        "client",
        "/hooks",
        body.to_string(),
        bench.time.now(),
    );
    let signed = signed.unwrap();
    let receiver = bench.client.webhook_receiver("/hooks").unwrap();
    receiver.receive(&signed.headers, signed.body).unwrap()
}

#[tokio::test(start_paused = true)]
async fn webhooks_feed_the_same_machine() {
    let bench = Bench::new([Way::AnswerLost]);
    let flow = bench.flow();
    let _ = flow.submit(bench.transfer("R-1", 10_000)).await.unwrap();
    let step = flow.advance("R-1").await.unwrap();
    assert_eq!(step.state(), PayoutState::Unknown);
    let body = bench.bank.lock().transfers[0].body.clone();
    let event = |body: &serde_json::Value| {
        let data = view(body, "00");
        json!({"response_code": "SP000", "event": "disbursement", "data": data})
    };
    // About another payout of the same reference, in another account perhaps.
    let mut other = body.clone();
    other["amount"] = json!(99_000);
    let step = flow
        .observe(&delivery(&bench, &event(&other)))
        .await
        .unwrap();
    assert_eq!(step.unwrap().state(), PayoutState::Unknown);
    let step = flow
        .observe(&delivery(&bench, &event(&body)))
        .await
        .unwrap();
    assert_eq!(step.unwrap().state(), PayoutState::Paid);
    assert_eq!(bench.bank.lock().inquiries, 0);
    let mut unknown = body.clone();
    unknown["reference_number"] = json!("R-9");
    let step = flow.observe(&delivery(&bench, &event(&unknown))).await;
    assert!(step.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn what_an_event_speaks_against_is_asked_about_before_anything_is_done() {
    let bench = Bench::new([Way::Lost]);
    let flow = bench.flow();
    let _ = flow.submit(bench.transfer("R-1", 10_000)).await.unwrap();
    let step = flow.advance("R-1").await.unwrap();
    assert_eq!(step.state(), PayoutState::Unknown);
    let mut step = flow.advance("R-1").await.unwrap();
    while step.state() == PayoutState::Unknown {
        let pause = step.next_at().unwrap().since(bench.time.now());
        bench.time.sleep(pause).await;
        step = flow.advance("R-1").await.unwrap();
    }
    assert_eq!(step.state(), PayoutState::Absent);
    // Another amount: nobody knows what that is, but something is there.
    let told = json!({
        "reference_number": "R-1", "amount": 99_000, "bank_code": "002",
        "bank_account_number": "1234567890",
    });
    let event = |code: &str| {
        let data = view(&told, code);
        json!({"response_code": "SP000", "event": "disbursement", "data": data})
    };
    let step = flow.observe(&delivery(&bench, &event("00"))).await.unwrap();
    let record = step.unwrap().record;
    assert_eq!(record.state, PayoutState::Unknown);
    assert_eq!(record.progress.absence.inquiries, 0);
    let _ = flow.advance("R-1").await.unwrap();
    assert_eq!(
        bench.bank.lock().sent.len(),
        1,
        "nothing is sent before it is asked about"
    );
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_an_event_tells_is_asked_about() {
    let bench = Bench::new([Way::AnswerLost]);
    let flow = bench.flow();
    let _ = flow.submit(bench.transfer("R-1", 10_000)).await.unwrap();
    let _ = flow.advance("R-1").await.unwrap();
    // Of another account, where the same reference failed.
    let data = view(&bench.bank.lock().transfers[0].body, "06");
    let failed = json!({"response_code": "SP001", "event": "disbursement", "data": data});
    let step = flow.observe(&delivery(&bench, &failed)).await.unwrap();
    assert_eq!(step.unwrap().state(), PayoutState::Unknown);
    let step = flow.run("R-1").await.unwrap();
    assert_eq!(step.state(), PayoutState::Paid);
    let step = flow.observe(&delivery(&bench, &failed)).await.unwrap();
    assert_eq!(step.unwrap().state(), PayoutState::Accepted);
    let step = flow.run("R-1").await.unwrap();
    assert_eq!(step.state(), PayoutState::Paid);
}

#[tokio::test(start_paused = true)]
async fn money_that_left_after_all_counts_again() {
    let bench = Bench::new([]);
    let limits = PayoutLimits::new(Rupiah::new(0)).per_day(Rupiah::new(20_000));
    let flow = bench.flow().with_limits(limits);
    let _ = flow.submit(bench.transfer("R-1", 10_000)).await.unwrap();
    assert_eq!(bench.used().await, 10_000);
    let _ = flow.abandon("R-1", "Budi").await.unwrap();
    assert_eq!(bench.used().await, 0);
    let told = json!({
        "reference_number": "R-1", "amount": 10_000, "bank_code": "002",
        "bank_account_number": "1234567890",
    });
    let event =
        json!({"response_code": "SP000", "event": "disbursement", "data": view(&told, "00")});
    for _ in 0..2 {
        let step = flow.observe(&delivery(&bench, &event)).await.unwrap();
        let record = step.unwrap().record;
        assert_eq!(record.state, PayoutState::NeedsPerson);
        assert_eq!(record.progress.person, Some(PersonReason::Contradiction));
        assert!(bench.used().await >= 10_000, "{}", bench.used().await);
    }
    let more = flow.submit(bench.transfer("R-2", 10_001)).await;
    assert!(matches!(more, Err(PayoutError::OverLimit(_))), "{more:?}");
}
