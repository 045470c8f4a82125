// Pays one payout. Kill it and start it again: it goes on where it was, and pays once.

use std::{error::Error, path::Path};

use singapay::{MoneyOut, MoneyOutPolicy, Payouts, Rupiah, Singapay};
use singapay_store::SqlitePayoutStore;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result {
    let singapay = Singapay::from_env()?;
    let (money_out, payouts) = open(&singapay, "payouts.db".as_ref()).await?;
    submit(&money_out, &payouts).await?;
    // Steps until it has ended or needs a person, with pauses in between.
    let step = payouts.run("PAY-1").await?;
    println!("PAY-1 is {}: {}", step.state(), step.state().advice());
    Ok(())
}

/// What may pay, and where it is written down.
async fn open(singapay: &Singapay, file: &Path) -> Result<(MoneyOut, Payouts)> {
    // Whatever the rest asks for, this handle pays no more than this, and to no other bank.
    let policy = MoneyOutPolicy::new()
        .max_amount(Rupiah::new(1_000_000))
        .allow_banks(["BCA", "BRI"]);
    let money_out = singapay.money_out(policy)?;
    let payouts = Payouts::new(&money_out, SqlitePayoutStore::open(file).await?);
    Ok((money_out, payouts))
}

/// Stores it under its reference, and sends nothing. Twice is once.
async fn submit(money_out: &MoneyOut, payouts: &Payouts) -> Result {
    let transfer = money_out
        .transfer_disbursement()
        .reference_number("PAY-1")
        .bank_code("014") // BCA
        .bank_account_number("1000123456")
        .amount(Rupiah::new(250_000));
    let _ = payouts.submit(transfer).await?;
    Ok(())
}
