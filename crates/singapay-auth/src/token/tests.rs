use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use singapay_core::{BoxError, BoxFuture, Clock, Secret};

use super::*;
use crate::{
    endpoint::Endpoint,
    testing::{ManualClock, TokioTimer, received},
};

mod rejected;
mod runtimes;
mod stores;

/// Behaviour of the source in one fetch.
enum Fetch {
    Token(u64),
    After(Duration, u64),
    Refuse,
    Hang,
}

#[derive(Debug)]
struct Source {
    name: &'static str,
    clock: Arc<ManualClock>,
    fetches: AtomicUsize,
    script: Mutex<VecDeque<Fetch>>,
}

impl std::fmt::Debug for Fetch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fetch")
    }
}

impl TokenSource for Source {
    fn fetch(&self) -> BoxFuture<'static, Result<StoredToken, TokenError>> {
        let number = self.fetches.fetch_add(1, Ordering::SeqCst) + 1;
        let next = self
            .script
            .lock()
            .unwrap()
            .pop_front()
            .unwrap_or(Fetch::Token(3600));
        let (name, now) = (self.name, self.clock.now());
        Box::pin(async move {
            let life = match next {
                Fetch::Token(life) => life,
                Fetch::After(delay, life) => {
                    tokio::time::sleep(delay).await;
                    life
                }
                Fetch::Refuse => {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    return Err(TokenError::refused(received(401, "")));
                }
                Fetch::Hang => std::future::pending().await,
            };
            let value = Secret::new(format!("{name}-{number}"));
            Ok(StoredToken::new(
                value,
                now,
                now.plus(Duration::from_secs(life)),
            ))
        })
    }
}

struct Bench {
    clock: Arc<ManualClock>,
    source: Arc<Source>,
    manager: TokenManager,
}

fn bench(script: impl IntoIterator<Item = Fetch>) -> Bench {
    bench_with("t", ManualClock::new(), script, None)
}

fn bench_with(
    name: &'static str,
    clock: Arc<ManualClock>,
    script: impl IntoIterator<Item = Fetch>,
    store: Option<Arc<dyn TokenStore>>,
) -> Bench {
    let source = Arc::new(Source {
        name,
        clock: Arc::clone(&clock),
        fetches: AtomicUsize::new(0),
        script: Mutex::new(script.into_iter().collect()),
    });
    let own: Arc<dyn Clock> = clock.clone();
    let mut builder = TokenManager::builder(source.clone(), own, Arc::new(TokioTimer));
    if let Some(store) = store {
        builder = builder.store(key(), store);
    }
    Bench {
        clock,
        source,
        manager: builder.build(),
    }
}

fn key() -> TokenKey {
    TokenKey::new(Endpoint::parse("https://a.example").unwrap(), "cid")
}

impl Bench {
    async fn get(&self) -> String {
        self.manager
            .get()
            .await
            .unwrap()
            .value()
            .expose()
            .to_owned()
    }

    fn fetches(&self) -> usize {
        self.source.fetches.load(Ordering::SeqCst)
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_is_fetched_once_and_kept() {
    let bench = bench([]);
    assert!(bench.manager.cached().is_none());
    assert_eq!(bench.get().await, "t-1");
    assert_eq!(bench.get().await, "t-1");
    assert!(bench.manager.cached().is_some());
    assert_eq!(bench.fetches(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_expired_token_is_replaced() {
    let bench = bench([]);
    bench.get().await;
    bench.clock.advance(3600);
    assert_eq!(bench.get().await, "t-2");
}

#[tokio::test(start_paused = true)]
async fn a_token_is_never_served_past_its_lifetime() {
    for life in [1, 5, 60, 3600] {
        let bench = bench([Fetch::Token(life), Fetch::Refuse, Fetch::Refuse]);
        bench.get().await;
        bench.clock.advance(i64::try_from(life).unwrap());
        assert!(bench.manager.cached().is_none());
        assert!(bench.manager.get().await.is_err(), "{life}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_from_the_future_is_not_served() {
    let bench = bench([]);
    bench.get().await;
    bench.clock.advance(-3600);
    assert_eq!(bench.get().await, "t-2");
}

#[tokio::test(start_paused = true)]
async fn a_failed_early_refresh_is_no_error() {
    let bench = bench([
        Fetch::Token(3600),
        Fetch::Refuse,
        Fetch::Hang,
        Fetch::Token(3600),
    ]);
    bench.get().await;
    // Due for a refresh, whatever the jitter, and still usable.
    bench.clock.advance(3500);
    assert_eq!(bench.get().await, "t-1");
    assert_eq!(bench.fetches(), 2);
    assert_eq!(bench.get().await, "t-1");
    assert_eq!(bench.fetches(), 2, "pauses after a failure");
    bench.clock.advance(31);
    let started = tokio::time::Instant::now();
    assert_eq!(
        bench.get().await,
        "t-1",
        "a refresh that hangs is left alone"
    );
    assert_eq!(started.elapsed(), TokenSettings::default().early_patience);
    bench.clock.advance(31);
    assert_eq!(bench.get().await, "t-4");
}

#[tokio::test(start_paused = true)]
async fn short_lives_are_refreshed_early_every_time() {
    let bench = bench([0; 3].map(|_| Fetch::Token(30)));
    bench.get().await;
    for token in ["t-2", "t-3"] {
        bench.clock.advance(26);
        assert_eq!(bench.get().await, token);
    }
}

#[tokio::test(start_paused = true)]
async fn during_an_early_refresh_others_use_the_old_token() {
    let bench = bench([
        Fetch::Token(3600),
        Fetch::After(Duration::from_secs(1), 3600),
    ]);
    bench.get().await;
    bench.clock.advance(3500);
    let first = bench.manager.clone();
    let leader =
        tokio::spawn(async move { first.get().await.unwrap().value().expose().to_owned() });
    tokio::task::yield_now().await;
    let started = tokio::time::Instant::now();
    for _ in 0..100 {
        assert_eq!(bench.get().await, "t-1");
    }
    assert_eq!(started.elapsed(), Duration::ZERO);
    assert_eq!(leader.await.unwrap(), "t-2");
    assert_eq!(bench.get().await, "t-2");
    assert_eq!(bench.fetches(), 2);
}

#[tokio::test]
async fn ten_thousand_callers_share_one_fetch() {
    let bench = bench([
        Fetch::Token(1),
        Fetch::After(Duration::from_millis(50), 3600),
    ]);
    bench.get().await;
    bench.clock.advance(10);
    let calls = (0..10_000).map(|_| {
        let manager = bench.manager.clone();
        tokio::spawn(async move { manager.get().await.unwrap().value().expose().to_owned() })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap(), "t-2");
    }
    assert_eq!(bench.fetches(), 2);
}

#[tokio::test(start_paused = true)]
async fn those_who_waited_share_the_error() {
    let bench = bench([Fetch::Refuse]);
    let (a, b) = tokio::join!(bench.manager.get(), bench.manager.get());
    assert!(a.is_err() && b.is_err());
    assert_eq!(bench.fetches(), 1);
    assert_eq!(bench.get().await, "t-2", "the next caller tries again");
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_gives_up_takes_nobody_with_it() {
    let bench = bench([Fetch::After(Duration::from_secs(5), 3600)]);
    let first = bench.manager.clone();
    let first = tokio::spawn(async move { first.get().await.map(drop) });
    tokio::task::yield_now().await;
    let second = bench.manager.clone();
    let second = tokio::spawn(async move { second.get().await.map(drop) });
    tokio::time::sleep(Duration::from_secs(1)).await;
    first.abort();
    second.await.unwrap().unwrap();
    assert_eq!(bench.fetches(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_abandoned_fetch_is_started_anew() {
    let bench = bench([Fetch::Hang]);
    let waited = tokio::time::timeout(Duration::from_secs(1), bench.manager.get()).await;
    assert!(waited.is_err());
    assert_eq!(bench.get().await, "t-2");
}

#[tokio::test(start_paused = true)]
async fn a_fetch_that_hangs_ends() {
    let bench = bench([Fetch::Hang]);
    let error = bench.manager.get().await.unwrap_err();
    assert_eq!(error.to_string(), "no token came in time");
}

#[test]
fn keys_differ_by_host_and_client() {
    let digest = |url, client| TokenKey::new(Endpoint::parse(url).unwrap(), client).digest();
    let one = digest("https://a.example", "cid");
    assert_ne!(one, digest("https://b.example", "cid"));
    assert_ne!(one, digest("https://a.example", "cid2"));
    assert_eq!(one.len(), 64);
}

#[tokio::test(start_paused = true)]
async fn nothing_here_prints_a_token() {
    let bench = bench_with("canary", ManualClock::new(), [], None);
    let token = bench.manager.get().await.unwrap();
    let error = TokenError::unreadable(received(200, "canary"));
    let stored = StoredToken::new(Secret::new("canary"), bench.clock.now(), bench.clock.now());
    let key = TokenKey::new(Endpoint::parse("https://a.example").unwrap(), "canary");
    let printed = format!(
        "{:?}{token:?}{error:?}{error}{stored:?}{key:?}",
        bench.manager
    );
    assert!(!printed.contains("canary"), "{printed}");
    assert!(error.answer().unwrap().body.is_empty());
}
