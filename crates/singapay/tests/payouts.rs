//! Payouts that outlive the program, on virtual time.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{sync::Arc, time::Duration};

use serde_json::json;
use singapay::{
    BoxFuture, Clock, Inserted, MemoryPayoutStore, MoneyOut, MoneyOutPolicy, PayoutError,
    PayoutEvent, PayoutLimits, PayoutRecord, PayoutState, PayoutStore, Payouts, PersonReason,
    Reserve, RetryPolicy, Rupiah, Singapay, StoreError, Timer, Updated,
    disbursements::TransferDisbursement,
    types::{EwalletCode, PrepaidPaymentCommand},
    webhook::{VerifiedEvent, sign_delivery},
};
use support::{
    ACCOUNT,
    bank::{Bank, FakeBank, Way, view},
    time::PausedTime,
};

struct Bench {
    bank: FakeBank,
    time: PausedTime,
    client: Singapay,
    handle: MoneyOut,
    store: Arc<MemoryPayoutStore>,
}

impl Bench {
    fn new(ways: impl IntoIterator<Item = Way>) -> Self {
        let (bank, time) = (FakeBank::new(ways), PausedTime::new());
        let client = client(&bank, &time, "client");
        Self {
            handle: client.money_out(MoneyOutPolicy::new()).unwrap(),
            store: Arc::default(),
            bank,
            time,
            client,
        }
    }

    fn flow(&self) -> Payouts {
        Payouts::new(&self.handle, Arc::clone(&self.store))
    }

    fn transfer(&self, reference: &str, amount: i64) -> TransferDisbursement {
        let call = self.handle.transfer_disbursement().account_id(ACCOUNT);
        call.reference_number(reference)
            .amount(Rupiah::new(amount))
            .bank_code("002")
            .bank_account_number("1234567890")
    }

    async fn pass(&self, seconds: u64) {
        self.time.sleep(Duration::from_secs(seconds)).await;
    }

    async fn used(&self) -> i64 {
        let day = self.time.now().plus(Duration::from_secs(7 * 3600));
        let day = day.to_string()[..10].to_owned();
        self.store.used(&day, "all").await.unwrap()
    }
}

fn client(bank: &FakeBank, time: &PausedTime, partner: &str) -> Singapay {
    Singapay::builder()
        .base_url("http://127.0.0.1:9")
        .credential(partner, "client", "secret")
        .biller_credential("partner-b", "client-b", "secret-b")
        .account(ACCOUNT)
        .transport(bank.clone())
        .clock(time.clone())
        .timer(time.clone())
        .retry(RetryPolicy::never())
        .build()
        .unwrap()
}

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
    let _ = bench
        .flow()
        .submit(bench.transfer("R-1", 10_000))
        .await
        .unwrap();
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
    let _ = bench
        .flow()
        .submit(bench.transfer("R-1", 10_000))
        .await
        .unwrap();
    let other = client(&bench.bank, &bench.time, "another-partner");
    let other = other.money_out(MoneyOutPolicy::new()).unwrap();
    let flow = Payouts::new(&other, Arc::clone(&bench.store));
    let refused = flow.advance("R-1").await.unwrap_err();
    assert!(matches!(refused, PayoutError::OtherClient("credential")));
    assert!(bench.bank.lock().sent.is_empty());
}

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
async fn limits_count_gross_by_the_day_of_jakarta() {
    let bench = Bench::new([]);
    let limits = PayoutLimits::new(Rupiah::new(2_000))
        .per_call(Rupiah::new(50_000))
        .per_day(Rupiah::new(36_000))
        .per_beneficiary_and_day(Rupiah::new(30_000));
    let flow = bench.flow().with_limits(limits);
    let refused = flow.submit(bench.transfer("R-0", 49_000)).await;
    assert!(
        matches!(refused, Err(PayoutError::Limits(_))),
        "{refused:?}"
    );
    let _ = flow.submit(bench.transfer("R-1", 10_000)).await.unwrap();
    let _ = flow.submit(bench.transfer("R-2", 10_000)).await.unwrap();
    assert_eq!(bench.used().await, 24_000);
    let refused = flow.submit(bench.transfer("R-3", 10_000)).await;
    assert!(
        matches!(refused, Err(PayoutError::OverLimit(_))),
        "{refused:?}"
    );
    let checked = flow
        .submit(bench.transfer("R-3", 10_000))
        .check()
        .await
        .unwrap();
    assert_eq!(checked.len(), 1);
    let another = bench
        .transfer("R-4", 10_000)
        .bank_account_number("9876543210");
    let _ = flow.submit(another).await.unwrap();
    assert_eq!(bench.used().await, 36_000);
    // The true fee counts once it is told.
    let _ = flow.run("R-1").await.unwrap();
    assert_eq!(bench.used().await, 35_000);
    // A payout that was not sent yet counts on the day on which it is.
    let before = bench.used().await;
    bench.pass(24 * 3600).await;
    assert_eq!(bench.used().await, 0);
    let _ = flow.run("R-2").await.unwrap();
    assert_eq!((before, bench.used().await), (35_000, 11_000));
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

#[tokio::test(start_paused = true)]
async fn a_decision_that_another_step_overtook_is_an_error() {
    let bench = Bench::new([]);
    let limits = PayoutLimits::new(Rupiah::new(0)).approval_above(Rupiah::new(9_999));
    let flow = bench.flow().with_limits(limits.clone());
    let submit = flow.submit(bench.transfer("R-1", 10_000)).by("Rina");
    let _ = submit.await.unwrap();
    let late = Overtaken {
        store: Arc::clone(&bench.store),
        by: flow.clone(),
    };
    let late = Payouts::new(&bench.handle, late).with_limits(limits);
    let refused = late.approve("R-1", "Budi").await;
    assert!(
        matches!(refused, Err(PayoutError::State(PayoutState::Abandoned))),
        "{refused:?}"
    );
    assert_eq!(
        flow.run("R-1").await.unwrap().state(),
        PayoutState::Abandoned
    );
    assert!(bench.bank.lock().sent.is_empty());
}

/// A store in which somebody abandons a payout just before it is approved.
#[derive(Debug)]
struct Overtaken {
    store: Arc<MemoryPayoutStore>,
    by: Payouts,
}

impl PayoutStore for Overtaken {
    fn insert<'a>(
        &'a self,
        record: &'a PayoutRecord,
        reserves: &'a [Reserve],
    ) -> BoxFuture<'a, Result<Inserted, StoreError>> {
        self.store.insert(record, reserves)
    }

    fn get<'a>(
        &'a self,
        reference: &'a str,
    ) -> BoxFuture<'a, Result<Option<PayoutRecord>, StoreError>> {
        self.store.get(reference)
    }

    fn update<'a>(
        &'a self,
        record: &'a PayoutRecord,
        reserves: &'a [Reserve],
    ) -> BoxFuture<'a, Result<Updated, StoreError>> {
        Box::pin(async move {
            let _ = self.by.abandon(&record.reference, "Sari").await;
            self.store.update(record, reserves).await
        })
    }

    fn due(
        &self,
        now: singapay::Timestamp,
        most: u32,
    ) -> BoxFuture<'_, Result<Vec<String>, StoreError>> {
        self.store.due(now, most)
    }

    fn in_state<'a>(
        &'a self,
        state: PayoutState,
        after: &'a str,
        most: u32,
    ) -> BoxFuture<'a, Result<Vec<PayoutRecord>, StoreError>> {
        self.store.in_state(state, after, most)
    }

    fn history<'a>(
        &'a self,
        reference: &'a str,
    ) -> BoxFuture<'a, Result<Vec<PayoutEvent>, StoreError>> {
        self.store.history(reference)
    }

    fn used<'a>(&'a self, day: &'a str, scope: &'a str) -> BoxFuture<'a, Result<i64, StoreError>> {
        self.store.used(day, scope)
    }
}

#[tokio::test(start_paused = true)]
async fn four_eyes_see_the_same_facts() {
    let bench = Bench::new([]);
    let limits = PayoutLimits::new(Rupiah::new(0)).approval_above(Rupiah::new(9_999));
    let flow = bench.flow().with_limits(limits);
    let unnamed = flow.submit(bench.transfer("R-1", 10_000)).await;
    assert!(matches!(unnamed, Err(PayoutError::NotAnApprover(_))));
    let step = flow
        .submit(bench.transfer("R-1", 10_000))
        .by("Rina")
        .await
        .unwrap();
    assert_eq!(step.state(), PayoutState::NeedsApproval);
    assert_eq!(
        flow.run("R-1").await.unwrap().state(),
        PayoutState::NeedsApproval
    );
    for who in ["rina ", ""] {
        let refused = flow.approve("R-1", who).await;
        assert!(matches!(refused, Err(PayoutError::NotAnApprover(_))));
    }
    // One that was submitted before anybody had to approve names nobody.
    let _ = bench
        .flow()
        .submit(bench.transfer("R-2", 10_000))
        .await
        .unwrap();
    let step = flow.run("R-2").await.unwrap();
    assert_eq!(step.state(), PayoutState::NeedsApproval);
    let refused = flow.approve("R-2", "Rina").await;
    assert!(matches!(refused, Err(PayoutError::NotAnApprover(_))));
    // Somebody who changes the store changes what was approved.
    let _ = flow.approve("R-1", "Budi").await.unwrap();
    let mut changed = flow.get("R-1").await.unwrap();
    changed.version += 1;
    changed.facts.bank = Some("014".to_owned());
    let _ = bench.store.update(&changed, &[]).await.unwrap();
    assert_eq!(
        flow.run("R-1").await.unwrap().state(),
        PayoutState::NeedsApproval
    );
    assert!(bench.bank.lock().sent.is_empty());
    changed.version += 2;
    changed.facts.bank = Some("002".to_owned());
    let _ = bench.store.update(&changed, &[]).await.unwrap();
    assert_eq!(flow.run("R-1").await.unwrap().state(), PayoutState::Paid);
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_became_stricter_stops_what_was_stored() {
    let bench = Bench::new([]);
    let _ = bench
        .flow()
        .submit(bench.transfer("R-1", 10_000))
        .await
        .unwrap();
    let strict = MoneyOutPolicy::new().allow_banks(["BCA"]);
    let strict = bench.client.money_out(strict).unwrap();
    let flow = Payouts::new(&strict, Arc::clone(&bench.store));
    let step = flow.run("R-1").await.unwrap();
    assert_eq!(step.record.progress.person, Some(PersonReason::Policy));
    assert!(bench.bank.lock().sent.is_empty());
    let refused = flow.submit(bench.transfer("R-2", 10_000)).await;
    assert!(matches!(refused, Err(PayoutError::Request(_))));
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
