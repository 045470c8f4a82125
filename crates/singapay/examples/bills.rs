//! Bills: what a customer owes for electricity, paid from the deposit at the biller.
//!
//! It starts a gateway of its own on this machine.

use std::{error::Error, time::Duration};

use singapay::{
    Amount, MoneyOut, MoneyOutPolicy, Outcome, Rupiah, Singapay,
    types::{BillTransactionStatus, PostpaidCommand, PrepaidPaymentCommand},
};
use singapay_sandbox::Sandbox;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result {
    let sandbox = Sandbox::start().await?;
    let biller = sandbox.biller_credentials();
    let singapay = Singapay::builder()
        .base_url(sandbox.base_url())
        .biller_credential(
            &biller.partner_id,
            &biller.client_id,
            biller.client_secret.clone(),
        )
        .clock(sandbox.clock())
        .build()?;
    let money_out = singapay.money_out(MoneyOutPolicy::new())?;
    println!("deposit   {}", deposit(&singapay).await?);

    let owed = singapay
        .bills()
        .inquire_postpaid()
        .command(PostpaidCommand::Plnpos)
        .product_code("SPPLNPOS")
        .customer_id("114676170021")
        .send()
        .await?;
    let price = owed.price.ok_or("no price")?;
    println!("inquiry   {price}, reference {}", owed.reference_number);
    // A bill payment names no amount, so a limit of the policy could not be held: look here.
    if price > Rupiah::new(1_000_000) {
        return Err("more than we pay without asking".into());
    }
    let outcome = money_out
        .pay_postpaid()
        .command(PostpaidCommand::Plnpos)
        .product_code("SPPLNPOS")
        .customer_id("114676170021")
        .reference_number(&owed.reference_number)
        .password(biller.password.expose())
        .send()
        .await?;
    let paid = match outcome {
        Outcome::Accepted(paid) => paid,
        other => return Err(format!("payment: {other:?}").into()),
    };
    println!("payment   accepted as {}", paid.transaction_id);
    let status = status(&singapay, &paid.transaction_id).await?;
    println!("detail    {status}");

    phone_credit(&sandbox, &singapay, &money_out).await?;
    println!("deposit   {}", deposit(&singapay).await?);
    Ok(())
}

/// Bought without an inquiry: accepted as pending, which is no failure, and delivered later.
async fn phone_credit(sandbox: &Sandbox, singapay: &Singapay, money_out: &MoneyOut) -> Result {
    let outcome = money_out
        .pay_prepaid()
        .command(PrepaidPaymentCommand::Pulsa)
        .product_code("SPTLKMAS10")
        .customer_id("081200000001")
        .password(sandbox.biller_credentials().password.expose())
        .send()
        .await?;
    let bought = match outcome {
        Outcome::Accepted(bought) => bought,
        other => return Err(format!("phone credit: {other:?}").into()),
    };
    let id = &bought.transaction_id;
    println!("credit    {}", status(singapay, id).await?);
    // The biller sends no webhooks: the end is asked for.
    sandbox.advance(Duration::from_secs(60)).await;
    let status = status(singapay, id).await?;
    println!("credit    a minute later: {status}");
    if status != BillTransactionStatus::Success {
        return Err("the credit should be delivered".into());
    }
    Ok(())
}

async fn status(singapay: &Singapay, id: &str) -> Result<BillTransactionStatus> {
    let detail = singapay.bills().get_transaction().transaction_id(id);
    Ok(detail.send().await?.status.clone())
}

async fn deposit(singapay: &Singapay) -> Result<Amount> {
    Ok(singapay.bills().check_balance().send().await?.balance)
}
