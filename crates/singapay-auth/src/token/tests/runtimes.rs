//! Callers on several runtimes, each of which can end or stand still at any time.

use std::{future::poll_fn, task::Poll};

use tokio::runtime::{Builder, Runtime};

use super::*;

type Call = BoxFuture<'static, Result<String, TokenError>>;

fn runtime() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_all().start_paused(true).build().unwrap()
}

impl Bench {
    fn call(&self) -> Call {
        let manager = self.manager.clone();
        Box::pin(async move { Ok(manager.get().await?.value().expose().to_owned()) })
    }
}

/// Lets a call go as far as it can without waiting, on this runtime.
fn poll(runtime: &Runtime, call: &mut Call) -> Option<Result<String, TokenError>> {
    runtime.block_on(poll_fn(|context| {
        Poll::Ready(match call.as_mut().poll(context) {
            Poll::Ready(result) => Some(result),
            Poll::Pending => None,
        })
    }))
}

fn slow() -> Fetch {
    Fetch::After(Duration::from_secs(2), 3600)
}

#[test]
fn a_runtime_that_ends_takes_no_waiting_caller_with_it() {
    let bench = bench([slow(), slow()]);
    let (first, second) = (runtime(), runtime());
    let (mut leader, mut waiting) = (bench.call(), bench.call());
    assert!(poll(&first, &mut leader).is_none());
    assert!(poll(&second, &mut waiting).is_none());
    assert_eq!(bench.fetches(), 1, "they share a fetch");
    drop(leader);
    drop(first);
    assert_eq!(second.block_on(waiting).unwrap(), "t-2");
}

/// A caller that is not dropped, on a runtime that nobody drives.
#[test]
fn a_runtime_that_stands_still_holds_up_nobody_for_long() {
    let bench = bench([slow(), slow()]);
    let (first, second, third) = (runtime(), runtime(), runtime());
    let mut leader = bench.call();
    assert!(poll(&first, &mut leader).is_none());
    second.block_on(async {
        let started = tokio::time::Instant::now();
        let mut waiting = bench.call();
        assert_eq!(waiting.as_mut().await.unwrap(), "t-2");
        let patience = TokenSettings::default().lease_patience + Duration::from_secs(2);
        assert!(started.elapsed() <= patience, "{:?}", started.elapsed());
    });
    assert_eq!(third.block_on(bench.call()).unwrap(), "t-2");
    // The late one is a token too.
    assert_eq!(first.block_on(leader).unwrap(), "t-1");
    assert_eq!(bench.fetches(), 2);
}

#[test]
fn runtimes_share_a_token_and_an_error() {
    for (fetch, result) in [(slow(), Ok("t-1")), (Fetch::Refuse, Err(()))] {
        let bench = bench([fetch]);
        let (first, second, third) = (runtime(), runtime(), runtime());
        let (mut leader, mut one, mut other) = (bench.call(), bench.call(), bench.call());
        assert!(poll(&first, &mut leader).is_none());
        assert!(poll(&second, &mut one).is_none());
        assert!(poll(&third, &mut other).is_none());
        let leader = first.block_on(leader);
        drop(first);
        for end in [leader, second.block_on(one), third.block_on(other)] {
            assert_eq!(end.as_deref().map_err(drop), result);
        }
        assert_eq!(bench.fetches(), 1);
    }
}

/// A token that another runtime fetched long ago, while nobody here asked, is not served.
#[test]
fn an_old_flight_of_another_runtime_brings_no_expired_token() {
    let bench = bench([]);
    let (first, second) = (runtime(), runtime());
    assert_eq!(first.block_on(bench.call()).unwrap(), "t-1");
    bench.clock.advance(7200);
    assert_eq!(second.block_on(bench.call()).unwrap(), "t-2");
}

#[test]
fn an_early_refresh_of_another_runtime_is_nobody_elses_business() {
    let bench = bench([Fetch::Token(3600), slow()]);
    let (first, second) = (runtime(), runtime());
    assert_eq!(first.block_on(bench.call()).unwrap(), "t-1");
    bench.clock.advance(3500);
    let mut early = bench.call();
    assert!(poll(&first, &mut early).is_none());
    bench.clock.advance(31);
    assert_eq!(poll(&second, &mut bench.call()).unwrap().unwrap(), "t-1");
    drop((early, first));
    bench.clock.advance(31);
    assert_eq!(second.block_on(bench.call()).unwrap(), "t-3");
}

/// Whatever begins, goes on, is dropped and ends in whatever order: who is left gets a token.
#[test]
fn no_interleaving_of_runtimes_panics_or_hangs() {
    let mut random = fastrand::Rng::with_seed(10);
    for _ in 0..300 {
        let script: Vec<_> = (0..random.usize(..8)).map(|_| slow()).collect();
        let bench = bench(script);
        let mut runtimes: Vec<Option<(Runtime, Vec<Call>)>> =
            (0..3).map(|_| Some((runtime(), Vec::new()))).collect();
        for _ in 0..random.usize(..20) {
            let slot = &mut runtimes[random.usize(..3)];
            let (runtime, calls) = slot.get_or_insert_with(|| (runtime(), Vec::new()));
            match random.u8(..10) {
                0..4 => calls.push(bench.call()),
                4..7 if !calls.is_empty() => {
                    let at = random.usize(..calls.len());
                    if let Some(end) = poll(runtime, &mut calls[at]) {
                        end.unwrap();
                        drop(calls.swap_remove(at));
                    }
                }
                7 if !calls.is_empty() => drop(calls.swap_remove(random.usize(..calls.len()))),
                8 => runtime.block_on(async { tokio::time::sleep(Duration::from_secs(1)).await }),
                9 => *slot = None,
                _ => {}
            }
        }
        for (runtime, calls) in runtimes.into_iter().flatten() {
            for call in calls {
                let limit = Duration::from_secs(60);
                let end = async { tokio::time::timeout(limit, call).await };
                runtime.block_on(end).unwrap().unwrap();
            }
        }
    }
}
