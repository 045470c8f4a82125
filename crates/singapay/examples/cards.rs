//! Card payments: two that are paid, two that are declined, one that is called off.
//!
//! Look at hosted pages first: a payment link that offers a card method (example `payment_links`)
//! takes cards without their numbers reaching your server. Whoever sends card numbers, as below,
//! brings their systems into the scope of PCI DSS.
//!
//! It starts a gateway of its own on this machine and plays the card holder there.

mod support;

use std::error::Error;

use singapay::{
    Ending, Reason, Response, Rupiah, Singapay,
    types::{CardAction, CardPayment, CardStatus},
};
use singapay_sandbox::Sandbox;

/// A test number, known everywhere: processed without a page, and paid within seconds.
const CARD: &str = "4111111111111111";
/// The sandbox's card whose bank asks its holder, on a 3-D Secure page.
const ASKED: &str = "4000000000000002";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    let singapay = support::client(&sandbox)?;

    for (reference, card, approves, ending) in [
        ("INV-1", CARD, true, Ending::Paid),
        ("INV-2", ASKED, true, Ending::Paid),
        ("INV-3", ASKED, false, Ending::Failed),
    ] {
        let payment = pay(&singapay, reference, card).await?;
        if payment.action == Some(CardAction::Redirect) {
            let page = payment.payment_url.as_deref().ok_or("no page")?;
            println!("{reference}  send the browser to {page}");
            sandbox.complete_3d_secure(&payment.transaction_id, approves)?;
        }
        // The browser comes back whatever happened: the status decides.
        let id = &payment.transaction_id;
        let ended = singapay.cards().get(id).wait().await?;
        let masked = ended.response().card_masked.as_deref().unwrap_or("?");
        println!("{reference}  {:?}, card {masked}", ended.ending());
        if ended.ending() != ending {
            return Err("the payment should have ended otherwise".into());
        }
    }

    // Mistyped: the last digit does not fit. Repeating it with the same card will not help.
    match pay(&singapay, "INV-4", "4111111111111112").await {
        Ok(_) => return Err("the card should be declined".into()),
        Err(error) if error.reason() == Some(Reason::Declined) => {
            println!("INV-4  to the log: {error}");
            println!("INV-4  to the payer: your card was declined, please use another one");
            let id = error.transaction_id().ok_or("no transaction id")?;
            let status = singapay.cards().get(id).send().await?;
            println!("INV-4  on record as {}", status.status);
        }
        Err(error) => return Err(error.into()),
    }

    // Promptly: once the money is taken, there is nothing to call off.
    let payment = pay(&singapay, "INV-5", CARD).await?;
    let id = &payment.transaction_id;
    let canceled = singapay.cards().cancel(id).send().await?;
    let status = singapay.cards().get(id).send().await?;
    println!("INV-5  {}, now {}", canceled.cancel_type, status.status);
    if status.status != CardStatus::Cancelled {
        return Err("the payment should be canceled".into());
    }
    Ok(())
}

/// Sent once. A lost answer is no decline: the payment may exist, and no read takes the reference.
/// Find it in the gateway's dashboard before charging again.
async fn pay(
    singapay: &Singapay,
    reference: &str,
    card: &str,
) -> Result<Response<CardPayment>, singapay::Error> {
    singapay
        .cards()
        .create()
        .reference_no(reference)
        .amount(Rupiah::new(150_000))
        .goods_name("Kopi Gayo 250 g")
        .customer_name("Rina Wijaya")
        .customer_email("rina@example.com")
        .customer_phone("081200000001")
        .customer_address("Jl. Contoh No. 1")
        .customer_city("Jakarta")
        .customer_state("DKI Jakarta")
        .customer_postal_code("10220")
        .customer_country("ID")
        .card_number(card)
        // Year and month.
        .card_expiry("3012")
        .card_cvv("123")
        .card_holder_name("RINA WIJAYA")
        .card_holder_email("rina@example.com")
        .send()
        .await
}
