//! From a token to a paid payment link and two payouts, in one run.
//!
//! Without settings it starts a gateway of its own on this machine. With `SINGAPAY_*` variables it
//! talks to the gateway's own sandbox and leaves out what would move money.

#[path = "quickstart/receiver.rs"]
mod receiver;

use std::{error::Error, time::Duration};

use receiver::Receiver;
use singapay::{
    ErrorKind, Money, MoneyOut, MoneyOutPolicy, Outcome, Rupiah, Singapay,
    types::{EwalletCode, PaymentLinkItem, QrisScope, TransactionStatus},
};
use singapay_sandbox::{Payer, Sandbox, WebhookKind};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Result {
    if std::env::vars_os().any(|(name, _)| is_setting(&name.to_string_lossy())) {
        against_the_gateway().await
    } else {
        against_an_embedded_sandbox().await
    }
}

/// The suites of this repository have variables of their own.
fn is_setting(name: &str) -> bool {
    name.starts_with("SINGAPAY_") && !name.starts_with("SINGAPAY_TEST_")
}

async fn against_the_gateway() -> Result {
    let singapay = Singapay::from_env()?;
    // Set by SINGAPAY_ACCOUNT_ID.
    singapay.account()?;
    say("gateway", format!("{:?}", singapay.environment()));
    token(&singapay).await?;
    let reff_no = format!("QS-{}", std::process::id());
    payment_link(&singapay, &reff_no).await?;
    say(
        "skipped",
        "payment, card, top-up, QRIS credit: they would move money".to_owned(),
    );
    Ok(())
}

async fn against_an_embedded_sandbox() -> Result {
    let mut receiver = Receiver::start("/hooks/singapay").await?;
    let sandbox = Sandbox::builder()
        .webhook_url(WebhookKind::Transaction, receiver.url())
        .start()
        .await?;
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
    say(
        "sandbox",
        format!(
            "{} with account {}",
            sandbox.base_url(),
            sandbox.account_id()
        ),
    );

    token(&singapay).await?;
    payment_link(&singapay, "PL20251027A002").await?;

    let paid = sandbox.pay_payment_link("PL20251027A002", Payer::with("QRIS"))?;
    say(
        "customer",
        format!("paid the link with QRIS, attempt {}", paid.reff_no),
    );

    let hooks = singapay.webhook_receiver("/hooks/singapay")?;
    let (headers, body) = receiver.next().await?;
    let event = hooks.receive(&headers, body)?;
    say(
        "webhook",
        format!(
            "{}: verified, signed by `{}`",
            event.name(),
            event.verified().key_name
        ),
    );

    card_payment(&sandbox, &singapay).await?;

    let money_out = singapay.money_out(MoneyOutPolicy::new().max_amount(Rupiah::new(500_000)))?;
    top_up(&sandbox, &singapay, &money_out).await?;
    qris_credit(&sandbox, &singapay, &money_out).await?;

    let stranger = Singapay::builder()
        .base_url(sandbox.base_url())
        .credential(
            &credentials.partner_id,
            &credentials.client_id,
            "not the secret",
        )
        .account(sandbox.account_id())
        .build()?;
    let refusal = stranger
        .money_out(MoneyOutPolicy::new())?
        .topup_ewallet()
        .reference_number("QS-TOPUP-2")
        .ewallet_code(EwalletCode::Dana)
        .customer_number("081200000002")
        .amount(Money::idr(Rupiah::new(10_000)))
        .send()
        .await;
    match refusal {
        Ok(outcome) => Err(format!("a wrong signature was accepted: {outcome:?}").into()),
        Err(error) if error.kind() == ErrorKind::Credential => {
            say("refusal", format!("with a wrong secret: {error}"));
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

async fn token(singapay: &Singapay) -> Result {
    let token = singapay.tokens().create().send().await?;
    say(
        "token",
        format!(
            "valid for {} seconds",
            token.expires_in.as_deref().unwrap_or("?")
        ),
    );
    Ok(())
}

/// The documented body: a cake, tax, delivery, and a discount as a negative line.
#[allow(deprecated, reason = "the documented body is that of version 1.0")]
async fn payment_link(singapay: &Singapay, reff_no: &str) -> Result {
    let item =
        |name: &str, quantity, price| PaymentLinkItem::new(name, quantity, Rupiah::new(price));
    let link = singapay
        .payment_links()
        .create_v1()
        .reff_no(reff_no)
        .title("Pembelian Tiramisu + Ongkir + Pajak")
        .required_customer_detail(true)
        .max_usage(5)
        .total_amount(Rupiah::new(55_000))
        .items([
            item("Tiramisu Cake Slice", 2, 25_000),
            item("Pajak (10%)", 1, 5_000),
            item("Ongkir", 1, 10_000),
            item("Promo Ongkir", 1, -10_000),
        ])
        .whitelisted_payment_method(["VA_BRI", "QRIS", "INDOMARET"])
        .redirect_url("https://example.com/thank-you")
        .send()
        .await?;
    say(
        "link",
        format!("{} is {}: {}", reff_no, link.status, link.payment_url),
    );
    let shown = singapay.payment_links().get_v1(link.id).send().await?;
    say(
        "link",
        format!("read back as number {}, still {}", shown.id, shown.status),
    );
    Ok(())
}

async fn card_payment(sandbox: &Sandbox, singapay: &Singapay) -> Result {
    let payment = singapay
        .cards()
        .create()
        .amount(Rupiah::new(150_000))
        .goods_name("Premium Subscription")
        .customer_name("Rina Wijaya")
        .customer_email("rina@example.com")
        .customer_phone("081200000001")
        .customer_address("Jl. Contoh No. 1")
        .customer_city("Jakarta")
        .customer_state("DKI Jakarta")
        .customer_postal_code("10220")
        .customer_country("ID")
        .card_number("4111111111111111")
        .card_expiry("3012")
        .card_cvv("123")
        .card_holder_name("RINA WIJAYA")
        .card_holder_email("rina@example.com")
        .reference_no("QS-CARD-1")
        .send()
        .await?;
    // With some cards there is a 3-D Secure page, to which the payer is sent first.
    let page = payment.payment_url.as_deref().unwrap_or("no page");
    say("card", format!("{}, {page}", payment.status));
    sandbox.advance(Duration::from_secs(60)).await;
    let status = singapay.cards().get(&payment.transaction_id).send().await?;
    say("card", format!("a minute later: {}", status.status));
    Ok(())
}

async fn top_up(sandbox: &Sandbox, singapay: &Singapay, money_out: &MoneyOut) -> Result {
    let outcome = money_out
        .topup_ewallet()
        .reference_number("QS-TOPUP-1")
        .ewallet_code(EwalletCode::Dana)
        .customer_number("081200000001")
        .amount(Money::idr(Rupiah::new(10_000)))
        .notes("Top up DANA")
        .send()
        .await?;
    let topup = match outcome {
        Outcome::Accepted(topup) => topup,
        other => return Err(format!("top-up: {other:?}").into()),
    };
    say(
        "top-up",
        format!(
            "accepted as {}: {}",
            topup.transaction_id,
            words(&topup.transaction_status)
        ),
    );
    sandbox.advance(Duration::from_secs(60)).await;
    let status = singapay
        .ewallet_topups()
        .get_status()
        .reference_number("QS-TOPUP-1")
        .send()
        .await?;
    say(
        "top-up",
        format!("a minute later: {}", words(&status.transaction_status)),
    );
    Ok(())
}

async fn qris_credit(sandbox: &Sandbox, singapay: &Singapay, money_out: &MoneyOut) -> Result {
    let outcome = money_out
        .pay_qris()
        .reference_number("QS-QRIS-1")
        .amount(Rupiah::new(100_000))
        .qr_data("00020101021226620015ID.SINGAPAY.WWW0118936012070412260002")
        .customer_name("Rina Wijaya")
        .send()
        .await?;
    let payment = match outcome {
        Outcome::Accepted(payment) => payment,
        other => return Err(format!("QRIS credit: {other:?}").into()),
    };
    let accepted = words(&payment.transaction_status);
    say(
        "qris",
        format!("accepted as {}: {accepted}", payment.transaction_id),
    );
    sandbox.advance(Duration::from_secs(60)).await;
    let status = singapay
        .qris_payouts()
        .get_status()
        .reference_number("QS-QRIS-1")
        .scope(QrisScope::Issuer)
        .send()
        .await?;
    say(
        "qris",
        format!("a minute later: {}", words(&status.transaction_status)),
    );
    Ok(())
}

fn words(status: &TransactionStatus) -> String {
    format!(
        "{} ({})",
        status.code,
        status.desc.as_deref().unwrap_or("no text")
    )
}

fn say(step: &str, text: String) {
    println!("{step:>9}  {text}");
}
