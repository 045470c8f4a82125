//! The Redis store against a real Redis at `SINGAPAY_TEST_REDIS_URL`, and against none.

#![allow(clippy::unwrap_used)]

use std::{
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use singapay_auth::{
    endpoint::Endpoint,
    token::{
        StoredToken, TokenError, TokenKey, TokenManager, TokenSettings, TokenSource, TokenStore,
    },
};
use singapay_core::{BoxFuture, Clock, Secret, SystemClock, Timer};
use singapay_store::RedisTokenStore;

const SECOND: Duration = Duration::from_secs(1);

#[derive(Debug)]
struct TokioTimer;

impl Timer for TokioTimer {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// Makes a token of its own, slowly, and counts.
#[derive(Debug, Default)]
struct Source(AtomicUsize);

impl TokenSource for Source {
    fn fetch(&self) -> BoxFuture<'static, Result<StoredToken, TokenError>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            Ok(token(
                &format!("{:x}", std::process::id()),
                Duration::from_secs(3600),
            ))
        })
    }
}

fn token(value: &str, life: Duration) -> StoredToken {
    let now = SystemClock.now();
    StoredToken::new(Secret::new(value), now, now.plus(life))
}

fn key(client: &str) -> TokenKey {
    TokenKey::new(Endpoint::parse("https://pay.example").unwrap(), client)
}

fn manager(source: &Arc<Source>, store: RedisTokenStore) -> TokenManager {
    TokenManager::builder(source.clone(), Arc::new(SystemClock), Arc::new(TokioTimer))
        .store(key("shared"), Arc::new(store))
        .build()
}

/// A store of this test alone, or `None` with a word about it.
fn store(test: &str) -> Option<RedisTokenStore> {
    Some(store_and_prefix(test)?.0)
}

fn store_and_prefix(test: &str) -> Option<(RedisTokenStore, String)> {
    let Ok(address) = std::env::var("SINGAPAY_TEST_REDIS_URL") else {
        let required = std::env::var_os("SINGAPAY_TEST_REQUIRE_ALL").is_some();
        assert!(!required, "SINGAPAY_TEST_REDIS_URL is not set");
        println!("skipped: SINGAPAY_TEST_REDIS_URL is not set");
        return None;
    };
    let now = SystemClock.now().unix_millis();
    let prefix = format!("singapay-test:{test}:{}:{now}", std::process::id());
    let store = RedisTokenStore::new(&address).unwrap().prefix(&prefix);
    Some((store, prefix))
}

#[tokio::test]
async fn tokens_are_kept_until_they_end() {
    let Some(store) = store("kept") else { return };
    let (one, other) = (key("one"), key("other"));
    assert!(store.load(&one).await.unwrap().is_none());
    let kept = token("kept", 60 * SECOND);
    store.save(&one, &kept).await.unwrap();
    let loaded = store.load(&one).await.unwrap().unwrap();
    assert!(loaded.is_same(&kept));
    assert_eq!(loaded.expires_at(), kept.expires_at());
    assert!(store.load(&other).await.unwrap().is_none());

    store
        .save(&other, &token("brief", Duration::from_millis(1)))
        .await
        .unwrap();
    let started = Instant::now();
    while store.load(&other).await.unwrap().is_some() {
        assert!(started.elapsed() < 5 * SECOND);
    }
}

#[tokio::test]
async fn only_the_same_token_is_removed() {
    let Some(store) = store("removed") else {
        return;
    };
    let key = key("one");
    let (old, new) = (token("old", 60 * SECOND), token("new", 60 * SECOND));
    store.save(&key, &new).await.unwrap();
    store.remove(&key, &old).await.unwrap();
    assert!(store.load(&key).await.unwrap().unwrap().is_same(&new));
    store.remove(&key, &new).await.unwrap();
    assert!(store.load(&key).await.unwrap().is_none());
}

#[tokio::test]
async fn a_lease_has_one_holder() {
    let Some(store) = store("lease") else { return };
    let key = key("one");
    let first = store.lock(&key, 60 * SECOND).await.unwrap().unwrap();
    assert!(store.lock(&key, 60 * SECOND).await.unwrap().is_none());
    store.unlock(&key, &first).await.unwrap();
    let second = store
        .lock(&key, Duration::from_millis(1))
        .await
        .unwrap()
        .unwrap();
    let started = Instant::now();
    let third = loop {
        if let Some(third) = store.lock(&key, 60 * SECOND).await.unwrap() {
            break third;
        }
        assert!(started.elapsed() < 5 * SECOND);
    };
    // A holder whose lease has passed to another cannot give it back.
    store.unlock(&key, &second).await.unwrap();
    assert!(store.lock(&key, 60 * SECOND).await.unwrap().is_none());
    store.unlock(&key, &third).await.unwrap();
    assert!(store.lock(&key, 60 * SECOND).await.unwrap().is_some());
}

/// Somebody else wrote under our names.
#[tokio::test]
async fn garbage_neither_stops_calls_nor_survives() {
    let Some((store, prefix)) = store_and_prefix("garbage") else {
        return;
    };
    let address = std::env::var("SINGAPAY_TEST_REDIS_URL").unwrap();
    let client = redis::Client::open(address).unwrap();
    let mut other = client.get_multiplexed_async_connection().await.unwrap();
    let key = key("shared");
    let token_name = format!("{prefix}:token:{}", key.digest());
    let lease_name = format!("{prefix}:lease:{}", key.digest());
    let text = |value: &[u8]| redis::cmd("SET").arg(&token_name).arg(value).take();
    let now = SystemClock.now().unix_millis();
    let source = Arc::new(Source::default());
    let store = Arc::new(store);
    let mut settings = TokenSettings::default();
    settings.lease_patience = Duration::from_millis(100);
    for (number, garbage) in [
        redis::cmd("LPUSH").arg(&token_name).arg("a").take(),
        text(b"\xff\xfe"),
        text(b"{\"access_token\":\"x\"}"),
        text(format!("{now}\n{}\ngood\n", now + 1_000_000).as_bytes()),
        text(format!("{now}\n{}\ngood", i64::MAX).as_bytes()),
        // A lease without an end.
        redis::cmd("SET").arg(&lease_name).arg("x").take(),
        redis::cmd("LPUSH").arg(&lease_name).arg("x").take(),
    ]
    .into_iter()
    .enumerate()
    {
        let _: () = redis::cmd("DEL")
            .arg(&[&token_name, &lease_name])
            .query_async(&mut other)
            .await
            .unwrap();
        let _: () = garbage.query_async(&mut other).await.unwrap();
        // A new process each time.
        let manager =
            TokenManager::builder(source.clone(), Arc::new(SystemClock), Arc::new(TokioTimer))
                .store(key.clone(), store.clone())
                .settings(settings)
                .build();
        manager.get().await.unwrap();
        assert_eq!(source.0.load(Ordering::SeqCst), number + 1);
        assert!(store.load(&key).await.unwrap().is_some(), "{number}");
        let lease: i64 = redis::cmd("PTTL")
            .arg(&lease_name)
            .query_async(&mut other)
            .await
            .unwrap();
        // -2: there is none; -1: it never ends.
        assert!(
            (-2..=12_000).contains(&lease) && lease != -1,
            "{number}: {lease}"
        );
    }
}

/// Its connection is nobody else's.
#[test]
fn a_runtime_that_stands_still_or_ends_holds_up_nobody() {
    let Some(store) = store("runtimes") else {
        return;
    };
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_all().build().unwrap()
    };
    let (first, second, third) = (runtime(), runtime(), runtime());
    let (key, kept) = (key("one"), token("kept", 60 * SECOND));
    first.block_on(store.save(&key, &kept)).unwrap();
    // The first one is still there, but runs nothing.
    let load = || tokio::time::timeout(SECOND, store.load(&key));
    let loaded = second.block_on(async { load().await }).unwrap().unwrap();
    assert!(loaded.unwrap().is_same(&kept));
    drop((first, second));
    let loaded = third.block_on(async { load().await }).unwrap().unwrap();
    assert!(loaded.unwrap().is_same(&kept));
}

/// One of the processes of the next test.
#[tokio::test]
async fn child_process() {
    let Ok(prefix) = std::env::var("SINGAPAY_TEST_CHILD") else {
        return;
    };
    let address = std::env::var("SINGAPAY_TEST_REDIS_URL").unwrap();
    let source = Arc::new(Source::default());
    let manager = manager(
        &source,
        RedisTokenStore::new(&address).unwrap().prefix(prefix),
    );
    let callers = (0..50).map(|_| {
        let manager = manager.clone();
        tokio::spawn(async move { manager.get().await.unwrap() })
    });
    let mut seen = String::new();
    for caller in callers.collect::<Vec<_>>() {
        seen = caller.await.unwrap().value().expose().to_owned();
    }
    println!(
        "child fetched {} got {seen}",
        source.0.load(Ordering::SeqCst)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_share_one_token_and_one_refresh() {
    if store("processes").is_none() {
        return;
    }
    let prefix = format!(
        "singapay-test:{}:{}",
        std::process::id(),
        SystemClock.now().unix_millis()
    );
    let program = std::env::current_exe().unwrap();
    let children: Vec<_> = (0..6)
        .map(|_| {
            tokio::process::Command::new(&program)
                .args(["--exact", "child_process", "--nocapture"])
                .env("SINGAPAY_TEST_CHILD", &prefix)
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut fetched = 0;
    let mut tokens = Vec::new();
    for child in children {
        let output = child.wait_with_output().await.unwrap();
        let output = String::from_utf8(output.stdout).unwrap();
        let line = output
            .lines()
            .find_map(|line| line.split("child fetched ").nth(1));
        let (count, token) = line.unwrap().split_once(" got ").unwrap();
        fetched += count.parse::<usize>().unwrap();
        tokens.push(token.to_owned());
    }
    assert_eq!(fetched, 1);
    tokens.dedup();
    assert_eq!(tokens.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_redis_does_not_fail_calls() {
    // Nobody listens.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    let source = Arc::new(Source::default());
    let dead = RedisTokenStore::new(&format!("redis://{address}/")).unwrap();
    let manager = manager(&source, dead);
    let started = Instant::now();
    manager.get().await.unwrap();
    assert!(manager.cached().is_some());
    assert!(started.elapsed() < 5 * SECOND, "{:?}", started.elapsed());
    assert_eq!(source.0.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_never_answers_does_not_fail_calls() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((connection, _)) = silent.accept().await {
            open.push(connection);
        }
    });
    let source = Arc::new(Source::default());
    let hanging = RedisTokenStore::new(&format!("redis://{address}/")).unwrap();
    let manager = manager(&source, hanging);
    let started = Instant::now();
    manager.get().await.unwrap();
    assert!(started.elapsed() < 5 * SECOND, "{:?}", started.elapsed());
}

#[test]
fn a_wrong_address_is_an_error_that_does_not_repeat_it() {
    let error = RedisTokenStore::new("http://user:canary@host").unwrap_err();
    assert!(!format!("{error:?} {error}").contains("canary"));
    // Such an address comes of a variable that is not set; redis would connect without a password.
    for address in [
        "redis://:@host/0",
        "redis://user:@host:1",
        "redis://user: @host?x=@",
    ] {
        assert!(RedisTokenStore::new(address).is_err(), "{address}");
    }
    assert!(RedisTokenStore::new("redis://host/0?name=a:@b").is_ok());
    let store = RedisTokenStore::new("redis://user:canary@127.0.0.1:1/").unwrap();
    assert!(!format!("{store:?}").contains("canary"));
}
