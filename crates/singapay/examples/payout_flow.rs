//! Payouts that outlive the program: stored first, sent once, and followed to their end by whoever is there.
//!
//! It starts a gateway of its own on this machine, lets an answer get lost there, and drops a worker in the
//! middle of a call. The store is in memory here; `singapay-store` has SQLite and PostgreSQL.

mod support;

use std::{error::Error, sync::Arc, time::Duration};

use singapay::{
    MemoryPayoutStore, MoneyOutPolicy, PayoutError, PayoutLimits, PayoutState, Payouts, Rupiah,
};
use singapay_sandbox::{Fault, FaultAction, FaultPoint, Sandbox};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result {
    let sandbox = Sandbox::start().await?;
    let singapay = support::client(&sandbox)?;
    let money_out = singapay.money_out(MoneyOutPolicy::new().allow_banks(["BCA"]))?;
    let store = Arc::new(MemoryPayoutStore::new());
    let limits = PayoutLimits::new(Rupiah::new(5_000))
        .per_day(Rupiah::new(2_000_000))
        .approval_above(Rupiah::new(500_000));
    let payouts = Payouts::new(&money_out, Arc::clone(&store)).with_limits(limits);
    let transfer = |reference: &str, amount| {
        money_out
            .transfer_disbursement()
            .account_id(sandbox.account_id())
            .reference_number(reference)
            .bank_code("014")
            .bank_account_number("1000123456")
            .amount(Rupiah::new(amount))
    };

    // A quote tells who would be paid, and what it would cost.
    let quote = payouts.submit(transfer("PAY-1", 250_000)).quote().await?;
    println!(
        "check  {}, fee {:?}",
        quote.name.as_deref().unwrap_or("?"),
        quote.fee
    );

    // The answer of the first is lost; the gateway pays it all the same.
    let lost = Fault::new(FaultPoint::AfterCommit, FaultAction::Reset);
    sandbox.add_fault(lost.on("transfer_disbursement").with_reference("PAY-1"))?;
    let _ = payouts.submit(transfer("PAY-1", 250_000)).await?;
    let _ = payouts
        .submit(transfer("PAY-2", 750_000))
        .by("Rina")
        .await?;
    // Twice is once, and other facts are an error.
    let _ = payouts.submit(transfer("PAY-1", 250_000)).await?;
    match payouts.submit(transfer("PAY-1", 999_000)).by("Rina").await {
        Err(error @ PayoutError::OtherFacts(_)) => println!("PAY-1  {error}"),
        other => return Err(format!("it should be refused: {other:?}").into()),
    }
    // More than the day has left.
    match payouts
        .submit(transfer("PAY-3", 1_500_000))
        .by("Rina")
        .await
    {
        Err(error @ PayoutError::OverLimit(_)) => println!("PAY-3  {error}"),
        other => return Err(format!("it should be refused: {other:?}").into()),
    }

    follow(&sandbox, &payouts, "PAY-1", PayoutState::Paid).await?;
    follow(&sandbox, &payouts, "PAY-2", PayoutState::NeedsApproval).await?;
    let _ = payouts.approve("PAY-2", "Budi").await?;
    // Another worker knows nothing but the store.
    let another = Payouts::new(&money_out, store);
    follow(&sandbox, &another, "PAY-2", PayoutState::Paid).await?;
    for step in another.history("PAY-1").await? {
        println!("PAY-1  {} {}", step.version, step.state);
    }
    Ok(())
}

/// Steps until nothing happens by itself any more. A worker of yours would call `run`, or `advance` from a queue.
async fn follow(sandbox: &Sandbox, payouts: &Payouts, reference: &str, end: PayoutState) -> Result {
    for _ in 0..60 {
        let step = payouts.advance(reference).await?;
        if step.next_at().is_none() {
            println!("{reference}  {}: {}", step.state(), step.state().advice());
            return match step.state() == end {
                true => Ok(()),
                false => Err(format!("{reference} should end as {end}").into()),
            };
        }
        sandbox.advance(Duration::from_secs(5)).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Err(format!("{reference} should have ended").into())
}
