//! Processes that are killed and stopped while they deal with webhooks: nothing is lost, and every effect exists once.
//!
//! The processes are made of this very program. `SINGAPAY_TEST_KILLS` sets how many are killed.

#![allow(clippy::unwrap_used)]

use std::{
    io::{BufRead, BufReader, Lines, Write},
    ops::Range,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use futures_util::{StreamExt, future::join_all, stream};
use singapay::{
    BoxFuture, Clock, Secret, SystemClock, Timestamp,
    webhook::{
        AttemptEnd, Delivery, DeliveryState, Gate, Handled, HandlerResult, Ledger, Receipt,
        RetryRule, SignedDelivery, Verifier, WebhookKey, sign_delivery,
    },
};
use singapay_store::PostgresLedger;
use sqlx::{PgPool, Postgres, Transaction, postgres::PgPoolOptions};

const PATH: &str = "/hooks/singapay";

type Tx = Transaction<'static, Postgres>;

/// The machine's time, and what was added to it.
#[derive(Debug)]
struct Ahead(Duration);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus(self.0)
    }
}

fn gate(ledger: PostgresLedger, ahead: Duration, lease: Duration) -> Gate<PostgresLedger> {
    let verifier = Verifier::builder()
        .key(WebhookKey::new("main", &Secret::new("secret")))
        .path(PATH)
        .clock(Ahead(ahead));
    let retry = RetryRule::new(Duration::from_millis(5), Duration::from_millis(50), 1_000);
    Gate::new(verifier.build().unwrap().into(), ledger)
        .with_lease(lease)
        .with_retry_rule(retry)
}

fn paid(number: u32) -> SignedDelivery {
    let body = format!(
        r#"{{"event":"va-transaction","data":{{"transaction":{{"status":"paid","reff_no":"INV-{number}","transaction_id":"T-1"}}}}}}"#
    );
    sign_delivery(
        &Secret::new("secret"),
        "partner",
        PATH,
        body,
        SystemClock.now(),
    )
    .unwrap()
}

fn write<'a>(transaction: &'a mut Tx, delivery: &'a Delivery) -> BoxFuture<'a, HandlerResult> {
    Box::pin(async move {
        sqlx::query("INSERT INTO effect (delivery_key) VALUES ($1)")
            .bind(delivery.key())
            .execute(&mut **transaction)
            .await?;
        Ok(Handled::Done)
    })
}

/// A handler that takes a moment, and fails or waits now and then.
fn moody<'a>(transaction: &'a mut Tx, delivery: &'a Delivery) -> BoxFuture<'a, HandlerResult> {
    Box::pin(async move {
        write(transaction, delivery).await?;
        tokio::time::sleep(Duration::from_millis(fastrand::u64(0..8))).await;
        match fastrand::u32(0..8) {
            0 => Err("a mood".into()),
            1 => Ok(Handled::Later),
            _ => Ok(Handled::Done),
        }
    })
}

/// The program of a process; does nothing where the tests run.
#[test]
fn worker() {
    let Ok(task) = std::env::var("SINGAPAY_TEST_WORKER") else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let url = std::env::var("DATABASE_URL").unwrap();
        let pool = PgPoolOptions::new().max_connections(12);
        let pool = pool.connect(&url).await.unwrap();
        let ledger = PostgresLedger::new(pool.clone()).await.unwrap();
        let words: Vec<u32> = task
            .split(' ')
            .filter_map(|word| word.parse().ok())
            .collect();
        match task.split(' ').next().unwrap() {
            "serve" => serve(ledger, words[0]..words[1], words[2] == 1).await,
            "copies" => copies(ledger, i64::from(words[0])).await,
            "wait" => wait_inside(ledger, Duration::from_millis(words[0].into())).await,
            other => panic!("{other}"),
        }
    });
}

/// Receives deliveries, each twice, and sweeps: for ever, or until nothing is left.
async fn serve(ledger: PostgresLedger, numbers: Range<u32>, until_done: bool) {
    let gate = gate(ledger, Duration::ZERO, Duration::from_secs(1));
    println!("ready");
    let mut twice: Vec<_> = numbers.clone().chain(numbers).collect();
    fastrand::shuffle(&mut twice);
    let receiving = stream::iter(twice).for_each_concurrent(8, |number| {
        let gate = gate.clone();
        async move {
            let signed = paid(number);
            let _ = gate.receive(&signed.headers, signed.body, moody).await;
        }
    });
    let sweeping = async {
        loop {
            let _ = gate.sweep(moody).await;
            tokio::time::sleep(Duration::from_millis(5)).await;
            let years = SystemClock.now().plus(Duration::from_secs(100_000_000));
            let left = gate.ledger().due(years, 1).await;
            if until_done && left.is_ok_and(|left| left.is_empty()) {
                return;
            }
        }
    };
    receiving.await;
    sweeping.await;
}

/// Receives a hundred copies of one delivery, when everybody is there.
async fn copies(ledger: PostgresLedger, everybody: i64) {
    let pool = ledger.pool().clone();
    let gate = gate(ledger, Duration::ZERO, Duration::from_secs(40));
    println!("ready");
    sqlx::query("SELECT pg_advisory_lock_shared($1)")
        .bind(everybody)
        .execute(&pool)
        .await
        .unwrap();
    let copies = (0..100).map(|_| {
        let signed = paid(1);
        let (gate, pool) = (gate.clone(), pool.clone());
        async move {
            gate.receive(&signed.headers, signed.body, |transaction, delivery| {
                Box::pin(async move {
                    // Beside the transaction: a run that is undone counts, too.
                    sqlx::query("INSERT INTO run (delivery_key) VALUES ($1)")
                        .bind(delivery.key())
                        .execute(&pool)
                        .await?;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    write(transaction, delivery).await
                })
            })
            .await
        }
    });
    let receipts = join_all(copies).await;
    let accepted = |receipt: &&Receipt| matches!(receipt, Receipt::Accepted { .. });
    println!("accepted {}", receipts.iter().filter(accepted).count());
    for receipt in &receipts {
        let status = receipt.status().as_u16();
        assert!(status == 200 || status == 409, "{receipt:?}");
    }
}

/// Receives one delivery, and stays in its handler until it is told to go on.
async fn wait_inside(ledger: PostgresLedger, lease: Duration) {
    let gate = gate(ledger, Duration::ZERO, lease);
    let signed = paid(1);
    let receipt = gate
        .receive(&signed.headers, signed.body, |transaction, delivery| {
            Box::pin(async move {
                let result = write(transaction, delivery).await;
                println!("inside");
                let mut line = String::new();
                std::io::stdin().read_line(&mut line).unwrap();
                result
            })
        })
        .await;
    println!("answers {}", receipt.status().as_u16());
}

/// A database of a test.
struct Bench {
    pool: PgPool,
    schema: String,
    url: String,
    ledger: PostgresLedger,
}

/// A process, and what it prints.
struct Worker {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Worker {
    /// What follows this word, in the line that begins with it.
    fn says(&mut self, word: &str) -> String {
        loop {
            let line = self.lines.next().expect("it ended").unwrap();
            // The test harness begins its line without ending it.
            if let Some((_, rest)) = line.split_once(word) {
                return rest.trim().to_owned();
            }
        }
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    fn signal(&self, name: &str) {
        let pid = self.process.id().to_string();
        let status = Command::new("kill").args([name, &pid]).status().unwrap();
        assert!(status.success());
    }

    fn go_on(&mut self) {
        let stdin = self.process.stdin.as_mut().unwrap();
        stdin.write_all(b"\n").unwrap();
    }
}

impl Bench {
    async fn start(test: &str) -> Option<Self> {
        let Ok(url) = std::env::var("SINGAPAY_TEST_POSTGRES_URL") else {
            let required = std::env::var_os("SINGAPAY_TEST_REQUIRE_ALL").is_some();
            assert!(!required, "SINGAPAY_TEST_POSTGRES_URL is not set");
            println!("skipped: SINGAPAY_TEST_POSTGRES_URL is not set");
            return None;
        };
        let millis = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
        let schema = format!("test_{test}_{}_{millis}", std::process::id());
        let admin = PgPool::connect(&url).await.unwrap();
        let url = format!("{url}?options[search_path]={schema}&application_name={schema}");
        sqlx::raw_sql(&format!("CREATE SCHEMA {schema}"))
            .execute(&admin)
            .await
            .unwrap();
        let pool = PgPool::connect(&url).await.unwrap();
        for table in ["effect", "run"] {
            sqlx::raw_sql(&format!(
                "CREATE TABLE {table} (delivery_key TEXT NOT NULL)"
            ))
            .execute(&pool)
            .await
            .unwrap();
        }
        let ledger = PostgresLedger::new(pool.clone()).await.unwrap();
        Some(Self {
            pool,
            schema,
            url,
            ledger,
        })
    }

    fn worker(&self, task: &str) -> Worker {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "worker", "--nocapture"])
            .env("SINGAPAY_TEST_WORKER", task)
            .env("DATABASE_URL", &self.url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Worker { process, lines }
    }

    /// Effects of each delivery that is kept, and how it stands.
    async fn kept(&self) -> Vec<(String, String, i64)> {
        let statement = "SELECT delivery_key, state, \
             (SELECT count(*) FROM effect WHERE effect.delivery_key = webhook_delivery.delivery_key) \
             FROM webhook_delivery";
        sqlx::query_as(statement)
            .fetch_all(&self.pool)
            .await
            .unwrap()
    }

    async fn count(&self, table: &str) -> i64 {
        let statement = format!("SELECT count(*) FROM {table}");
        sqlx::query_scalar(&statement)
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }

    /// Connections of the test's processes that are in the middle of a transaction.
    async fn in_transactions(&self) -> i64 {
        let statement = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 \
             AND state LIKE 'idle in transaction%'";
        sqlx::query_scalar(statement)
            .bind(&self.schema)
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }

    /// A gate whose time is after every lease of a process.
    fn late(&self) -> Gate<PostgresLedger> {
        gate(
            self.ledger.clone(),
            Duration::from_secs(46),
            Duration::from_secs(40),
        )
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hundred_copies_in_two_processes_one_runs() {
    let Some(bench) = Bench::start("copies").await else {
        return;
    };
    let everybody = i64::from(fastrand::u32(..));
    let mut starter = PgPool::connect(&bench.url)
        .await
        .unwrap()
        .acquire()
        .await
        .unwrap();
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(everybody)
        .execute(&mut *starter)
        .await
        .unwrap();
    let mut workers = [0, 1].map(|_| bench.worker(&format!("copies {everybody}")));
    for worker in &mut workers {
        worker.says("ready");
    }
    sqlx::query("SELECT pg_advisory_unlock($1)")
        .bind(everybody)
        .execute(&mut *starter)
        .await
        .unwrap();
    let mut accepted = 0;
    for worker in &mut workers {
        accepted += worker.says("accepted ").parse::<u32>().unwrap();
        assert!(worker.process.wait().unwrap().success());
    }
    assert_eq!(accepted, 1);
    assert_eq!(bench.count("run").await, 1);
    assert_eq!(bench.count("effect").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_killed_inside_the_handler_is_followed_by_the_retry_or_by_the_sweep() {
    for retried in [true, false] {
        let Some(bench) = Bench::start("inside").await else {
            return;
        };
        let mut worker = bench.worker("wait 40000");
        worker.says("inside");
        worker.kill();
        assert_eq!(bench.count("effect").await, 0);
        let gate = bench.late();
        let key = if retried {
            let signed = paid(1);
            let receipt = gate.receive(&signed.headers, signed.body, write).await;
            assert!(matches!(receipt, Receipt::Accepted { .. }), "{receipt:?}");
            receipt.key().unwrap().to_owned()
        } else {
            assert_eq!(gate.sweep(write).await.unwrap().accepted, 1);
            let done = bench.ledger.list(DeliveryState::Done, 9).await.unwrap();
            done[0].key.clone()
        };
        assert_eq!(bench.count("effect").await, 1);
        let steps = bench.ledger.history(&key).await.unwrap();
        let ends: Vec<_> = steps.iter().map(|step| step.end).collect();
        assert_eq!(ends, [AttemptEnd::Lost, AttemptEnd::Done]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_stands_still_past_its_lease_has_no_effect_when_it_goes_on() {
    // With a short lease the database ends its transaction meanwhile, with a long one the fence undoes it.
    for (lease, answer) in [("1000", "503"), ("40000", "409")] {
        let Some(bench) = Bench::start("still").await else {
            return;
        };
        let mut worker = bench.worker(&format!("wait {lease}"));
        worker.says("inside");
        worker.signal("-STOP");
        let started = Instant::now();
        while lease == "1000" && bench.in_transactions().await > 0 {
            assert!(started.elapsed() < Duration::from_secs(60));
        }
        let gate = bench.late();
        assert_eq!(gate.sweep(write).await.unwrap().accepted, 1);
        worker.go_on();
        worker.signal("-CONT");
        assert_eq!(worker.says("answers "), answer);
        assert!(worker.process.wait().unwrap().success());
        assert_eq!(bench.count("effect").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_killed_anywhere_every_effect_exists_once() {
    let Some(bench) = Bench::start("anywhere").await else {
        return;
    };
    let kills = std::env::var("SINGAPAY_TEST_KILLS");
    let kills: u32 = kills.map_or(12, |kills| kills.parse().unwrap());
    let each = 10;
    let mut stopped = Vec::new();
    for kill in 0..kills {
        // Nobody sends these again: what was accepted is left to the sweeps.
        let mut worker = bench.worker(&format!("serve {} {} 0", kill * each, (kill + 1) * each));
        worker.says("ready");
        tokio::time::sleep(Duration::from_millis(fastrand::u64(0..120))).await;
        if kill % 5 == 4 {
            worker.signal("-STOP");
            stopped.push(worker);
        } else {
            worker.kill();
        }
    }
    let mut last = bench.worker("serve 0 0 1");
    assert!(last.process.wait().unwrap().success());
    let kept = bench.kept().await;
    assert!(
        kept.iter()
            .all(|(_, state, effects)| state == "done" && *effects == 1),
        "{kept:?}"
    );
    // Those who slept through it all go on.
    for worker in &mut stopped {
        worker.signal("-CONT");
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    for worker in &mut stopped {
        worker.kill();
    }
    // What was never accepted comes again.
    let mut last = bench.worker(&format!("serve 0 {} 1", kills * each));
    assert!(last.process.wait().unwrap().success());
    let all = bench.kept().await;
    assert!(
        all.iter()
            .all(|(_, state, effects)| state == "done" && *effects == 1),
        "{all:?}"
    );
    assert_eq!(all.len(), usize::try_from(kills * each).unwrap());
    assert_eq!(bench.count("effect").await, i64::from(kills * each));
    let lost: i64 = sqlx::query_scalar("SELECT count(*) FROM webhook_attempt WHERE ended = 'lost'")
        .fetch_one(&bench.pool)
        .await
        .unwrap();
    println!(
        "{kills} kills: {} accepted before the end, {lost} attempts lost",
        kept.len()
    );
}
