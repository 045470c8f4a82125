//! A gateway, payouts, two workers of which one is killed, and the books in the end.

use std::time::Duration;

use apalis::prelude::*;
use apalis_sql::{Config, postgres::PostgresStorage};
use singapay::{
    Clock, MoneyOutPolicy, PayoutState, PayoutStore, Payouts, Rupiah, Singapay, SystemClock,
};
use singapay_sandbox::{Fault, FaultAction, FaultPoint, Sandbox};
use singapay_store::PostgresPayoutStore;
use sqlx::PgPool;
use tokio::process::{Child, Command};

use crate::{Failure, Look, Queue};

const PAYOUTS: usize = 60;

pub(crate) async fn demo(url: &str) -> Result<(), Failure> {
    let (server, _) = url
        .rsplit_once('/')
        .ok_or("DATABASE_URL names no database")?;
    let name = format!("singapay_apalis_{}", std::process::id());
    let admin = PgPool::connect(url).await?;
    sqlx::query(&format!("CREATE DATABASE {name}"))
        .execute(&admin)
        .await?;
    let result = run(&format!("{server}/{name}")).await;
    sqlx::query(&format!("DROP DATABASE {name} WITH (FORCE)"))
        .execute(&admin)
        .await?;
    result
}

async fn run(url: &str) -> Result<(), Failure> {
    let sandbox = Sandbox::builder().delays(|delays| delays.payout = Duration::from_secs(1));
    let sandbox = sandbox.start().await?;
    // Some answers get lost, some requests never arrive, and all are late enough for a kill to meet them.
    for (point, action, after) in [
        (FaultPoint::AfterCommit, FaultAction::Reset, 5),
        (FaultPoint::BeforeCommit, FaultAction::Reset, 15),
    ] {
        sandbox.add_fault(
            Fault::new(point, action)
                .on("transfer_disbursement")
                .after(after),
        )?;
    }
    let late = Fault::new(FaultPoint::AfterCommit, FaultAction::DelayMillis(200));
    sandbox.add_fault(late.on("transfer_disbursement").times(1_000))?;

    // Tables of the queue.
    PostgresStorage::setup(&PgPool::connect(url).await?).await?;
    let store = PostgresPayoutStore::connect(url).await?;
    submit(&sandbox, url, &store).await?;
    let mut workers = [worker(&sandbox, url)?, worker(&sandbox, url)?];
    while paid(&store).await? < PAYOUTS / 4 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    workers[0].kill().await?;
    println!("killed a worker after {} payouts", paid(&store).await?);
    workers[0] = worker(&sandbox, url)?;
    let years = SystemClock.now().plus(Duration::from_secs(100_000_000));
    while !store.due(years, 1).await?.is_empty() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    for worker in &mut workers {
        worker.kill().await?;
    }
    let records = store.in_state(PayoutState::Paid, "", 1_000).await?;
    let gross: i64 = records
        .iter()
        .filter_map(|record| record.progress.gross)
        .map(Rupiah::value)
        .sum();
    let audit = sandbox.audit();
    println!(
        "paid {}, {gross} rupiah; the gateway paid out {}",
        records.len(),
        audit.paid_out
    );
    match records.len() == PAYOUTS && gross == audit.paid_out && audit.violations.is_empty() {
        true => Ok(()),
        false => Err(format!("the books differ: {:?}", audit.violations).into()),
    }
}

async fn submit(sandbox: &Sandbox, url: &str, store: &PostgresPayoutStore) -> Result<(), Failure> {
    let key = sandbox.credentials();
    let client = Singapay::builder()
        .base_url(sandbox.base_url())
        .credential(&key.partner_id, &key.client_id, key.client_secret.clone())
        .account(sandbox.account_id())
        .build()?;
    let money_out = client.money_out(MoneyOutPolicy::new())?;
    let payouts = Payouts::new(&money_out, store.clone());
    let config = Config::new("singapay::payouts");
    let mut queue = Queue::new_with_config(PgPool::connect(url).await?, config);
    for number in 0..PAYOUTS {
        let reference = format!("PAY-{number}");
        let transfer = money_out
            .transfer_disbursement()
            .reference_number(&reference)
            .bank_code("014")
            .bank_account_number("1000123456")
            .amount(Rupiah::new(10_000));
        let _ = payouts.submit(transfer).await?;
        queue.push(Look { reference }).await?;
    }
    Ok(())
}

fn worker(sandbox: &Sandbox, url: &str) -> Result<Child, Failure> {
    let key = sandbox.credentials();
    let child = Command::new(std::env::current_exe()?)
        .arg("worker")
        .env("SINGAPAY_BASE_URL", sandbox.base_url())
        .env("SINGAPAY_PARTNER_ID", &key.partner_id)
        .env("SINGAPAY_CLIENT_ID", &key.client_id)
        .env("SINGAPAY_CLIENT_SECRET", key.client_secret.expose())
        .env("SINGAPAY_ACCOUNT_ID", sandbox.account_id())
        .env("DATABASE_URL", url)
        .kill_on_drop(true)
        .spawn()?;
    Ok(child)
}

async fn paid(store: &PostgresPayoutStore) -> Result<usize, Failure> {
    Ok(store.in_state(PayoutState::Paid, "", 1_000).await?.len())
}
