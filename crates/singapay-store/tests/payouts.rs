//! One contract for all stores of payouts: in memory, SQLite, and a real PostgreSQL at
//! `SINGAPAY_TEST_POSTGRES_URL`.

#![allow(clippy::unwrap_used)]

use std::{sync::Arc, time::Duration};

use singapay::{
    Inserted, MemoryPayoutStore, PayoutFacts, PayoutProgress, PayoutRecord, PayoutState,
    PayoutStore, Reserve, Share, Timestamp, Updated,
};
use singapay_store::{PostgresPayoutStore, SqlitePayoutStore};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

const START: Timestamp = Timestamp::from_unix_millis(1_787_304_000_123);

type Store = Arc<dyn PayoutStore>;

/// A PostgreSQL store of this test alone, or `None` with a word about it.
async fn postgres(test: &str) -> Option<PostgresPayoutStore> {
    let Ok(url) = std::env::var("SINGAPAY_TEST_POSTGRES_URL") else {
        let required = std::env::var_os("SINGAPAY_TEST_REQUIRE_ALL").is_some();
        assert!(!required, "SINGAPAY_TEST_POSTGRES_URL is not set");
        println!("skipped: SINGAPAY_TEST_POSTGRES_URL is not set");
        return None;
    };
    let options: PgConnectOptions = url.parse().unwrap();
    let millis = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let schema = format!("test_{test}_{}_{millis}", std::process::id());
    let admin = PgPoolOptions::new().max_connections(1);
    let admin = admin.connect_with(options.clone()).await.unwrap();
    sqlx::raw_sql(&format!("CREATE SCHEMA {schema}"))
        .execute(&admin)
        .await
        .unwrap();
    let options = options.options([("search_path", schema)]);
    let pool = PgPoolOptions::new().max_connections(8);
    let pool = pool.connect_with(options).await.unwrap();
    Some(PostgresPayoutStore::new(pool).await.unwrap())
}

/// All stores that are there, each empty.
async fn stores(test: &str, folder: &tempfile::TempDir) -> Vec<(&'static str, Store)> {
    let sqlite = SqlitePayoutStore::open(folder.path().join(test));
    let mut stores: Vec<(&str, Store)> = vec![
        ("memory", Arc::new(MemoryPayoutStore::new())),
        ("sqlite", Arc::new(sqlite.await.unwrap())),
    ];
    if let Some(postgres) = postgres(test).await {
        stores.push(("postgres", Arc::new(postgres)));
    }
    stores
}

fn facts() -> PayoutFacts {
    serde_json::from_value(serde_json::json!({
        "operation": "transfer_disbursement", "host": "https://pay.example", "path": "/api/x",
        "account": "01K946KF851RK7FX075GJHBVKF", "credential": null, "sender": "default partner",
        "body": "{\"amount\":10000,\"notes\":\"é \\u0000\"}", "amount": 10_000, "bank": "002",
        "beneficiary": "1234567890", "submitted_by": "Rina",
    }))
    .unwrap()
}

fn record(reference: &str) -> PayoutRecord {
    let mut progress = PayoutProgress::default();
    progress.next_at = Some(START);
    progress.deadline = Some(START.plus(Duration::from_secs(60)));
    progress.reason = Some("a 'reason'; -- é".to_owned());
    PayoutRecord::new(
        reference,
        PayoutState::Stored,
        1,
        facts(),
        progress,
        (START, START),
    )
}

fn paid(reference: &str) -> PayoutRecord {
    let mut record = record(reference);
    record.state = PayoutState::Paid;
    record
}

fn next(record: &PayoutRecord, state: PayoutState) -> PayoutRecord {
    let mut next = record.clone();
    next.version += 1;
    next.state = state;
    next.updated_at = next.updated_at.plus(Duration::from_millis(1));
    next
}

fn reserve(day: &str, scope: &str, amount: i64, limit: Option<i64>) -> Reserve {
    let share = serde_json::json!({"day": day, "scope": scope, "amount": amount});
    let share: Share = serde_json::from_value(share).unwrap();
    Reserve::new(share, limit)
}

#[tokio::test]
async fn what_is_stored_is_read_back_and_stored_once() {
    let folder = tempfile::tempdir().unwrap();
    for (name, store) in stores("once", &folder).await {
        let first = record("R-1");
        assert!(store.get("R-1").await.unwrap().is_none(), "{name}");
        let inserted = store.insert(&first, &[]).await.unwrap();
        assert!(matches!(inserted, Inserted::New), "{name}");
        assert_eq!(
            store.get("R-1").await.unwrap().as_ref(),
            Some(&first),
            "{name}"
        );
        let mut other = record("R-1");
        other.facts.bank = None;
        match store.insert(&other, &[]).await.unwrap() {
            Inserted::Exists(stored) => assert_eq!(*stored, first, "{name}"),
            other => panic!("{name}: {other:?}"),
        }
        assert_eq!(store.history("R-1").await.unwrap().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn a_step_is_made_from_the_stored_version_alone() {
    let folder = tempfile::tempdir().unwrap();
    for (name, store) in stores("version", &folder).await {
        let first = record("R-1");
        let _ = store.insert(&first, &[]).await.unwrap();
        let sending = next(&first, PayoutState::Sending);
        assert_eq!(store.update(&sending, &[]).await.unwrap(), Updated::Done);
        let late = next(&first, PayoutState::Abandoned);
        assert_eq!(
            store.update(&late, &[]).await.unwrap(),
            Updated::Stale,
            "{name}"
        );
        let mut skipped = next(&sending, PayoutState::Paid);
        skipped.version += 1;
        assert_eq!(
            store.update(&skipped, &[]).await.unwrap(),
            Updated::Stale,
            "{name}"
        );
        let unknown = next(&record("R-2"), PayoutState::Paid);
        assert_eq!(
            store.update(&unknown, &[]).await.unwrap(),
            Updated::Stale,
            "{name}"
        );
        assert_eq!(store.get("R-1").await.unwrap(), Some(sending), "{name}");
        let steps = store.history("R-1").await.unwrap();
        let states: Vec<_> = steps.iter().map(|step| step.state).collect();
        assert_eq!(
            states,
            [PayoutState::Stored, PayoutState::Sending],
            "{name}"
        );
        assert_eq!(steps[0].reason, first.progress.reason, "{name}");
    }
}

#[tokio::test]
async fn of_many_steps_from_one_version_one_is_made() {
    let folder = tempfile::tempdir().unwrap();
    for (name, store) in stores("race", &folder).await {
        let first = record("R-1");
        let _ = store.insert(&first, &[]).await.unwrap();
        let racers = (0..16).map(|_| {
            let (store, first) = (Arc::clone(&store), first.clone());
            tokio::spawn(async move {
                let sending = next(&first, PayoutState::Sending);
                store.update(&sending, &[]).await.unwrap() == Updated::Done
            })
        });
        let mut winners = 0;
        for racer in racers.collect::<Vec<_>>() {
            winners += usize::from(racer.await.unwrap());
        }
        assert_eq!(winners, 1, "{name}");
        assert_eq!(store.history("R-1").await.unwrap().len(), 2, "{name}");
    }
}

#[tokio::test]
async fn a_limit_is_never_exceeded_and_what_does_not_fit_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for (name, store) in stores("limit", &folder).await {
        let submissions = (0..40).map(|number| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let reserves = [
                    reserve("2026-11-27", "all", 10, Some(205)),
                    reserve("2026-11-27", "someone", 10, None),
                ];
                let record = record(&format!("R-{number}"));
                let inserted = store.insert(&record, &reserves).await.unwrap();
                matches!(inserted, Inserted::New)
            })
        });
        let mut taken = 0;
        for submission in submissions.collect::<Vec<_>>() {
            taken += i64::from(submission.await.unwrap());
        }
        assert_eq!(taken, 20, "{name}");
        for scope in ["all", "someone"] {
            let used = store.used("2026-11-27", scope).await.unwrap();
            assert_eq!(used, 200, "{name} {scope}");
        }
        let due = store.due(START, 100).await.unwrap();
        assert_eq!(due.len(), 20, "{name}");
        // Given back, moved to another day, and over the limit there.
        let one = store.get(&due[0]).await.unwrap().unwrap();
        let moved = next(&one, PayoutState::Sending);
        let reserves = [
            reserve("2026-11-27", "all", -10, None),
            reserve("2026-11-28", "all", 10, Some(9)),
        ];
        let updated = store.update(&moved, &reserves).await.unwrap();
        assert!(matches!(updated, Updated::OverLimit(_)), "{name}");
        assert_eq!(
            store.used("2026-11-27", "all").await.unwrap(),
            200,
            "{name}"
        );
        assert_eq!(store.get(&due[0]).await.unwrap(), Some(one), "{name}");
        let reserves = &reserves[..1];
        assert_eq!(store.update(&moved, reserves).await.unwrap(), Updated::Done);
        assert_eq!(
            store.used("2026-11-27", "all").await.unwrap(),
            190,
            "{name}"
        );
        assert_eq!(store.used("2026-11-28", "all").await.unwrap(), 0, "{name}");
    }
}

#[tokio::test]
async fn what_is_due_comes_in_order_and_what_rests_does_not() {
    let folder = tempfile::tempdir().unwrap();
    for (name, store) in stores("due", &folder).await {
        for (reference, state, seconds) in [
            ("R-1", PayoutState::Stored, 3),
            ("R-2", PayoutState::Unknown, 1),
            ("R-3", PayoutState::Accepted, 9),
            ("R-4", PayoutState::Paid, 0),
            ("R-5", PayoutState::NeedsPerson, 0),
            ("R-6", PayoutState::NeedsApproval, 0),
            ("R-7", PayoutState::Sending, 2),
        ] {
            let mut record = record(reference);
            record.state = state;
            record.progress.next_at = Some(START.plus(Duration::from_secs(seconds)));
            let _ = store.insert(&record, &[]).await.unwrap();
        }
        let at = START.plus(Duration::from_secs(3));
        let due = store.due(at, 10).await.unwrap();
        assert_eq!(due, ["R-2", "R-7", "R-1"], "{name}");
        assert_eq!(store.due(at, 2).await.unwrap(), ["R-2", "R-7"], "{name}");
        // What rests is found by its state, page by page.
        let _ = store.insert(&paid("R-8"), &[]).await.unwrap();
        let in_state = |after: &'static str, most| store.in_state(PayoutState::Paid, after, most);
        let (first, second) = (
            in_state("", 1).await.unwrap(),
            in_state("R-4", 9).await.unwrap(),
        );
        let names = |records: &[PayoutRecord]| {
            records
                .iter()
                .map(|record| record.reference.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            (names(&first), &second),
            (vec!["R-4".to_owned()], &vec![paid("R-8")]),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_file_is_private_and_outlives_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payouts.db");
    let store = SqlitePayoutStore::open(&path).await.unwrap();
    let _ = store.insert(&record("R-1"), &[]).await.unwrap();
    drop(store);
    // A second start brings nothing up to date twice.
    let store = SqlitePayoutStore::open(&path).await.unwrap();
    assert!(store.get("R-1").await.unwrap().is_some());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[tokio::test]
async fn many_programs_start_on_one_database_at_once() {
    let Some(store) = postgres("start").await else {
        return;
    };
    let pool = store.pool().clone();
    sqlx::raw_sql("DROP TABLE payout_step, payout_day, payout, payout_schema")
        .execute(&pool)
        .await
        .unwrap();
    let starts = (0..6).map(|_| tokio::spawn(PostgresPayoutStore::new(pool.clone())));
    for start in starts.collect::<Vec<_>>() {
        let store = start.await.unwrap().unwrap();
        assert!(store.get("R-1").await.unwrap().is_none());
    }
}

#[test]
fn many_open_a_new_file_at_once() {
    let folder = tempfile::tempdir().unwrap();
    for file in 0..10 {
        let path = folder.path().join(format!("{file}.db"));
        let open = || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime
                .unwrap()
                .block_on(SqlitePayoutStore::open(&path))
                .unwrap();
        };
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(open);
            }
        });
    }
}
