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
