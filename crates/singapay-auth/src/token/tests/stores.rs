//! Several processes behind one store, and stores that fail.

use super::*;

#[tokio::test(start_paused = true)]
async fn two_processes_share_a_token_and_a_refresh() {
    let store = Arc::new(MemoryTokenStore::default());
    let clock = ManualClock::new();
    let slow = || [Fetch::After(Duration::from_secs(1), 3600)];
    let a = bench_with("a", clock.clone(), slow(), Some(store.clone()));
    let b = bench_with("b", clock.clone(), slow(), Some(store.clone()));
    let (first, second) = tokio::join!(a.get(), b.get());
    assert_eq!(first, second);
    assert_eq!(a.fetches() + b.fetches(), 1);
    // Both see a 401; one fetches.
    let (old_a, old_b) = (
        a.manager.get().await.unwrap(),
        b.manager.get().await.unwrap(),
    );
    a.manager.invalidate(&old_a);
    b.manager.invalidate(&old_b);
    let (first, second) = tokio::join!(a.get(), b.get());
    assert_eq!(first, second);
    assert_eq!(a.fetches() + b.fetches(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_late_process_does_not_delete_the_new_token() {
    let store = Arc::new(MemoryTokenStore::default());
    let clock = ManualClock::new();
    let a = bench_with("a", clock.clone(), [], Some(store.clone()));
    let b = bench_with("b", clock.clone(), [], Some(store.clone()));
    let old = a.manager.get().await.unwrap();
    let late = b.manager.get().await.unwrap();
    assert_eq!(late.value().expose(), "a-1");
    a.manager.invalidate(&old);
    assert_eq!(a.get().await, "a-2");
    b.manager.invalidate(&late);
    assert_eq!(b.get().await, "a-2");
    assert_eq!(b.fetches(), 0);
}

/// A store that never answers, or always fails.
#[derive(Debug)]
struct BadStore {
    hangs: bool,
    asked: AtomicUsize,
}

impl BadStore {
    fn bad<'a, T: Send + 'a>(&'a self) -> BoxFuture<'a, Result<T, BoxError>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let hangs = self.hangs;
        Box::pin(async move {
            if hangs {
                std::future::pending::<()>().await;
            }
            Err("broken".into())
        })
    }
}

impl TokenStore for BadStore {
    fn load<'a>(&'a self, _: &'a TokenKey) -> BoxFuture<'a, Result<Option<StoredToken>, BoxError>> {
        self.bad()
    }

    fn save<'a>(
        &'a self,
        _: &'a TokenKey,
        _: &'a StoredToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        self.bad()
    }

    fn remove<'a>(
        &'a self,
        _: &'a TokenKey,
        _: &'a StoredToken,
    ) -> BoxFuture<'a, Result<(), BoxError>> {
        self.bad()
    }

    fn lock<'a>(
        &'a self,
        _: &'a TokenKey,
        _: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>, BoxError>> {
        self.bad()
    }

    fn unlock<'a>(&'a self, _: &'a TokenKey, _: &'a Lease) -> BoxFuture<'a, Result<(), BoxError>> {
        self.bad()
    }
}

#[tokio::test(start_paused = true)]
async fn a_broken_store_is_gone_without() {
    for hangs in [false, true] {
        let store = Arc::new(BadStore {
            hangs,
            asked: AtomicUsize::new(0),
        });
        let bench = bench_with("t", ManualClock::new(), [], Some(store.clone()));
        let started = tokio::time::Instant::now();
        assert_eq!(bench.get().await, "t-1");
        assert!(started.elapsed() <= TokenSettings::default().store_timeout);
        assert_eq!(
            store.asked.load(Ordering::SeqCst),
            1,
            "left alone after a failure"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_lease_whose_holder_died_is_outlived() {
    let store = Arc::new(MemoryTokenStore::default());
    store
        .lock(&key(), Duration::from_secs(3600))
        .await
        .unwrap()
        .unwrap();
    let bench = bench_with("t", ManualClock::new(), [], Some(store));
    let started = tokio::time::Instant::now();
    assert_eq!(bench.get().await, "t-1");
    assert!(started.elapsed() < TokenSettings::default().lease_patience + Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_stored_token_is_used_only_while_it_lives() {
    let store = Arc::new(MemoryTokenStore::default());
    let clock = ManualClock::new();
    let now = clock.now();
    let old = StoredToken::new(Secret::new("old"), now, now.plus(Duration::from_secs(100)));
    store.save(&key(), &old).await.unwrap();
    let a = bench_with("a", clock.clone(), [], Some(store.clone()));
    assert_eq!(a.get().await, "old");
    clock.advance(100);
    let b = bench_with("b", clock.clone(), [], Some(store.clone()));
    assert_eq!(b.get().await, "b-1");
}

#[test]
fn stored_tokens_survive_as_text() {
    let now = ManualClock::new().now();
    let token = StoredToken::new(Secret::new("a\nb"), now, now.plus(Duration::from_secs(5)));
    let back = StoredToken::from_text(token.to_text().expose().to_owned()).unwrap();
    assert!(back.is_same(&token));
    assert_eq!(
        (back.obtained_at(), back.expires_at()),
        (token.obtained_at(), token.expires_at())
    );
    for broken in ["", "1\n2", "1\n2\n", "x\n2\nt"] {
        assert!(StoredToken::from_text(broken.to_owned()).is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn an_early_refresh_is_shared_too() {
    let store = Arc::new(MemoryTokenStore::default());
    let clock = ManualClock::new();
    let a = bench_with("a", clock.clone(), [], Some(store.clone()));
    let b = bench_with("b", clock.clone(), [], Some(store.clone()));
    assert_eq!((a.get().await, b.get().await), ("a-1".into(), "a-1".into()));
    clock.advance(3500);
    assert_eq!((a.get().await, b.get().await), ("a-2".into(), "a-2".into()));
    assert_eq!((a.fetches(), b.fetches()), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn the_lease_is_given_back() {
    let store = Arc::new(MemoryTokenStore::default());
    let script = [Fetch::Refuse, Fetch::Token(3600)];
    let bench = bench_with("t", ManualClock::new(), script, Some(store.clone()));
    for succeeds in [false, true] {
        assert_eq!(bench.manager.get().await.is_ok(), succeeds);
        let lease = store.lock(&key(), Duration::from_secs(3600)).await.unwrap();
        store.unlock(&key(), &lease.unwrap()).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_rejected_token_leaves_the_store() {
    let store = Arc::new(MemoryTokenStore::default());
    let script = [Fetch::Token(3600), Fetch::Refuse];
    let bench = bench_with("t", ManualClock::new(), script, Some(store.clone()));
    let token = bench.manager.get().await.unwrap();
    assert!(store.load(&key()).await.unwrap().is_some());
    bench.manager.invalidate(&token);
    assert!(bench.manager.get().await.is_err());
    assert!(store.load(&key()).await.unwrap().is_none());
}

/// Another program, an older version or a person can have written it.
#[tokio::test(start_paused = true)]
async fn garbage_in_a_store_is_absent_and_replaced() {
    const DAY: i64 = 24 * 3600 * 1000;
    let start = ManualClock::new().now().unix_millis();
    let long = "x".repeat(10_000);
    for (value, obtained, life) in [
        ("good\n", start, 3_600_000),
        ("two words", start, 3_600_000),
        ("a\r\nX-Evil: 1", start, 3_600_000),
        ("ключ", start, 3_600_000),
        ("", start, 3_600_000),
        (long.as_str(), start, 3_600_000),
        ("good", start, 0),
        ("good", start, -1),
        ("good", start, DAY + 1),
        ("good", start, i64::MAX - start),
        ("good", i64::MIN, i64::MAX),
        ("good", i64::MAX, 0),
        ("good", start + 61_000, 3_600_000),
        ("good", start - DAY, DAY),
    ] {
        let store = Arc::new(MemoryTokenStore::default());
        let at = |millis| singapay_core::Timestamp::from_unix_millis(millis);
        let garbage = StoredToken::new(
            Secret::new(value),
            at(obtained),
            at(obtained.saturating_add(life)),
        );
        store.save(&key(), &garbage).await.unwrap();
        let bench = bench_with("t", ManualClock::new(), [], Some(store.clone()));
        let started = tokio::time::Instant::now();
        assert_eq!(bench.get().await, "t-1", "{garbage:?}");
        assert_eq!(started.elapsed(), Duration::ZERO);
        let kept = store.load(&key()).await.unwrap().unwrap();
        assert_eq!(kept.value().expose(), "t-1", "{garbage:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn garbage_leaves_a_store_even_when_no_token_can_be_fetched() {
    let store = Arc::new(MemoryTokenStore::default());
    let now = ManualClock::new().now();
    let garbage = StoredToken::new(Secret::new("a\n"), now, now.plus(Duration::from_secs(60)));
    store.save(&key(), &garbage).await.unwrap();
    let bench = bench_with(
        "t",
        ManualClock::new(),
        [Fetch::Refuse],
        Some(store.clone()),
    );
    assert!(bench.manager.get().await.is_err());
    assert!(store.load(&key()).await.unwrap().is_none());
}

/// Also one that another process stores while this one waits for it.
#[tokio::test(start_paused = true)]
async fn whatever_lies_in_a_store_calls_get_a_token_that_can_be_sent() {
    let mut random = fastrand::Rng::with_seed(9);
    let parts = ["t", "é", "\n", "\0", " ", ".", "\u{7f}", "=", "\"", "x"];
    for _ in 0..2_000 {
        let value: String = (0..random.usize(..6))
            .map(|_| parts[random.usize(..10)])
            .collect();
        let clock = ManualClock::new();
        let mut time = || {
            let near = clock.now().unix_millis();
            [
                random.i64(..),
                near,
                near.wrapping_add(random.i64(-200_000_000..200_000_000)),
            ][random.usize(..3)]
        };
        let [obtained, expires] = [time(), time()].map(singapay_core::Timestamp::from_unix_millis);
        let store = Arc::new(MemoryTokenStore::default());
        let found = StoredToken::new(Secret::new(value), obtained, expires);
        store.save(&key(), &found).await.unwrap();
        let bench = bench_with("t", clock, [], Some(store));
        let token = bench.manager.get().await.unwrap();
        let text = token.value().expose();
        assert!(!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()));
        let day = Duration::from_secs(24 * 3600);
        assert!(token.expires_at() <= bench.clock.now().plus(day + Duration::from_secs(60)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_source_of_ones_own_is_checked_too() {
    let bench = bench([Fetch::Token(30 * 24 * 3600)]);
    let token = bench.manager.get().await.unwrap();
    let life = token.expires_at().since(bench.clock.now());
    assert_eq!(life, Duration::from_secs(24 * 3600));
    let bench = bench_with("t\n", ManualClock::new(), [], None);
    let error = bench.manager.get().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "what was fetched is no token that can be sent"
    );
}
