//! A QR code and three wallets: one that pays, one that refuses, one that only sends a push message.
//!
//! It starts a gateway of its own on this machine and plays the customers there.

mod support;

use std::error::Error;

use singapay::{
    Rupiah, Singapay,
    types::{EwalletTransactionStatus, EwalletVendor, QrisTransactionStatus},
};
use singapay_sandbox::{PaymentOutcome, Sandbox};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result {
    let sandbox = Sandbox::start().await?;
    let singapay = support::client(&sandbox)?;
    qris(&sandbox, &singapay).await?;
    for (vendor, outcome, ends) in [
        (
            EwalletVendor::EwalletDana,
            PaymentOutcome::Paid,
            EwalletTransactionStatus::Success,
        ),
        (
            EwalletVendor::EwalletGopay,
            PaymentOutcome::Failed,
            EwalletTransactionStatus::Failed,
        ),
        (
            EwalletVendor::EwalletOvo,
            PaymentOutcome::Paid,
            EwalletTransactionStatus::Success,
        ),
    ] {
        wallet(&sandbox, &singapay, vendor, outcome, ends).await?;
    }
    Ok(())
}

/// The customer scans a code that holds the amount.
async fn qris(sandbox: &Sandbox, singapay: &Singapay) -> Result {
    let code = singapay
        .qris()
        .generate()
        .amount(Rupiah::new(35_000))
        .merchant_reff_no("INV-2026-0002")
        .send()
        .await?;
    println!("qris      show {}", code.qr_data);
    sandbox.pay_qris(&code.qr_data, PaymentOutcome::Paid)?;
    let code = singapay.qris().get(code.id).send().await?;
    println!("qris      {}", code.status);
    if code.status != QrisTransactionStatus::Paid {
        return Err("the code should be paid".into());
    }
    Ok(())
}

/// The customer goes to a page or takes a push message. A refusal sends no webhook: ask.
async fn wallet(
    sandbox: &Sandbox,
    singapay: &Singapay,
    vendor: EwalletVendor,
    outcome: PaymentOutcome,
    ends: EwalletTransactionStatus,
) -> Result {
    let name = vendor.as_str().to_owned();
    let order = singapay
        .ewallets()
        .create()
        .amount(Rupiah::new(75_000))
        .ewallet_vendor(vendor)
        .customer_phone("081200000001")
        .send()
        .await?;
    match &order.checkout_url {
        Some(url) => println!("{name}  open {url}"),
        None => println!("{name}  confirm on the phone"),
    }
    sandbox.pay_ewallet(&order.reff_no, outcome)?;
    let id = order.id.ok_or("no id")?;
    let order = singapay.ewallets().get_status(id).send().await?;
    println!("{name}  {}", order.status.as_ref().ok_or("no status")?);
    if order.status != Some(ends) {
        return Err("the payment should have ended otherwise".into());
    }
    Ok(())
}
