//! Load that an outage adds, over all calls.

use std::iter::repeat_with;

use singapay_core::TransportErrorKind as Kind;

use super::*;
use crate::testing::{Step, answer};

fn outage(policy: RetryPolicy, script: impl IntoIterator<Item = Step>) -> Rig {
    rig_with(scripted(script), CallOptions::default(), |builder| {
        builder.retry(policy)
    })
}

fn unavailable(times: usize) -> impl Iterator<Item = Step> {
    repeat_with(|| answer(503, "")).take(times)
}

fn small() -> RetryPolicy {
    RetryPolicy::default().with_budget(RetryBudget::new(20, 10))
}

#[tokio::test(start_paused = true)]
async fn an_outage_costs_the_budget_once_and_not_every_call_its_attempts() {
    let rig = outage(small(), unavailable(220));
    for _ in 0..200 {
        assert_eq!(rig.read().await.unwrap().status, 503);
    }
    assert_eq!(rig.calls(), 220);

    let rig = outage(small().without_budget(), unavailable(600));
    for _ in 0..200 {
        assert_eq!(rig.read().await.unwrap().status, 503);
    }
    assert_eq!(rig.calls(), 600);
}

#[tokio::test(start_paused = true)]
async fn broken_connections_cost_the_same() {
    let fail = || repeat_with(|| Step::Break(Kind::Connect)).take(220);
    let rig = outage(small(), fail());
    for _ in 0..200 {
        rig.topup().await.unwrap_err();
    }
    assert_eq!(rig.calls(), 220);
}

#[tokio::test(start_paused = true)]
async fn answers_earn_repetitions_back_and_refusals_are_answers() {
    let policy = small().with_budget(RetryBudget::new(1, 10));
    let refusals = repeat_with(|| answer(404, "")).take(9);
    let trouble = [answer(429, ""), answer(503, "")];
    let script = unavailable(3).chain(refusals).chain(trouble);
    let rig = outage(
        policy,
        script.chain([answer(200, "")]).chain(unavailable(2)),
    );
    // One repetition, and no second one.
    assert_eq!(rig.read().await.unwrap().status, 503);
    assert_eq!(rig.calls(), 2);
    // The next call meets trouble and has none left.
    assert_eq!(rig.read().await.unwrap().status, 503);
    assert_eq!(rig.calls(), 3);
    for _ in 0..9 {
        assert_eq!(rig.read().await.unwrap().status, 404);
    }
    // Nine answers are not enough; neither is trouble an answer.
    assert_eq!(rig.read().await.unwrap().status, 429);
    assert_eq!(rig.read().await.unwrap().status, 503);
    assert_eq!(rig.calls(), 14);
    assert_eq!(rig.read().await.unwrap().status, 200);
    assert_eq!(rig.read().await.unwrap().status, 503);
    assert_eq!(rig.calls(), 17);
}

#[tokio::test(start_paused = true)]
async fn a_rejected_token_is_replaced_whatever_is_left() {
    let nothing = small().with_budget(RetryBudget::new(0, 1));
    let rig = outage(nothing, [answer(401, "")]);
    assert_eq!(rig.topup().await.unwrap().status, 200);
    assert_eq!((rig.calls(), rig.transport.token_count()), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn every_host_has_its_own() {
    const IDENTITY: Operation = Operation {
        host: Host::Identity,
        ..READ
    };
    let policy = small().with_budget(RetryBudget::new(1, 10));
    let rig = outage(policy, unavailable(4));
    rig.read().await.unwrap();
    rig.read().await.unwrap();
    assert_eq!(rig.calls(), 3);
    let identity = rig.send(&IDENTITY, "https://id.example/api/v1.0/accounts", "");
    assert_eq!(identity.await.unwrap().status, 200);
    assert_eq!(rig.calls(), 5);
}
