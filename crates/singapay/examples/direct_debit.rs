//! Direct debit: the customer binds a card once, and confirms a charge with a one-time code.
//!
//! It starts a gateway of its own on this machine and plays the customer there.

mod support;

use std::{error::Error, time::Duration};

use singapay::{
    Reason, Rupiah,
    types::{DirectDebitTransactionStatus, PaymentOtpMode},
};
use singapay_sandbox::Sandbox;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result {
    let sandbox = Sandbox::start().await?;
    let singapay = support::client(&sandbox)?;

    let binding = singapay
        .direct_debits()
        .bind()
        .customer_ref("cust-9001")
        .phone_no("081200000001")
        .bank_code("008")
        .payment_otp_mode(PaymentOtpMode::WithOtp)
        .send()
        .await?;
    println!("binding   the customer goes to {}", binding.redirect_url);
    sandbox.answer_binding(&binding.binding_id, true)?;
    let bound = singapay.direct_debits().get_binding(&binding.binding_id);
    let bound = bound.send().await?;
    let card = bound.masked_card.as_deref().ok_or("no card")?;
    println!("binding   {} with card {card}", bound.status);

    let charge = || {
        singapay
            .direct_debits()
            .charge()
            .binding_id(&binding.binding_id)
            .merchant_reference("INV-2026-0001")
            .amount(Rupiah::new(150_000))
    };
    let charged = charge().send().await?;
    println!("charge    {}: the bank sends a code", charged.status);
    let wrong = singapay
        .direct_debits()
        .verify_otp()
        .transaction_id(&charged.transaction_id)
        .otp("000000")
        .send()
        .await;
    let Err(error) = wrong else {
        return Err("a wrong code was accepted".into());
    };
    println!("code      refused: {error}");
    let confirmed = singapay
        .direct_debits()
        .verify_otp()
        .transaction_id(&charged.transaction_id)
        .otp("123456")
        .send()
        .await?;
    println!("code      accepted: {}", confirmed.status);

    sandbox.advance(Duration::from_secs(60)).await;
    let id = &charged.transaction_id;
    let paid = singapay.direct_debits().get_transaction(id).send().await?;
    println!("status    {}", paid.status);
    if paid.status != DirectDebitTransactionStatus::Success {
        return Err("the charge should be paid".into());
    }
    match charge().send().await {
        Err(error) if error.reason() == Some(Reason::DuplicateReference) => {
            println!("again     refused: {error}");
            Ok(())
        }
        other => Err(format!("a reference was charged twice: {other:?}").into()),
    }
}
