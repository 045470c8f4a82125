//! The gate with a ledger in memory, from raw request to status.

#![allow(clippy::unwrap_used)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
    time::Duration,
};

use singapay_auth::webhook::{SignedDelivery, Verifier, WebhookKey, sign_delivery};
use singapay_core::{BoxFuture, Clock, Secret, Timer, Timestamp};
use singapay_webhook::{
    AttemptEnd, Delivery, DeliveryState, Gate, GateError, Handled, HandlerResult, Ledger,
    MemoryLedger, NoTransaction, Origin, PruneError, Receipt, Receiver, Replayed, RetryRule, Swept,
};

const PATH: &str = "/hooks/singapay";
const START: i64 = 1_787_280_000_000;
const MINUTE: Duration = Duration::from_secs(60);

/// A clock that moves when it is told to.
#[derive(Debug, Clone)]
struct Virtual(Arc<AtomicI64>);

impl Virtual {
    fn new() -> Self {
        Self(Arc::new(AtomicI64::new(START)))
    }

    fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap();
        self.0.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Clock for Virtual {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.0.load(Ordering::Relaxed))
    }
}

struct Bench {
    clock: Virtual,
    gate: Gate<MemoryLedger>,
}

fn bench() -> Bench {
    bench_with(MemoryLedger::new())
}

fn bench_with(ledger: MemoryLedger) -> Bench {
    let clock = Virtual::new();
    let verifier = Verifier::builder()
        .key(WebhookKey::new("main", &Secret::new("secret")))
        .path(PATH)
        .clock(clock.clone());
    let receiver = Receiver::from(verifier.build().unwrap());
    Bench {
        clock,
        gate: Gate::new(receiver, ledger),
    }
}

fn paid(number: u32) -> String {
    format!(
        r#"{{"event":"va-transaction","data":{{"transaction":{{"status":"paid","reff_no":"INV-{number}","transaction_id":"T-1"}}}}}}"#
    )
}

impl Bench {
    fn sign(&self, body: String) -> SignedDelivery {
        let now = self.clock.now();
        sign_delivery(&Secret::new("secret"), "partner", PATH, body, now).unwrap()
    }

    async fn receive<'env, F>(&self, body: String, handler: F) -> Receipt
    where
        F: for<'a> FnOnce(
                &'a mut NoTransaction,
                &'a Delivery<'env>,
            ) -> BoxFuture<'a, HandlerResult>
            + Send,
    {
        let signed = self.sign(body);
        self.gate
            .receive(&signed.headers, signed.body, handler)
            .await
    }

    async fn ends(&self, key: &str) -> Vec<(u64, AttemptEnd)> {
        let steps = self.gate.ledger().history(key).await.unwrap();
        steps.iter().map(|step| (step.attempt, step.end)).collect()
    }

    async fn state(&self, key: &str) -> DeliveryState {
        self.gate.ledger().get(key).await.unwrap().unwrap().state
    }
}

fn done<'a>(_: &'a mut NoTransaction, _: &'a Delivery) -> BoxFuture<'a, HandlerResult> {
    Box::pin(async { Ok(Handled::Done) })
}

fn later<'a>(_: &'a mut NoTransaction, _: &'a Delivery) -> BoxFuture<'a, HandlerResult> {
    Box::pin(async { Ok(Handled::Later) })
}

fn fails<'a>(_: &'a mut NoTransaction, _: &'a Delivery) -> BoxFuture<'a, HandlerResult> {
    Box::pin(async { Err("canary of the handler".into()) })
}

fn panics<'a>(_: &'a mut NoTransaction, _: &'a Delivery) -> BoxFuture<'a, HandlerResult> {
    Box::pin(async { panic!("a panic that is meant") })
}

fn never<'a>(_: &'a mut NoTransaction, delivery: &'a Delivery) -> BoxFuture<'a, HandlerResult> {
    panic!("{delivery:?} ran")
}

/// A timer whose time is always up.
#[derive(Debug)]
struct Up;

impl Timer for Up {
    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async {})
    }
}

#[tokio::test]
async fn what_has_not_ended_with_its_lease_is_given_up_and_the_sweep_goes_on() {
    let bench = bench();
    let gate = bench.gate.clone().with_timer(Up);
    for number in 1..=2 {
        let signed = bench.sign(paid(number));
        let receipt = gate.receive(&signed.headers, signed.body, |_, _| {
            Box::pin(std::future::pending())
        });
        let receipt = receipt.await;
        let Receipt::Failed { key, error } = &receipt else {
            panic!("{receipt:?}");
        };
        assert!(matches!(error, GateError::TooSlow), "{error:?}");
        assert_eq!(receipt.status(), 503);
        assert_eq!(bench.state(key).await, DeliveryState::Waiting);
        assert_eq!(bench.ends(key).await, [(1, AttemptEnd::Lost)]);
    }
    bench.clock.advance(MINUTE * 60);
    let swept = gate.sweep(|_, delivery: &Delivery| {
        let stuck = delivery.merchant_reference().as_deref() == Some("INV-1");
        Box::pin(async move {
            if stuck {
                std::future::pending::<()>().await;
            }
            Ok(Handled::Done)
        })
    });
    let swept = swept.await.unwrap();
    assert_eq!((swept.failed, swept.accepted), (1, 1));
}

#[tokio::test]
async fn what_is_accepted_is_answered_200_and_runs_once() {
    let bench = bench();
    let receipt = bench
        .receive(paid(1), |_, delivery| {
            Box::pin(async move {
                assert!(delivery.is_paid());
                assert_eq!(delivery.merchant_reference().as_deref(), Some("INV-1"));
                assert_eq!(
                    (delivery.attempt(), delivery.origin()),
                    (1, Origin::Received)
                );
                assert_eq!(delivery.key(), delivery.deduplication_key());
                Ok(Handled::Done)
            })
        })
        .await;
    assert_eq!(receipt.status(), 200);
    let Receipt::Accepted { key } = receipt else {
        panic!("{receipt:?}")
    };
    let receipt = bench.receive(paid(1), never).await;
    assert!(matches!(&receipt, Receipt::Duplicate { key: again } if *again == key));
    assert_eq!(receipt.status(), 200);
    assert_eq!(bench.ends(&key).await, [(1, AttemptEnd::Done)]);
    let entry = bench.gate.ledger().get(&key).await.unwrap().unwrap();
    assert_eq!(entry.kind, "va-transaction");
    assert_eq!(entry.reference.as_deref(), Some("INV-1"));
}

#[tokio::test]
async fn what_is_in_work_later_or_failed_has_its_status_and_comes_again() {
    let bench = bench();
    let gate = &bench.gate;
    let (enter, entered) = tokio::sync::oneshot::channel::<()>();
    let (leave, left) = tokio::sync::oneshot::channel::<()>();
    let signed = bench.sign(paid(1));
    let first = gate.receive(&signed.headers, signed.body, move |_, _| {
        Box::pin(async move {
            enter.send(()).unwrap();
            left.await.unwrap();
            Ok(Handled::Done)
        })
    });
    let second = async {
        entered.await.unwrap();
        let receipt = bench.receive(paid(1), never).await;
        assert!(matches!(receipt, Receipt::InProgress { .. }), "{receipt:?}");
        assert_eq!(receipt.status(), 409);
        leave.send(()).unwrap();
    };
    let (first, ()) = tokio::join!(first, second);
    assert_eq!(first.status(), 200);

    let receipt = bench.receive(paid(2), later).await;
    assert!(matches!(receipt, Receipt::Later { .. }), "{receipt:?}");
    assert_eq!(receipt.status(), 425);
    // A copy is tried at once, without waiting for the sweep.
    let receipt = bench.receive(paid(2), done).await;
    assert!(matches!(receipt, Receipt::Accepted { .. }), "{receipt:?}");
    let ends = bench.ends(receipt.key().unwrap()).await;
    assert_eq!(ends, [(1, AttemptEnd::Later), (2, AttemptEnd::Done)]);

    for handler in [fails, panics] {
        let receipt = bench.receive(paid(3), handler).await;
        assert_eq!(receipt.status(), 503);
        let key = receipt.key().unwrap();
        assert_eq!(bench.state(key).await, DeliveryState::Waiting);
        assert!(!format!("{receipt:?}").contains("canary"));
    }
    let receipt = bench.receive(paid(3), done).await;
    let steps = gate.ledger().history(receipt.key().unwrap()).await.unwrap();
    let reasons: Vec<_> = steps.iter().map(|step| step.reason.as_deref()).collect();
    assert_eq!(
        reasons,
        [
            Some("canary of the handler"),
            Some("the handler panicked"),
            None
        ]
    );
}

#[tokio::test]
async fn what_is_not_proven_is_refused_and_what_is_no_event_is_kept() {
    let bench = bench();
    let forged = sign_delivery(
        &Secret::new("other"),
        "partner",
        PATH,
        paid(1),
        bench.clock.now(),
    );
    let forged = forged.unwrap();
    let receipt = bench
        .gate
        .receive(&forged.headers, forged.body, never)
        .await;
    assert_eq!((receipt.status().as_u16(), receipt.key()), (401, None));
    assert!(receipt.error().is_some());

    let receipt = bench.receive("[1]".to_owned(), never).await;
    assert!(matches!(receipt, Receipt::NotAnEvent { .. }), "{receipt:?}");
    assert_eq!(receipt.status(), 200);
    let key = receipt.key().unwrap();
    assert_eq!(bench.state(key).await, DeliveryState::NoEvent);
    let receipt = bench.receive("[1]".to_owned(), never).await;
    assert!(matches!(receipt, Receipt::Duplicate { .. }), "{receipt:?}");
}

#[tokio::test]
async fn a_copy_that_is_spelt_to_be_unreadable_does_not_put_the_delivery_aside() {
    let plain = paid(1);
    let members = plain.strip_prefix('{').unwrap();
    let lists = vec!["[]"; 3_000].join(",");
    for spelt in [
        format!(r#"{{"event":1e999,{members}"#),
        format!(r#"{{"event":[{lists}],{members}"#),
    ] {
        let bench = bench();
        let genuine = bench.sign(plain.clone());
        let receipt = bench.gate.receive(&genuine.headers, genuine.body, later);
        let receipt = receipt.await;
        let key = receipt.key().unwrap();
        // The hash of its form is that of the genuine one, so it needs no key to be signed with.
        let copy = bench.gate.receive(&genuine.headers, spelt.clone(), later);
        let copy = copy.await;
        assert_eq!(copy.key(), Some(key), "{spelt:.60}");
        assert_eq!(
            bench.state(key).await,
            DeliveryState::Waiting,
            "{spelt:.60}"
        );
        bench.clock.0.fetch_add(120_000, Ordering::Relaxed);
        let swept = bench.gate.sweep(done).await.unwrap();
        assert_eq!(swept.accepted, 1, "{spelt:.60}");
    }
}

#[tokio::test]
async fn copies_do_not_use_up_the_attempts_of_the_sweep() {
    let bench = bench();
    let signed = bench.sign(paid(1));
    let mut key = String::new();
    for _ in 0..40 {
        let receipt = bench
            .gate
            .receive(&signed.headers, signed.body.clone(), later);
        let receipt = receipt.await;
        assert_eq!(receipt.status(), 425);
        receipt.key().unwrap().clone_into(&mut key);
    }
    let entry = bench.gate.ledger().get(&key).await.unwrap().unwrap();
    assert_eq!((entry.state, entry.failures), (DeliveryState::Waiting, 1));
    bench.clock.0.fetch_add(60_000, Ordering::Relaxed);
    assert_eq!(bench.gate.sweep(done).await.unwrap().accepted, 1);
}

#[tokio::test]
async fn a_copy_tells_the_amount_of_the_delivery_however_it_is_spelt() {
    let body = |amount: &str| {
        format!(
            r#"{{"event":"qris-transaction","data":{{"transaction":{{"status":"paid","reff_no":"INV-1","transaction_id":"T-1","amount":{amount}}}}}}}"#
        )
    };
    let bench = bench();
    let genuine = bench.sign(body("12345"));
    let read = |spelt: &str| {
        let event = bench.gate.receiver().receive(&genuine.headers, body(spelt));
        event.unwrap().json()["data"]["transaction"]["amount"].as_f64()
    };
    assert_eq!(read("12345"), read("12345.0"));
    assert_eq!(read("12345"), read("12345.0000000000009"));
}

#[tokio::test]
async fn a_copy_is_known_for_fifteen_minutes_and_longer() {
    let bench = bench();
    let signed = bench.sign(paid(1));
    let copy = || {
        bench
            .gate
            .receive(&signed.headers, signed.body.clone(), never)
    };
    let first = bench.receive(paid(1), done).await;
    assert_eq!(first.status(), 200);
    bench.clock.advance(15 * MINUTE);
    assert!(matches!(copy().await, Receipt::Duplicate { .. }));
    bench.clock.advance(MINUTE);
    assert_eq!(copy().await.status(), 401);
}

#[tokio::test]
async fn a_lease_that_ended_is_taken_over_and_its_handler_has_no_say() {
    let bench = bench();
    let copy = bench.sign(paid(1));
    // The handler stands still for longer than its lease; meanwhile a copy comes.
    let receipt = bench
        .receive(paid(1), |_, _| {
            Box::pin(async {
                bench.clock.advance(Duration::from_secs(41));
                let second = bench.gate.receive(&copy.headers, copy.body.clone(), done);
                assert!(matches!(second.await, Receipt::Accepted { .. }));
                Ok(Handled::Done)
            })
        })
        .await;
    assert!(matches!(receipt, Receipt::LeaseLost { .. }), "{receipt:?}");
    assert_eq!(receipt.status(), 409);
    let ends = bench.ends(receipt.key().unwrap()).await;
    assert_eq!(ends, [(1, AttemptEnd::Lost), (2, AttemptEnd::Done)]);
}

#[tokio::test]
async fn what_failed_is_swept_ever_later_until_a_person_is_needed() {
    let bench = bench();
    let gate = bench.gate.clone();
    let receipt = bench.receive(paid(1), fails).await;
    let key = receipt.key().unwrap();
    assert_eq!(gate.sweep(never).await.unwrap(), Swept::default());
    let mut minutes = 0;
    while bench.state(key).await == DeliveryState::Waiting {
        bench.clock.advance(MINUTE);
        minutes += 1;
        gate.sweep(fails).await.unwrap();
    }
    assert_eq!(bench.state(key).await, DeliveryState::NeedsPerson);
    assert_eq!(bench.ends(key).await.len(), 30);
    assert!((23 * 60..25 * 60).contains(&minutes), "{minutes}");
    let needy = gate.ledger().list(DeliveryState::NeedsPerson, 10).await;
    assert_eq!(needy.unwrap()[0].key, key);

    // The person asks for another attempt, and the handler is told.
    bench.clock.advance(1000 * MINUTE);
    assert_eq!(gate.sweep(never).await.unwrap(), Swept::default());
    assert_eq!(gate.replay(key).await.unwrap(), Replayed::Due);
    let swept = gate
        .sweep(|_, delivery| {
            Box::pin(async move {
                assert_eq!(delivery.origin(), Origin::Replayed);
                assert_eq!(delivery.attempt(), 32);
                Ok(Handled::Done)
            })
        })
        .await
        .unwrap();
    assert_eq!(swept.accepted, 1);
    assert_eq!(gate.replay(key).await.unwrap(), Replayed::BodyGone);
    assert_eq!(gate.replay("other").await.unwrap(), Replayed::NotFound);
}

#[tokio::test]
async fn what_was_cut_off_is_swept_when_its_lease_has_ended() {
    let bench = bench();
    let signed = bench.sign(paid(1));
    let receiving = bench.gate.receive(&signed.headers, signed.body, |_, _| {
        Box::pin(std::future::pending())
    });
    // The connection ends, and the future with it.
    let cut_off = futures_util::FutureExt::now_or_never(receiving);
    assert!(cut_off.is_none());
    assert_eq!(bench.gate.sweep(never).await.unwrap(), Swept::default());
    bench.clock.advance(Duration::from_secs(40));
    let swept = bench.gate.sweep(|_, delivery| {
        Box::pin(async move {
            assert_eq!(delivery.origin(), Origin::Swept);
            assert_eq!(delivery.attempt(), 2);
            assert_eq!(delivery.merchant_reference().as_deref(), Some("INV-1"));
            Ok(Handled::Done)
        })
    });
    assert_eq!(swept.await.unwrap().accepted, 1);
}

#[tokio::test]
async fn a_delivery_that_crashes_every_process_is_not_swept_for_ever() {
    let bench = bench();
    let rule = RetryRule::new(MINUTE, MINUTE, 3);
    let gate = Gate::new(bench.gate.receiver().clone(), bench.gate.ledger().clone());
    let gate = gate.with_retry_rule(rule);
    let signed = bench.sign(paid(1));
    let receiving = gate.receive(&signed.headers, signed.body, |_, _| {
        Box::pin(std::future::pending())
    });
    let _ = futures_util::FutureExt::now_or_never(receiving);
    for _ in 0..2 {
        bench.clock.advance(MINUTE);
        let sweeping = gate.sweep(|_, _| Box::pin(std::future::pending()));
        assert!(futures_util::FutureExt::now_or_never(sweeping).is_none());
    }
    bench.clock.advance(MINUTE);
    assert_eq!(gate.sweep(never).await.unwrap().failed, 1);
    let needy = gate.ledger().list(DeliveryState::NeedsPerson, 10).await;
    assert_eq!(needy.unwrap().len(), 1);
}

#[tokio::test]
async fn nothing_is_forgotten_that_could_still_come() {
    let bench = bench();
    let receipt = bench.receive(paid(1), done).await;
    let waits = bench.receive(paid(2), later).await;
    let least = 45 * MINUTE;
    match bench.gate.prune(least - Duration::from_secs(1)).await {
        Err(PruneError::TooYoung { least: said }) => assert_eq!(said, least),
        other => panic!("{other:?}"),
    }
    assert_eq!(bench.gate.prune(least).await.unwrap(), 0);
    bench.clock.advance(least + MINUTE);
    assert_eq!(bench.gate.prune(least).await.unwrap(), 1);
    let left = |receipt: &Receipt| {
        let (key, ledger) = (receipt.key().unwrap().to_owned(), bench.gate.ledger());
        async move { ledger.get(&key).await.unwrap().is_some() }
    };
    assert!(!left(&receipt).await);
    assert!(left(&waits).await);
}

#[tokio::test]
async fn memory_is_bounded_and_nothing_is_dropped_silently() {
    let bench = bench_with(MemoryLedger::new().with_bounds(3, 10_000));
    for number in 0..3 {
        let receipt = bench.receive(paid(number), done).await;
        assert_eq!(receipt.status(), 200);
    }
    let receipt = bench.receive(paid(4), never).await;
    assert_eq!(receipt.status(), 503);
    assert!(matches!(
        receipt,
        Receipt::Failed {
            error: GateError::Ledger(_),
            ..
        }
    ));
    // Room is made when no copy of the old ones is accepted any more.
    bench.clock.advance(46 * MINUTE);
    assert_eq!(bench.receive(paid(4), later).await.status(), 425);
    assert_eq!(bench.receive(paid(5), done).await.status(), 200);
    // Nor is there room for more bodies that wait.
    let bench = bench_with(MemoryLedger::new().with_bounds(100, 300));
    assert_eq!(bench.receive(paid(1), later).await.status(), 425);
    assert_eq!(bench.receive(paid(2), later).await.status(), 425);
    assert_eq!(bench.receive(paid(3), never).await.status(), 503);
    assert_eq!(bench.receive(paid(1), done).await.status(), 200);
    assert_eq!(bench.receive(paid(3), done).await.status(), 200);
}

/// A router of its own keeps gate and handler, whatever they are, and runs on any thread.
fn served<L, H>(gate: Gate<L>, signed: SignedDelivery, handler: H) -> tokio::task::JoinHandle<u16>
where
    L: Ledger + 'static,
    H: for<'a> Fn(&'a mut L::Transaction, &'a Delivery<'static>) -> BoxFuture<'a, HandlerResult>
        + Clone
        + Send
        + Sync
        + 'static,
{
    let swept = tokio::spawn({
        let (gate, handler) = (gate.clone(), handler.clone());
        async move { gate.sweep(handler).await.unwrap() }
    });
    tokio::spawn(async move {
        swept.await.unwrap();
        let receipt = gate.receive(&signed.headers, signed.body, handler).await;
        receipt.status().as_u16()
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handlers_run_on_any_thread_and_borrow_from_where_they_are_made() {
    let bench = bench();
    let seen = Arc::new(AtomicU32::new(0));
    let status = served(bench.gate.clone(), bench.sign(paid(1)), done);
    assert_eq!(status.await.unwrap(), 200);
    let counting = Arc::clone(&seen);
    let status = served(bench.gate.clone(), bench.sign(paid(2)), move |_, _| {
        let seen = Arc::clone(&counting);
        Box::pin(async move {
            seen.fetch_add(1, Ordering::Relaxed);
            Ok(Handled::Done)
        })
    });
    assert_eq!(status.await.unwrap(), 200);
    let (gate, signed) = (bench.gate.clone(), bench.sign(paid(3)));
    let shop = Arc::clone(&seen);
    let status = tokio::spawn(async move {
        let received = gate.receive(&signed.headers, signed.body, |_, delivery| {
            Box::pin(async {
                if delivery.is_paid() {
                    shop.fetch_add(1, Ordering::Relaxed);
                }
                Ok(Handled::Done)
            })
        });
        let receipt = received.await;
        let swept = gate.sweep(|_, _| {
            Box::pin(async {
                shop.fetch_add(1, Ordering::Relaxed);
                Ok(Handled::Done)
            })
        });
        assert_eq!(swept.await.unwrap(), Swept::default());
        receipt.status()
    });
    assert_eq!(status.await.unwrap(), 200);
    assert_eq!(seen.load(Ordering::Relaxed), 2);
}
