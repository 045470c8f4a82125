//! Deadlines, pauses and Retry-After.

use singapay_core::{CallErrorKind, Delivery, TransportErrorKind as Kind};
use tokio::time::Instant;

use super::*;
use crate::{
    testing::{Step, answer, answer_with},
    token::{Lease, StoredToken, TokenKey, TokenSettings, TokenStore},
};

fn timeout(timeout: Duration) -> CallOptions {
    CallOptions {
        timeout: Some(timeout),
        ..CallOptions::default()
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_never_comes_ends_as_maybe_sent() {
    let rig = rig_with(scripted([Step::Silence]), timeout(SECOND), |b| b);
    let started = Instant::now();
    let error = rig.topup().await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::MaybeSent);
    assert_eq!(error.kind(), CallErrorKind::Transport(Kind::Timeout));
    assert_eq!((started.elapsed(), rig.calls()), (SECOND, 1));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_never_comes_ends_as_not_sent() {
    let rig = rig_with(scripted([]), timeout(SECOND), |b| b);
    rig.transport.tokens([Step::Silence]);
    let started = Instant::now();
    let error = rig.topup().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (CallErrorKind::Deadline, Delivery::NotSent)
    );
    assert_eq!((started.elapsed(), rig.calls()), (SECOND, 0));
}

#[tokio::test(start_paused = true)]
async fn retries_end_with_the_deadline() {
    let slow = || Step::Late(Duration::from_millis(400), Box::new(answer(503, "slow")));
    let rig = rig_with(
        scripted([slow(), slow(), slow(), slow(), slow(), slow()]),
        CallOptions {
            max_attempts: Some(100),
            ..timeout(SECOND)
        },
        |b| b,
    );
    let started = Instant::now();
    let result = rig.read().await;
    assert!(started.elapsed() <= SECOND);
    assert!(rig.calls() <= 3);
    // The last thing that is known: an answer, or an exchange that ran out of time.
    match result {
        Ok(answer) => assert_eq!(answer.status, 503),
        Err(error) => assert_eq!(error.delivery(), Delivery::MaybeSent),
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_honoured_in_seconds_and_as_a_date() {
    // The test clock starts at 01:00:00.
    for (headers, least) in [
        (&[("retry-after", "7")][..], 7),
        (&[("retry-after", " 7")][..], 7),
        (&[("retry-after", "Fri, 21 Aug 2026 01:00:09 GMT")][..], 9),
        (&[("retry-after", "Fri, 21 Aug 2026 00:59:00 GMT")][..], 0),
        (&[("retry-after", "soon")][..], 0),
    ] {
        let rig = rig(scripted([answer_with(429, headers, "")]));
        let started = Instant::now();
        assert_eq!(rig.read().await.unwrap().status, 200);
        let waited = started.elapsed();
        let least = Duration::from_secs(least);
        assert!(
            waited >= least && waited <= least + Duration::from_millis(200),
            "{headers:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_that_is_too_long_ends_the_call_at_once() {
    for (headers, deadline) in [
        (&[("retry-after", "61")][..], Duration::from_secs(600)),
        (&[("retry-after", "20")][..], Duration::from_secs(10)),
        (
            &[("retry-after", "18446744073709551615")][..],
            Duration::from_secs(600),
        ),
    ] {
        let transport = scripted([answer_with(503, headers, "")]);
        let rig = rig_with(transport, timeout(deadline), |b| b);
        let started = Instant::now();
        assert_eq!(rig.read().await.unwrap().status, 503);
        assert_eq!((started.elapsed(), rig.calls()), (Duration::ZERO, 1));
    }
    // A minute is waited for.
    let transport = scripted([answer_with(503, &[("retry-after", "60")], "")]);
    let rig = rig_with(transport, timeout(600 * SECOND), |b| b);
    assert_eq!(rig.read().await.unwrap().status, 200);
}

#[tokio::test(start_paused = true)]
async fn what_is_added_to_retry_after_stays_small() {
    let busy = || answer_with(429, &[("retry-after", "1")], "");
    let transport = scripted(std::iter::repeat_with(busy).take(20));
    let options = CallOptions {
        max_attempts: Some(21),
        ..timeout(600 * SECOND)
    };
    let rig = rig_with(transport, options, |builder| builder);
    let started = Instant::now();
    assert_eq!(rig.read().await.unwrap().status, 200);
    assert!(started.elapsed() >= 20 * SECOND && started.elapsed() <= 24 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_call_has_half_a_minute_unless_it_is_told_otherwise() {
    let rig = rig(scripted([Step::Silence]));
    let started = Instant::now();
    rig.topup().await.unwrap_err();
    assert_eq!(started.elapsed(), 30 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn time_that_is_up_costs_no_repetition() {
    let transport = scripted([Step::Silence, answer(503, "")]);
    let rig = rig_with(transport, timeout(SECOND), |builder| {
        builder.retry(RetryPolicy::default().with_budget(RetryBudget::new(1, 10)))
    });
    rig.read().await.unwrap_err();
    assert_eq!(rig.read().await.unwrap().status, 200);
    assert_eq!(rig.calls(), 3);
}

#[tokio::test(start_paused = true)]
async fn token_requests_have_bounds_of_their_own() {
    let settings = TokenSettings {
        fetch_timeout: SECOND,
        ..TokenSettings::default()
    };
    let rig = rig_with(scripted([]), CallOptions::default(), |builder| {
        builder.token_settings(settings)
    });
    rig.transport.tokens([Step::Silence]);
    let started = Instant::now();
    let error = rig.topup().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.delivery()),
        (CallErrorKind::Token, Delivery::NotSent)
    );
    assert_eq!(started.elapsed(), SECOND);
}

#[tokio::test(start_paused = true)]
async fn token_requests_pause_before_they_are_repeated() {
    let rig = rig(scripted([]));
    rig.transport.tokens([
        Step::Break(Kind::Connect),
        Step::Break(Kind::ConnectTimeout),
    ]);
    let started = Instant::now();
    rig.topup().await.unwrap();
    assert_eq!(rig.transport.token_count(), 3);
    assert!(started.elapsed() > Duration::ZERO && started.elapsed() <= 2 * SECOND);
    // Hopeless failures are not asked again.
    for hopeless in [Kind::InvalidRequest, Kind::BodyTooLarge] {
        let rig = super::rig(scripted([]));
        rig.transport.tokens([Step::Break(hopeless)]);
        rig.topup().await.unwrap_err();
        assert_eq!(rig.transport.token_count(), 1);
    }
    // Overload passes.
    let rig = super::rig(scripted([]));
    rig.transport.tokens([answer(429, "")]);
    rig.topup().await.unwrap();
    assert_eq!(rig.transport.token_count(), 2);
}

#[tokio::test(start_paused = true)]
async fn every_attempt_has_the_time_of_its_own() {
    let retry_after = &[("retry-after", "5")][..];
    let rig = Arc::new(rig(scripted([answer_with(503, retry_after, "")])));
    let call = Arc::clone(&rig);
    let call = tokio::spawn(async move {
        let uri = "https://pay.example/api/v1/kyc/bank/verify";
        call.send(&CHECK, uri, r#"{"request_id":"M1"}"#)
            .await
            .map(drop)
    });
    tokio::time::sleep(SECOND).await;
    rig.clock.advance(5);
    call.await.unwrap().unwrap();
    let times = rig.transport.header("x-timestamp");
    assert_eq!(
        times[0].parse::<i64>().unwrap() + 5,
        times[1].parse::<i64>().unwrap()
    );
    let signatures = rig.transport.header("x-signature");
    assert_ne!(signatures[0], signatures[1]);
}

#[tokio::test(start_paused = true)]
async fn a_repeated_identity_token_call_has_a_new_time_in_its_body() {
    const TOKEN: Operation = Operation {
        host: Host::Identity,
        method: "POST",
        path: "/api/v1/kyc/auth/get-auth-token",
        authentication: Authentication::SchemeD,
        ..READ
    };
    let rig = Arc::new(rig(scripted([])));
    let busy = answer_with(503, &[("retry-after", "5")], "");
    rig.transport.tokens([busy]);
    let call = Arc::clone(&rig);
    let call = tokio::spawn(async move {
        let uri = "https://id.example/api/v1/kyc/auth/get-auth-token";
        call.send(&TOKEN, uri, "{}").await.map(drop)
    });
    tokio::time::sleep(SECOND).await;
    rig.clock.advance(5);
    call.await.unwrap().unwrap();
    let sent = rig.transport.token_calls();
    for (request, time) in sent.iter().zip(["01:00:00Z", "01:00:05Z"]) {
        let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
        assert!(body["timestamp"].as_str().unwrap().ends_with(time));
    }
    assert_eq!(sent.len(), 2);
}

#[derive(Debug)]
struct HangingStore;

fn hang<'a, T: Send + 'a>() -> BoxFuture<'a, T> {
    Box::pin(std::future::pending())
}

type Stored<'a, T> = BoxFuture<'a, Result<T, singapay_core::BoxError>>;

impl TokenStore for HangingStore {
    fn load<'a>(&'a self, _: &'a TokenKey) -> Stored<'a, Option<StoredToken>> {
        hang()
    }

    fn save<'a>(&'a self, _: &'a TokenKey, _: &'a StoredToken) -> Stored<'a, ()> {
        hang()
    }

    fn remove<'a>(&'a self, _: &'a TokenKey, _: &'a StoredToken) -> Stored<'a, ()> {
        hang()
    }

    fn lock<'a>(&'a self, _: &'a TokenKey, _: Duration) -> Stored<'a, Option<Lease>> {
        hang()
    }

    fn unlock<'a>(&'a self, _: &'a TokenKey, _: &'a Lease) -> Stored<'a, ()> {
        hang()
    }
}

#[tokio::test(start_paused = true)]
async fn a_hanging_store_does_not_fail_calls() {
    let store = |builder: AuthPipelineBuilder| builder.token_store(Arc::new(HangingStore));
    let rig = rig_with(scripted([]), timeout(SECOND), store);
    assert_eq!(rig.topup().await.unwrap().status, 200);
    let store = |builder: AuthPipelineBuilder| builder.token_store(Arc::new(HangingStore));
    let rig = rig_with(scripted([]), timeout(Duration::from_millis(100)), store);
    let started = Instant::now();
    assert_eq!(
        rig.topup().await.unwrap_err().kind(),
        CallErrorKind::Deadline
    );
    assert_eq!(started.elapsed(), Duration::from_millis(100));
}
