//! One function charges by payment link, virtual account, QRIS and e-wallet.
//!
//! It starts a gateway of its own on this machine, plays the customer there, and waits for the money.

#[path = "charge/customer.rs"]
mod customer;

use std::{error::Error, time::Duration};

use singapay::{Charge, ChargeMethod, Customer, Ending, PaymentInstructions, Rupiah, Singapay};
use singapay_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    let credentials = sandbox.credentials();
    let singapay = Singapay::builder()
        .base_url(sandbox.base_url())
        .credential(
            &credentials.partner_id,
            &credentials.client_id,
            credentials.client_secret.clone(),
        )
        .account(sandbox.account_id())
        .build()?;
    for (number, code) in (1..).zip(["PAYMENT_LINK", "VA_BRI", "QRIS", "EWALLET_OVO"]) {
        let charge = charge(&singapay, &format!("INV-{number}"), code).await?;
        let task = match charge.instructions() {
            PaymentInstructions::Url { url, .. } => format!("open {url}"),
            PaymentInstructions::VirtualAccount { bank, number, .. } => {
                format!("transfer to {bank} {number}")
            }
            PaymentInstructions::Qr { content, .. } => format!("scan {content}"),
            _ => "confirm in the app".to_owned(),
        };
        println!("{code:>12}  {task}");
        customer::pay(&sandbox, &charge)?;
        let ended = charge
            .wait(&singapay)
            .with_patience(Duration::from_secs(60))
            .await?;
        println!("{code:>12}  {:?}", ended.ending());
        if ended.ending() != Ending::Paid {
            return Err(format!("{code} was not paid").into());
        }
    }
    Ok(())
}

/// The method is data, from a form or a database.
async fn charge(
    singapay: &Singapay,
    reference: &str,
    code: &str,
) -> Result<Charge, Box<dyn Error>> {
    let customer = Customer::new()
        .name("Rina Wijaya")
        .email("rina@example.com")
        .phone("081234567890");
    let charge = singapay
        .charges()
        .create()
        .reference(reference)
        .amount(Rupiah::new(150_000))
        .method(ChargeMethod::from_code(code).ok_or("no such method")?)
        .customer(customer)
        .expires_in(Duration::from_secs(3600))
        .send()
        .await?;
    Ok(charge.into_data())
}
