//! A payout whose outcome nobody reads may be paid twice.
#![deny(unused_must_use)]

async fn pay(money_out: singapay::MoneyOut) -> Result<(), singapay::Error> {
    money_out.topup_ewallet().send().await?;
    Ok(())
}

fn main() {
    let _ = pay;
}
