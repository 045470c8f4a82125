//! What limits, policies and people decide.

use std::sync::Arc;

use singapay::{
    BoxFuture, MemoryPayoutStore, MoneyOutPolicy, PayoutError, PayoutLimits, PayoutRecord,
    PayoutState, PayoutStore, Payouts, PersonReason, Reserve, Rupiah, StoreError, Updated,
};

use crate::{bench::Bench, support::store::as_kept};

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
async fn a_policy_that_became_stricter_stops_what_was_stored() {
    let bench = Bench::new([]);
    bench.submit("R-1", 10_000).await;
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
    bench.submit("R-2", 10_000).await;
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
async fn a_decision_that_another_step_overtook_is_an_error() {
    let bench = Bench::new([]);
    let limits = PayoutLimits::new(Rupiah::new(0)).approval_above(Rupiah::new(9_999));
    let flow = bench.flow().with_limits(limits.clone());
    let submit = flow.submit(bench.transfer("R-1", 10_000)).by("Rina");
    let _ = submit.await.unwrap();
    let late = Overtaken {
        kept: Arc::clone(&bench.store),
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
    kept: Arc<MemoryPayoutStore>,
    by: Payouts,
}

impl PayoutStore for Overtaken {
    as_kept!(kept);

    fn get<'a>(
        &'a self,
        reference: &'a str,
    ) -> BoxFuture<'a, Result<Option<PayoutRecord>, StoreError>> {
        self.kept.get(reference)
    }

    fn update<'a>(
        &'a self,
        record: &'a PayoutRecord,
        reserves: &'a [Reserve],
    ) -> BoxFuture<'a, Result<Updated, StoreError>> {
        Box::pin(async move {
            let _ = self.by.abandon(&record.reference, "Sari").await;
            self.kept.update(record, reserves).await
        })
    }
}
