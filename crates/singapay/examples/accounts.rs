//! Accounts of a merchant: a new one is funded from the main one, and its statement is read.
//!
//! It starts a gateway of its own on this machine.

mod support;

use std::{error::Error, pin::pin};

use futures_util::TryStreamExt;
use singapay::{
    MoneyOutPolicy, Outcome, Rupiah,
    types::{NewAccountType, StatementType},
};
use singapay_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    let singapay = support::client(&sandbox)?;

    let branch = singapay
        .accounts()
        .create()
        .name("Cabang Bandung")
        .account_type(NewAccountType::Owned)
        .send()
        .await?;
    println!("created   {}, {}", branch.id, branch.status);

    // Rows are fetched page by page, as they are asked for.
    let mut accounts = singapay.accounts().list().by_item();
    while let Some(account) = accounts.next().await {
        let account = account?;
        let name = account.name.as_deref().unwrap_or("?");
        println!("listed    {} {name}", account.id);
    }

    let merchant = singapay.balances().merchant().send().await?;
    println!("balance   {} of the merchant", merchant.available_balance);

    // This handle pays that account alone, and never more than five million at once.
    let number = branch.account_number.as_deref().ok_or("no number")?;
    let policy = MoneyOutPolicy::new()
        .max_amount(Rupiah::new(5_000_000))
        .allow_beneficiaries([number]);
    let transfer = singapay
        .money_out(policy)?
        .transfer_between_accounts()
        .beneficiary_account_number(number)
        .amount(Rupiah::new(2_500_000))
        // The gateway answers a second transfer with this reference with the first one.
        .merchant_ref_no("FUND-2026-0001")
        .send()
        .await?;
    match transfer {
        Outcome::Accepted(transfer) => {
            println!("moved     {}: {}", transfer.transaction_id, transfer.status);
        }
        // The example `payouts` shows what to do in each case.
        other => return Err(format!("transfer: {other:?}").into()),
    }

    let balance = singapay
        .balances()
        .account()
        .account_id(&branch.id)
        .send()
        .await?;
    println!("balance   {} in the new one", balance.available_balance);
    if balance.available_balance.value != Rupiah::new(2_500_000) {
        return Err("the money should be there".into());
    }

    // The current month, unless `start_date` and `end_date` say otherwise. A stream like any other.
    let rows = singapay
        .statements()
        .list()
        .account_id(&branch.id)
        .by_item();
    let mut credits = pin!(
        rows.try_filter(|row| { std::future::ready(row.type_ == Some(StatementType::Credit)) })
    );
    let mut funded = false;
    while let Some(row) = credits.try_next().await? {
        let credit = row.credit.as_ref().ok_or("no amount")?;
        let reference = row.merchant_reff_no.as_deref().unwrap_or("no reference");
        println!("statement {credit} in, {reference}");
        funded |= reference == "FUND-2026-0001";
    }
    if !funded {
        return Err("the statement should hold the transfer".into());
    }
    Ok(())
}
