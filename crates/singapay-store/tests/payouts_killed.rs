//! Workers that are killed, stopped and cut off from their database at random: every beneficiary is paid once, and
//! the books of store and gateway agree to the rupiah.
//!
//! The workers are processes of their own, made of this very program. `SINGAPAY_TEST_KILLS` sets how many are
//! killed. `SINGAPAY_TEST_RESTART` is a shell command that restarts the database: with it that happens after every
//! twentieth kill. Other tests on the database fail meanwhile, so run `whoever_is_killed` alone.

#![allow(clippy::unwrap_used)]

#[allow(dead_code, reason = "the example has a main of its own")]
#[path = "../examples/payout_worker.rs"]
mod payout_worker;

use std::{
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use singapay::{
    Money, MoneyOut, MoneyOutPolicy, PayoutLimits, PayoutState, Payouts, Rupiah, Singapay,
    types::EwalletCode,
};
use singapay_sandbox::{Fault, FaultAction, FaultPoint, Sandbox};
use singapay_store::PostgresPayoutStore;
use sqlx::PgPool;

/// The program of a worker; does nothing where the tests run.
#[test]
fn worker() {
    if std::env::var_os("SINGAPAY_TEST_WORKER").is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(payout_worker::work()).unwrap();
}

/// The program of a submitter, which wants one share of a daily limit for each of its payouts.
#[test]
fn submitter() {
    let Ok(name) = std::env::var("SINGAPAY_TEST_SUBMITTER") else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let singapay = Singapay::from_env().unwrap();
        let handle = singapay.money_out(MoneyOutPolicy::new()).unwrap();
        let url = std::env::var("DATABASE_URL").unwrap();
        let store = PostgresPayoutStore::connect(&url).await.unwrap();
        let flow = Payouts::new(&handle, store).with_limits(limits());
        let account = singapay.account().unwrap();
        let submissions = (0..50).map(|number| {
            let reference = format!("{name}-{number}");
            let submit = flow.submit(transfer(&handle, account, &reference));
            tokio::spawn(async move { submit.await.is_ok() })
        });
        let mut stored = 0;
        for submission in submissions.collect::<Vec<_>>() {
            stored += u32::from(submission.await.unwrap());
        }
        println!("stored {stored}");
    });
}

fn limits() -> PayoutLimits {
    PayoutLimits::new(Rupiah::new(1_000)).per_day(Rupiah::new(11_000 * 37 + 10_999))
}

fn transfer(
    handle: &MoneyOut,
    account: &str,
    reference: &str,
) -> singapay::disbursements::TransferDisbursement {
    let call = handle.transfer_disbursement().account_id(account);
    call.reference_number(reference)
        .amount(Rupiah::new(10_000))
        .bank_code("014")
        .bank_account_number("1000123456")
}

/// A database of a test, a gateway, and what workers are told about both.
struct Bench {
    sandbox: Sandbox,
    store: PostgresPayoutStore,
    pool: PgPool,
    schema: String,
    url: String,
}

impl Bench {
    async fn start(test: &str) -> Option<Self> {
        let Ok(url) = std::env::var("SINGAPAY_TEST_POSTGRES_URL") else {
            let required = std::env::var_os("SINGAPAY_TEST_REQUIRE_ALL").is_some();
            assert!(!required, "SINGAPAY_TEST_POSTGRES_URL is not set");
            println!("skipped: SINGAPAY_TEST_POSTGRES_URL is not set");
            return None;
        };
        let pool = PgPool::connect(&url).await.unwrap();
        let millis = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
        let schema = format!("test_{test}_{}_{millis}", std::process::id());
        sqlx::query(&format!("CREATE SCHEMA {schema}"))
            .execute(&pool)
            .await
            .unwrap();
        let url = format!("{url}?options[search_path]={schema}&application_name={schema}");
        let sandbox = Sandbox::builder()
            .balance(1_000_000_000)
            .account("B", 0)
            .delays(|delays| {
                delays.payout = Duration::from_millis(200);
                delays.cardless_code = Duration::from_secs(2);
            });
        Some(Self {
            sandbox: sandbox.start().await.unwrap(),
            store: PostgresPayoutStore::connect(&url).await.unwrap(),
            pool,
            schema,
            url,
        })
    }

    fn client(&self) -> Singapay {
        let key = self.sandbox.credentials();
        Singapay::builder()
            .base_url(self.sandbox.base_url())
            .credential(&key.partner_id, &key.client_id, key.client_secret.clone())
            .account(self.sandbox.account_id())
            .build()
            .unwrap()
    }

    /// Another process of this program, as one of its tests.
    fn process(&self, test: &str) -> Command {
        let key = self.sandbox.credentials();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", test, "--nocapture"])
            .env("SINGAPAY_BASE_URL", self.sandbox.base_url())
            .env("SINGAPAY_PARTNER_ID", &key.partner_id)
            .env("SINGAPAY_CLIENT_ID", &key.client_id)
            .env("SINGAPAY_CLIENT_SECRET", key.client_secret.expose())
            .env("SINGAPAY_ACCOUNT_ID", self.sandbox.account_id())
            .env("DATABASE_URL", &self.url)
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        command
    }

    fn worker(&self) -> Child {
        let mut command = self.process("worker");
        command.stdout(Stdio::null());
        command
            .env("SINGAPAY_TEST_WORKER", "1")
            .env("PAYOUT_HASTE", "1")
            .spawn()
            .unwrap()
    }

    /// Cuts all workers off from the database, as its restart does.
    async fn cut_off(&self) {
        let cut = sqlx::query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1",
        );
        // It may be away already.
        let _ = cut.bind(&self.schema).execute(&self.pool).await;
    }

    /// Restarts the database, where it is told how.
    async fn restart(&self) {
        let Ok(command) = std::env::var("SINGAPAY_TEST_RESTART") else {
            return;
        };
        let restarted = tokio::process::Command::new("sh")
            .args(["-c", &command])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(restarted.await.unwrap().success(), "{command}");
    }

    /// Reference, operation, state and what it cost.
    async fn rows(&self) -> Vec<(String, String, String, Option<i64>)> {
        let table = format!("{}.payout", self.schema);
        let statement = format!("SELECT reference, operation, state, gross FROM {table}");
        sqlx::query_as(&statement)
            .fetch_all(&self.pool)
            .await
            .unwrap()
    }

    /// Waits until a worker ends by itself.
    async fn finish(&self, workers: &mut [Child]) {
        let started = Instant::now();
        for worker in workers {
            while worker.try_wait().unwrap().is_none() {
                let rows = self.rows().await;
                assert!(started.elapsed() < Duration::from_secs(240), "{rows:?}");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            assert!(worker.wait().unwrap().success());
        }
    }
}

fn signal(worker: &Child, name: &str) {
    let pid = worker.id().to_string();
    let status = Command::new("kill").args([name, &pid]).status().unwrap();
    assert!(status.success());
}

async fn submit_all(bench: &Bench, flow: &Payouts, handle: &MoneyOut, each: usize) {
    let account = bench.sandbox.account_id();
    let other = bench.sandbox.accounts()[1].number.clone();
    for number in 0..each {
        let _ = flow
            .submit(transfer(handle, account, &format!("TRANSFER-{number}")))
            .await
            .unwrap();
        let topup = handle.topup_ewallet().account_id(account);
        let topup = topup
            .reference_number(format!("TOPUP-{number}"))
            .ewallet_code(EwalletCode::Ovo)
            .customer_number("081200000001")
            .amount(Money::idr(Rupiah::new(20_000)));
        let _ = flow.submit(topup).await.unwrap();
        let cash = handle.create_cardless_withdrawal().account_id(account);
        let cash = cash
            .reference_number(format!("CASH-{number}"))
            .amount(Rupiah::new(50_000))
            .customer_id("081200000001")
            .customer_name("Rina Wijaya")
            .vendor_code("CLWD_BRI");
        let _ = flow.submit(cash).await.unwrap();
        let between = handle.transfer_between_accounts().account_id(account);
        let between = between
            .merchant_ref_no(format!("BETWEEN-{number}"))
            .amount(Rupiah::new(1_000))
            .beneficiary_account_number(&other);
        let _ = flow.submit(between).await.unwrap();
    }
}

/// Asserts what must hold in the end, whatever happened.
async fn check(bench: &Bench) {
    bench.sandbox.advance(Duration::from_secs(10)).await;
    let mut paid_out = 0;
    let mut between = 0;
    for (reference, operation, state, gross) in bench.rows().await {
        let state: PayoutState = state.parse().unwrap();
        match (operation.as_str(), state) {
            ("transfer_disbursement" | "topup_ewallet", PayoutState::Paid) => {
                paid_out += gross.unwrap();
            }
            // Nobody fetches the cash.
            ("create_cardless_withdrawal", PayoutState::Failed) => {}
            ("transfer_between_accounts", PayoutState::Paid) => between += 1_000,
            // Never sent again: a person is told.
            ("transfer_between_accounts", PayoutState::NeedsPerson) => {}
            _ => panic!("{reference} ended as {state}"),
        }
    }
    let audit = bench.sandbox.audit();
    assert_eq!(audit.violations, [] as [String; 0]);
    assert_eq!(audit.paid_out, paid_out);
    let other = bench.sandbox.accounts()[1].id.clone();
    let balance = bench.sandbox.balance_of(&other).unwrap();
    assert_eq!(balance.available, between);
}

fn faults(sandbox: &Sandbox) {
    for operation in [
        "transfer_disbursement",
        "topup_ewallet",
        "create_cardless_withdrawal",
        "transfer_between_accounts",
    ] {
        for (point, action, after) in [
            (FaultPoint::AfterCommit, FaultAction::Reset, 1),
            (FaultPoint::BeforeCommit, FaultAction::Reset, 3),
            (FaultPoint::AfterCommit, FaultAction::Html502, 5),
            (FaultPoint::BeforeCommit, FaultAction::DelayMillis(400), 7),
        ] {
            let fault = Fault::new(point, action).on(operation).after(after);
            sandbox.add_fault(fault).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_killed_nobody_is_paid_twice() {
    let Some(bench) = Bench::start("killed").await else {
        return;
    };
    let kills = std::env::var("SINGAPAY_TEST_KILLS");
    let kills = kills.map_or(16, |kills| kills.parse().unwrap());
    let client = bench.client();
    let handle = client.money_out(MoneyOutPolicy::new()).unwrap();
    let flow = Payouts::new(&handle, bench.store.clone());
    faults(&bench.sandbox);
    submit_all(&bench, &flow, &handle, kills.max(12)).await;
    let mut workers = [bench.worker(), bench.worker()];
    for kill in 0..kills {
        let pause = Duration::from_millis(fastrand::u64(20..250));
        tokio::time::sleep(pause).await;
        let victim = fastrand::usize(..workers.len());
        // It may have ended by itself.
        let _ = workers[victim].kill();
        let _ = workers[victim].wait().unwrap();
        if kill % 5 == 4 {
            bench.cut_off().await;
        }
        if kill % 20 == 19 {
            bench.restart().await;
        }
        workers[victim] = bench.worker();
    }
    bench.finish(&mut workers).await;
    check(&bench).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sleeps_through_the_lease_sends_nothing_when_woken() {
    let Some(bench) = Bench::start("stopped").await else {
        return;
    };
    let client = bench.client();
    let handle = client.money_out(MoneyOutPolicy::new()).unwrap();
    let flow = Payouts::new(&handle, bench.store.clone());
    submit_all(&bench, &flow, &handle, 12).await;
    let sleeper = bench.worker();
    // Somewhere in the middle of its sends.
    while bench.rows().await.iter().all(|row| row.2 == "stored") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    signal(&sleeper, "-STOP");
    let mut workers = [bench.worker(), sleeper];
    bench.finish(&mut workers[..1]).await;
    signal(&workers[1], "-CONT");
    bench.finish(&mut workers).await;
    check(&bench).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_never_exceed_one_limit() {
    let Some(bench) = Bench::start("limit").await else {
        return;
    };
    let submitters = ["A", "B"].map(|name| {
        let mut command = bench.process("submitter");
        command
            .env("SINGAPAY_TEST_SUBMITTER", name)
            .spawn()
            .unwrap()
    });
    for submitter in submitters {
        let output = submitter.wait_with_output().unwrap();
        assert!(output.status.success());
    }
    assert_eq!(bench.rows().await.len(), 37);
}
