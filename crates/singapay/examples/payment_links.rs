//! A payment link from its creation to the money, and one that is deleted unused.
//!
//! It starts a gateway of its own on this machine and plays the customer there.

mod support;

use std::{error::Error, time::Duration};

use singapay::{
    Rupiah,
    types::{PaymentLinkHistoryStatus, PaymentLinkItem, PaymentLinkType},
};
use singapay_sandbox::{Payer, Sandbox};

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    let singapay = support::client(&sandbox)?;
    let links = singapay.payment_links();

    let methods = links.methods().send().await?;
    println!("methods   {} can be offered", methods.payment_methods.len());

    let item =
        |name: &str, quantity, price| PaymentLinkItem::new(name, quantity, Rupiah::new(price));
    let link = links
        .create()
        .reff_no("INV-2026-0001")
        .payment_link_type(PaymentLinkType::Items)
        // A discount is a line with a negative price; the gateway adds everything up.
        .items([
            item("Kopi Gayo 250 g", 2, 85_000),
            item("Ongkir", 1, 15_000),
            item("Promo", 1, -20_000),
        ])
        .whitelisted_payment_method(["QRIS", "VA_BRI"])
        .customer_name("Rina Wijaya")
        .customer_email("rina@example.com")
        .expired_at(sandbox.now().plus(DAY))
        .success_redirect_url("https://example.com/thank-you")
        .send()
        .await?;
    let total = link.total_amount.ok_or("no total")?;
    println!("created   {} for {total} rupiah", link.payment_url);

    // Fields that are left out stay as they are.
    let link = links
        .update(link.id)
        .description("Kopi Gayo, dikirim besok")
        .expired_at(sandbox.now().plus(2 * DAY))
        .send()
        .await?;
    let until = link.expired_at.as_ref().ok_or("no expiry")?;
    println!("updated   open until {}", until.raw());

    sandbox.pay_payment_link("INV-2026-0001", Payer::with("QRIS"))?;
    println!("customer  paid with QRIS");

    let ended = links.get(link.id).wait().await?;
    println!("waited    {:?}", ended.ending());
    if !ended.is_paid() {
        return Err("the link should be paid".into());
    }

    // One row for each attempt to pay.
    let mut attempts = singapay.payment_link_histories().list().by_item();
    let mut paid = 0;
    while let Some(attempt) = attempts.next().await {
        let attempt = attempt?;
        let method = attempt.payment_method_name.as_deref().unwrap_or("?");
        println!("attempt   by {method}: {}", attempt.status);
        if attempt.status == PaymentLinkHistoryStatus::Paid {
            paid += 1;
        }
    }
    if paid != 1 {
        return Err("one attempt should be paid".into());
    }

    // For a program that lost the id, for example by a crash before it was stored.
    let found = links.find_by_reference("INV-2026-0001").await?;
    let found = found.ok_or("the link should be found")?;
    println!("found     number {} by its reference", found.id);

    let unused = links
        .create()
        .reff_no("INV-2026-0002")
        .payment_link_type(PaymentLinkType::Total)
        .total_amount(Rupiah::new(150_000))
        .send()
        .await?;
    links.delete(unused.id).send().await?;
    println!("deleted   number {}, which nobody had opened", unused.id);
    match links.delete(found.id).send().await {
        Ok(_) => Err("a link with history should stay".into()),
        Err(error) => {
            println!("kept      number {}: {error}", found.id);
            Ok(())
        }
    }
}
