//! A virtual account from its creation to the money on the balance.
//!
//! It starts a gateway of its own on this machine, plays the customer there, and takes the webhook.

#[path = "quickstart/receiver.rs"]
mod receiver;
mod support;

use std::{error::Error, time::Duration};

use receiver::Receiver;
use singapay::{
    Rupiah,
    types::{VirtualAccountBankCode, VirtualAccountKind},
    webhook::Payload,
};
use singapay_sandbox::{PaymentOutcome, Sandbox, WebhookKind};

const HOOK: &str = "/hooks/singapay";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut receiver = Receiver::start(HOOK).await?;
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::Transaction, receiver.url())
        .start()
        .await?;
    let singapay = support::client(&sandbox)?;
    let hooks = singapay.webhook_receiver(HOOK)?;

    let tomorrow = sandbox.now().plus(Duration::from_secs(24 * 3600));
    let va = singapay
        .virtual_accounts()
        .create()
        .bank_code(VirtualAccountBankCode::Bri)
        .kind(VirtualAccountKind::Temporary)
        .amount(Rupiah::new(150_000))
        .expired_at(tomorrow)
        .max_usage(1)
        .name("Rina Wijaya")
        .merchant_reff_no("INV-2026-0001")
        .send()
        .await?;
    println!(
        "created   {}, {}: nobody has paid yet",
        va.number, va.status
    );

    sandbox.pay_virtual_account(&va.number, None, PaymentOutcome::Paid)?;
    println!("customer  transferred to {}", va.number);

    let (headers, body) = receiver.next().await?;
    let event = hooks.receive(&headers, body)?;
    let Payload::VaTransaction(webhook) = event.payload() else {
        return Err(format!("not the event of a virtual account: {}", event.name()).into());
    };
    let paid = &webhook.data.transaction;
    let id = paid.transaction_id.as_deref().ok_or("no transaction id")?;
    println!("webhook   {} is {}, verified", id, paid.status);

    // A webhook says what to look at; the API says how it stands.
    let transaction = singapay.va_transactions().get(id).send().await?;
    let amount = transaction.amount.as_ref().ok_or("no amount")?;
    println!("read      {amount}, {}", transaction.status);

    sandbox.advance(Duration::from_secs(24 * 3600)).await;
    let mut listed = singapay
        .va_transactions()
        .list_by_number(&va.number)
        .by_item();
    while let Some(transaction) = listed.next().await {
        let transaction = transaction?;
        let settled = transaction.has_settle == Some(true);
        println!(
            "listed    {}, settled: {settled}",
            transaction.transaction_id
        );
        if !settled {
            return Err("a day later the money should be there".into());
        }
    }
    Ok(())
}
