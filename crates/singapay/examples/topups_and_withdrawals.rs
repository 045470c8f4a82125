//! Money to a wallet, and cash without a card: the customer types a code at the machine.
//!
//! It starts a gateway of its own on this machine and plays the customer there. What every outcome
//! of a payout asks for is shown by the example `payouts`.

mod support;

use std::{error::Error, time::Duration};

use singapay::{
    Money, MoneyOut, MoneyOutPolicy, Outcome, Reason, Rupiah, Singapay,
    types::{CardlessWithdrawalStatus, EwalletCode, TransactionStatusCode},
};
use singapay_sandbox::Sandbox;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result {
    let sandbox = Sandbox::start().await?;
    let singapay = support::client(&sandbox)?;
    let policy = MoneyOutPolicy::new().max_amount(Rupiah::new(100_000));
    let money_out = singapay.money_out(policy)?;
    top_up(&sandbox, &singapay, &money_out).await?;
    withdraw(&sandbox, &singapay, &money_out).await
}

async fn top_up(sandbox: &Sandbox, singapay: &Singapay, money_out: &MoneyOut) -> Result {
    let amount = Money::idr(Rupiah::new(50_000));
    let wallet = singapay
        .ewallet_topups()
        .inquire_account()
        .ewallet_code(EwalletCode::Dana)
        .customer_number("081200000001")
        .amount(amount.clone())
        .send()
        .await?;
    let name = wallet.customer_name.as_deref().unwrap_or("?");
    let gross = wallet.gross_amount.as_ref().ok_or("no amount")?;
    println!("wallet    of {name}; {gross} would leave the account");

    let outcome = money_out
        .topup_ewallet()
        .reference_number("TOP-1")
        .ewallet_code(EwalletCode::Dana)
        .customer_number("081200000001")
        .amount(amount)
        .send()
        .await?;
    let Outcome::Accepted(topup) = outcome else {
        return Err(format!("top-up: {outcome:?}").into());
    };
    println!("top-up    accepted as {}", topup.transaction_id);

    sandbox.advance(Duration::from_secs(60)).await;
    let topup = singapay
        .ewallet_topups()
        .get_status()
        .reference_number("TOP-1")
        .send()
        .await?;
    let status = &topup.transaction_status;
    let text = status.desc.as_deref().unwrap_or(status.code.as_str());
    println!("top-up    a minute later: {text}");
    if status.code != TransactionStatusCode::Success {
        return Err("the top-up should have succeeded".into());
    }
    Ok(())
}

async fn withdraw(sandbox: &Sandbox, singapay: &Singapay, money_out: &MoneyOut) -> Result {
    let withdrawal = |reference, vendor| {
        money_out
            .create_cardless_withdrawal()
            .reference_number(reference)
            .vendor_code(vendor)
            .customer_id("CUST-00123")
            .customer_name("Rina Wijaya")
            .amount(Rupiah::new(100_000))
            .send()
    };
    // Proven: no money is locked. Offer another vendor.
    match withdrawal("CASH-1", "CLWD_NONE").await? {
        Outcome::Refused(error) if error.reason() == Some(Reason::VendorInactive) => {
            println!("cash      {error}");
        }
        other => return Err(format!("the vendor should be refused: {other:?}").into()),
    }
    let outcome = withdrawal("CASH-2", "CLWD_BRI").await?;
    let Outcome::Accepted(made) = outcome else {
        return Err(format!("withdrawal: {outcome:?}").into());
    };
    // Whoever has the code has the money: show it to the customer alone, and never log it.
    let code = made.otp_number.as_ref().ok_or("no code")?;
    println!("cash      a code of {} digits", code.expose().len());

    sandbox.complete_cardless_withdrawal(made.transaction_id.as_deref().ok_or("no id")?)?;
    let withdrawal = singapay.cardless_withdrawals().get("CASH-2").send().await?;
    let status = withdrawal.status.as_ref().ok_or("no status")?;
    println!("cash      taken: {status}");
    if *status != CardlessWithdrawalStatus::Success {
        return Err("the withdrawal should be complete".into());
    }
    Ok(())
}
