//! Payouts to bank accounts, and what every outcome asks for.
//!
//! It starts a gateway of its own on this machine, lets an answer get lost there, and moves its
//! clock instead of waiting.

mod support;

use std::{error::Error, time::Duration};

use singapay::{
    Delivery, MoneyOutPolicy, Outcome, Rupiah, Singapay, types::TransactionStatusCode as Code,
};
use singapay_sandbox::{Fault, FaultAction, FaultPoint, Sandbox};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result {
    let sandbox = Sandbox::start().await?;
    let singapay = support::client(&sandbox)?;
    check(&singapay).await?;

    // Whatever the code below asks for: this handle pays no more, and to no other bank.
    let policy = MoneyOutPolicy::new()
        .max_amount(Rupiah::new(500_000))
        .allow_banks(["014"]);
    let money_out = singapay.money_out(policy)?;
    let transfer = |reference, number, amount| {
        money_out
            .transfer_disbursement()
            .reference_number(reference)
            .bank_code("014")
            .bank_account_number(number)
            .amount(Rupiah::new(amount))
    };
    let lost = Fault::new(FaultPoint::AfterCommit, FaultAction::Reset);
    sandbox.add_fault(lost.on("transfer_disbursement").with_reference("PAY-3"))?;
    for (reference, number, end) in [
        ("PAY-1", "1000123456", Code::Success),
        // The bank will refuse this one: accepted is not paid.
        ("PAY-2", "1001123456", Code::Failed),
        // Sent a second time by mistake.
        ("PAY-1", "1000123456", Code::Success),
        // The gateway pays, and its answer gets lost.
        ("PAY-3", "1000123456", Code::Success),
    ] {
        // Store the reference before this line: after a crash, it is what you ask with.
        let outcome = transfer(reference, number, 250_000).send().await?;
        if !must_ask(reference, outcome) {
            return Err("nothing should be refused".into());
        }
        if follow(&sandbox, &singapay, reference).await? != end {
            return Err("it should have ended otherwise".into());
        }
    }
    // More than the policy allows, and to another bank: never sent.
    let refused = transfer("PAY-4", "1000123456", 750_000).bank_code("002");
    match refused.send().await {
        Err(error) if error.delivery() == Delivery::NotSent => println!("PAY-4  {error}"),
        other => return Err(format!("the policy should refuse it: {other:?}").into()),
    }
    Ok(())
}

/// Whose account it is, and what a transfer would cost. Both take SWIFT codes alone.
async fn check(singapay: &Singapay) -> Result {
    let holder = singapay
        .disbursements()
        .check_beneficiary_v1()
        .bank_swift_code("CENAIDJA")
        .bank_account_number("1000123456")
        .send()
        .await?;
    let name = holder.bank_account_name.as_deref().unwrap_or("?");
    println!("check  {}: {name}", holder.status);
    let quote = singapay
        .disbursements()
        .check_fee()
        .bank_swift_code("CENAIDJA")
        .amount(Rupiah::new(250_000))
        .send()
        .await?;
    let (fee, gross) = (quote.transfer_fee, quote.gross_amount);
    println!("check  the fee is {fee}, so {gross} rupiah leave the account");
    Ok(())
}

/// Prints each outcome. `true`: ask what became of it.
fn must_ask<T>(reference: &str, outcome: Outcome<T>) -> bool {
    match outcome {
        // The gateway took it on. That is not "paid".
        Outcome::Accepted(_) => println!("{reference}  accepted"),
        // It was sent before and may be paid: what became of that one is the answer.
        Outcome::Duplicate(open) => println!("{reference}  duplicate: {}", open.error()),
        // Nobody knows whether money moves. Do not send it again, under whatever reference: ask.
        Outcome::Unknown(open) => println!("{reference}  unknown: {}", open.error()),
        // Proven: no money moves. Correct what the reason names; another try is a new decision.
        Outcome::Refused(error) => {
            println!("{reference}  refused: {error}");
            return false;
        }
    }
    true
}

/// Asks until the end is known. The webhook tells it too; use both.
async fn follow(sandbox: &Sandbox, singapay: &Singapay, reference: &str) -> Result<Code> {
    for _ in 0..60 {
        // "Not found" proves nothing soon after an unknown outcome: ask again later then.
        let payout = singapay
            .disbursements()
            .get_status()
            .reference_number(reference)
            .send()
            .await?
            .into_data();
        let status = payout.transaction_status;
        let text = status.desc.as_deref().unwrap_or(status.code.as_str());
        if status.code.is_final() {
            let why = payout.failed_reason.map(|why| format!(", {why}"));
            println!("{reference}  {text}{}", why.unwrap_or_default());
            return Ok(status.code);
        }
        println!("{reference}  {text}");
        sandbox.advance(Duration::from_secs(1)).await;
    }
    Err(format!("{reference} should have ended").into())
}
