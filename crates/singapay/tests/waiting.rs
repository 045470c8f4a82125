//! Waiting until a payment has ended, on virtual time.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::{
    error::Error as _,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use serde_json::{Value, json};
use singapay::{
    Clock, Ended, Ending, ErrorKind, RetryPolicy, Singapay, Timestamp, TransportErrorKind,
    WaitError, types::VirtualAccount,
};
use support::{Script, Step, answer, answer_with, refused, time::PausedTime, v1, v2};

const PAYMENT: &str = "7c2e1a4b-9d6f-4e3a-8b1c-2d4f9a1c5b3e";

fn client(script: &Script, time: &PausedTime) -> Singapay {
    let builder = script.builder().clock(time.clone()).timer(time.clone());
    builder.retry(RetryPolicy::never()).build().unwrap()
}

/// A virtual account; `end` in seconds from the start.
fn account(usage: i64, end: u64) -> Value {
    let end = PausedTime::START.plus(Duration::from_secs(end));
    json!({
        "id": "01K946KF851RK7FX075GJHBVKF", "number": "9090000000000001", "status": "active",
        "kind": "temporary", "current_usage": usage, "expired_at": end.unix_millis(),
    })
}

async fn wait_for_account(
    script: &Script,
    time: &PausedTime,
    patience: u64,
) -> Result<Ended<VirtualAccount>, WaitError<VirtualAccount>> {
    let read = client(script, time)
        .virtual_accounts()
        .get("01K946KF851RK7FX075GJHBVKF");
    read.wait()
        .with_patience(Duration::from_secs(patience))
        .await
}

fn secs(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

#[allow(deprecated, reason = "version 1.0 can be waited for too")]
#[tokio::test(start_paused = true)]
async fn every_product_is_read_until_it_is_paid() {
    let link = |date: Value| {
        v1(
            json!({"id": 7, "payment_url": "u", "status": "open", "status_computed": "open",
            "payment_date": date}),
        )
    };
    let date = || json!("2026-08-21T16:20:05+07:00");
    let qris = |status| v1(json!({"id": 7, "qr_data": "00", "status": status}));
    let wallet = |status| v1(json!({"id": 7, "reff_no": "E7", "status": status}));
    let card = |status| v2(json!({"transaction_id": "7", "status": status}));
    for which in ["link", "link v1", "va", "qris", "ewallet", "card", "debit"] {
        let steps = match which {
            "link" | "link v1" => [link(json!(null)), link(json!(null)), link(date())],
            "va" => [account(0, 900), account(0, 900), account(1, 900)].map(v1),
            "qris" => ["open", "open", "paid"].map(qris),
            "ewallet" => ["open", "open", "success"].map(wallet),
            "card" => ["pending", "processing", "success"].map(card),
            _ => ["PENDING_OTP", "PENDING", "SUCCESS"].map(card),
        };
        let (script, time) = (Script::new(steps), PausedTime::new());
        let client = client(&script, &time);
        let ending = match which {
            "link" => ending(client.payment_links().get(7).wait().await),
            "link v1" => ending(client.payment_links().get_v1(7).wait().await),
            "va" => ending(client.virtual_accounts().get("7").wait().await),
            "qris" => ending(client.qris().get(7).wait().await),
            "ewallet" => ending(client.ewallets().get_status(7).wait().await),
            "card" => ending(client.cards().get("7").wait().await),
            _ => ending(client.direct_debits().get_transaction(PAYMENT).wait().await),
        };
        assert_eq!(ending, (Ending::Paid, 200), "{which}");
        assert_eq!(script.count(), 3, "{which}");
        assert_eq!(time.slept().len(), 2, "{which}");
    }
}

fn ending<T>(result: Result<Ended<T>, WaitError<T>>) -> (Ending, u16) {
    let ended = result.unwrap();
    (ended.ending(), ended.response().http_status())
}

#[tokio::test(start_paused = true)]
async fn no_bound_is_so_short_that_reads_flood_the_gateway() {
    let (script, time) = (
        // A flood would come to the payment.
        Script::new((0..40).map(|read| v1(account(read / 39, 90_000)))),
        PausedTime::new(),
    );
    let wait = client(&script, &time)
        .virtual_accounts()
        .get("01K946KF851RK7FX075GJHBVKF")
        .wait()
        .with_patience(secs(1.0))
        .with_longest_pause(Duration::ZERO);
    assert!(wait.await.unwrap_err().is_out_of_patience());
    let slept = time.slept();
    let (_, whole) = slept.split_last().unwrap();
    assert!(whole.iter().all(|pause| *pause >= secs(0.05)), "{slept:?}");
    assert!(whole.len() >= 9, "{slept:?}");
}

#[tokio::test(start_paused = true)]
async fn pauses_double_up_to_a_bound_and_differ() {
    let (script, time) = (
        Script::new((0..12).map(|_| v1(account(0, 90_000)))),
        PausedTime::new(),
    );
    let error = wait_for_account(&script, &time, 150).await.unwrap_err();
    assert!(error.is_out_of_patience());
    let slept = time.slept();
    let (rest, whole) = slept.split_last().unwrap();
    for (pause, bound) in whole.iter().zip([2, 4, 8, 16, 30, 30, 30, 30]) {
        let bound = Duration::from_secs(bound);
        assert!(
            *pause >= bound / 2 && *pause <= bound,
            "{pause:?} of {bound:?}"
        );
    }
    assert!(whole.iter().any(|pause| pause.subsec_nanos() != 0));
    // The last pause is what was left, and a read ends it.
    assert!(*rest <= Duration::from_secs(30));
    // tokio's timer rounds each pause up to a millisecond.
    let all = slept.iter().sum::<Duration>();
    assert!(all <= secs(150.0) && all >= secs(149.9), "{all:?}");
    assert_eq!(script.count(), slept.len() + 1);
}

#[tokio::test(start_paused = true)]
async fn trouble_that_may_pass_is_outlived() {
    let trouble = [
        Step::Break(TransportErrorKind::Connect),
        Step::Break(TransportErrorKind::Timeout),
        Step::Break(TransportErrorKind::Interrupted),
        answer(502, "<html>bad gateway</html>"),
        answer(200, "<html>maintenance</html>"),
        refused(500, "SP002"),
        v1(account(1, 900)),
    ];
    let (script, time) = (Script::new(trouble), PausedTime::new());
    assert!(
        wait_for_account(&script, &time, 600)
            .await
            .unwrap()
            .is_paid()
    );
    assert_eq!(script.count(), 7);
}

#[tokio::test(start_paused = true)]
async fn the_gateway_decides_how_long_to_stay_away() {
    let later = |seconds| answer_with(429, &[("retry-after", seconds)], "{}");
    let (script, time) = (
        Script::new([later("45"), later("1"), v1(account(1, 900))]),
        PausedTime::new(),
    );
    let paid = wait_for_account(&script, &time, 600).await.unwrap();
    assert!(paid.is_paid());
    assert_eq!(time.slept()[0], secs(45.0));
    assert!(time.slept()[1] >= secs(2.0), "never less than its own");

    // Longer than patience: nothing is gained by waiting.
    let (script, time) = (
        Script::new([v1(account(0, 9000)), later("601")]),
        PausedTime::new(),
    );
    let error = wait_for_account(&script, &time, 600).await.unwrap_err();
    assert!(error.is_out_of_patience());
    assert_eq!(error.error().unwrap().kind(), ErrorKind::RateLimited);
    assert_eq!(error.last().unwrap().current_usage, Some(0));
    assert_eq!((script.count(), time.slept().len()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_cannot_heal_ends_it_at_once() {
    for (step, kind) in [
        (answer(404, "{}"), ErrorKind::Refused),
        (answer(422, "{}"), ErrorKind::Refused),
        (refused(403, "SP403"), ErrorKind::Credential),
        (
            answer_with(302, &[("location", "/x")], ""),
            ErrorKind::Redirect,
        ),
    ] {
        let (script, time) = (
            Script::new([v1(account(0, 900)), step, v1(account(1, 900))]),
            PausedTime::new(),
        );
        let error = wait_for_account(&script, &time, 600).await.unwrap_err();
        assert!(!error.is_out_of_patience(), "{kind:?}");
        assert_eq!(error.error().unwrap().kind(), kind);
        assert_eq!(error.last().unwrap().number, "9090000000000001");
        assert!(error.source().unwrap().is::<singapay::Error>());
        assert_eq!(script.count(), 2, "{kind:?}");
    }
    // Checked here, so never sent.
    let (script, time) = (Script::new([]), PausedTime::new());
    let read = client(&script, &time)
        .virtual_accounts()
        .get("1")
        .account_id("no account");
    let error = read.wait().await.unwrap_err();
    assert_eq!(error.error().unwrap().kind(), ErrorKind::InvalidInput);
    assert_eq!((script.count(), error.last().is_none()), (0, true));
}

#[tokio::test(start_paused = true)]
async fn what_stays_open_expires_by_the_clients_clock() {
    let (script, time) = (
        Script::new((0..90).map(|_| v1(account(0, 300)))),
        PausedTime::new(),
    );
    let ended = wait_for_account(&script, &time, 3600).await.unwrap();
    assert_eq!(ended.ending(), Ending::Expired);
    assert_eq!(ended.response().status.as_str(), "active");
    let waited = time.now().since(PausedTime::START);
    assert!(waited >= secs(360.0) && waited <= secs(390.0), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn a_payment_in_the_last_second_is_still_a_payment() {
    // Asked at the start, then twice after the end.
    let (script, time) = (
        Script::new([0, 0, 1].map(|usage| v1(account(usage, 1)))),
        PausedTime::new(),
    );
    let ended = wait_for_account(&script, &time, 3600).await.unwrap();
    assert_eq!(script.count(), 3);
    assert!(ended.is_paid());
}

#[tokio::test(start_paused = true)]
async fn an_unknown_status_ends_nothing_whatever_the_clock_says() {
    let mut unknown = account(0, 1);
    unknown["status"] = json!("under_review");
    let (script, time) = (
        Script::new((0..90).map(|_| v1(unknown.clone()))),
        PausedTime::new(),
    );
    let error = wait_for_account(&script, &time, 1200).await.unwrap_err();
    assert!(error.is_out_of_patience());
    assert!(error.error().is_none());
    assert_eq!(error.last().unwrap().status.as_str(), "under_review");
    assert_eq!(
        error.to_string(),
        "the payment had not ended after 1200s",
        "no status, which may be any text"
    );
    assert!(!format!("{error:?}").contains("9090000000000001"));
}

#[tokio::test(start_paused = true)]
async fn without_patience_one_read_is_made() {
    let (script, time) = (Script::new([v1(account(0, 900))]), PausedTime::new());
    let error = wait_for_account(&script, &time, 0).await.unwrap_err();
    assert!(error.is_out_of_patience());
    assert_eq!((script.count(), time.slept().len()), (1, 0));
}

/// A clock that somebody keeps turning back.
#[derive(Debug)]
struct Backward;

impl Clock for Backward {
    fn now(&self) -> Timestamp {
        static ASKED: AtomicI64 = AtomicI64::new(0);
        Timestamp::from_unix_seconds(1_787_304_000 - ASKED.fetch_add(1, Ordering::SeqCst))
    }
}

#[tokio::test(start_paused = true)]
async fn patience_ends_under_a_clock_that_runs_backward() {
    let (script, time) = (
        Script::new((0..50).map(|_| v1(account(0, 90_000)))),
        PausedTime::new(),
    );
    let client = script.builder().clock(Backward).timer(time.clone());
    let read = client.build().unwrap().virtual_accounts().get("1");
    let error = read.wait().with_patience(secs(100.0)).await.unwrap_err();
    assert!(error.is_out_of_patience());
    assert_eq!(time.slept().iter().sum::<Duration>(), secs(100.0));
}

#[tokio::test(start_paused = true)]
async fn dropping_it_stops_it() {
    let (script, time) = (
        Script::new((0..90).map(|_| v1(account(0, 90_000)))),
        PausedTime::new(),
    );
    let wait = wait_for_account(&script, &time, 3600);
    assert!(tokio::time::timeout(secs(20.0), wait).await.is_err());
    let reads = script.count();
    assert!(reads > 2);
    tokio::time::sleep(secs(600.0)).await;
    assert_eq!(script.count(), reads);
}
