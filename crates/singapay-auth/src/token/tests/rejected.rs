//! Tokens that the gateway refused.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::Poll,
};

use super::*;

/// Lets a call go as far as it can.
async fn start(call: Pin<&mut impl Future>) {
    let mut call = call;
    poll_fn(|context| {
        assert!(call.as_mut().poll(context).is_pending());
        Poll::Ready(())
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn only_the_rejected_token_is_dropped() {
    let bench = bench([]);
    let first = bench.manager.get().await.unwrap();
    bench.manager.invalidate(&first);
    assert_eq!(bench.get().await, "t-2");
    // A second 401 for the old one arrives late.
    bench.manager.invalidate(&first);
    assert_eq!(bench.get().await, "t-2");
    assert_eq!(bench.fetches(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_interleaving_serves_a_rejected_token_again() {
    let clock = ManualClock::new();
    let bench = Arc::new(bench_with("t", clock, [], None));
    let tasks = (0..8).map(|_| {
        let bench = Arc::clone(&bench);
        tokio::spawn(async move {
            for round in 0..500 {
                let token = bench.manager.get().await.unwrap();
                if round % 3 == 0 {
                    bench.manager.invalidate(&token);
                    let next = bench.manager.get().await.unwrap();
                    assert_ne!(next.value().expose(), token.value().expose());
                }
                tokio::task::yield_now().await;
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    // Every round that divides by three, of every task, rejects one token.
    assert!(bench.fetches() <= 8 * 167 + 1);
}

#[tokio::test(start_paused = true)]
async fn who_waited_for_a_token_that_was_rejected_meanwhile_gets_another() {
    let bench = bench([Fetch::After(Duration::from_secs(1), 3600)]);
    let mut late = pin!(bench.manager.get());
    start(late.as_mut()).await;
    let first = bench.manager.get().await.unwrap();
    bench.manager.invalidate(&first);
    assert_eq!(late.await.unwrap().value().expose(), "t-2");
}

#[tokio::test(start_paused = true)]
async fn an_early_refresh_brings_neither_the_old_token_nor_the_new_one_when_both_were_rejected() {
    let script = [
        Fetch::Token(3600),
        Fetch::After(Duration::from_secs(1), 3600),
    ];
    let bench = bench(script);
    let old = bench.manager.get().await.unwrap();
    bench.clock.advance(3500);
    let mut early = pin!(bench.manager.get());
    start(early.as_mut()).await;
    bench.manager.invalidate(&old);
    let new = bench.manager.get().await.unwrap();
    assert_eq!(new.value().expose(), "t-2");
    bench.manager.invalidate(&new);
    assert_eq!(early.await.unwrap().value().expose(), "t-3");
}
