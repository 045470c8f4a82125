//! The examples of the book run as they stand there; here is what their hidden lines start from.

use std::error::Error;

use singapay::Singapay;
use singapay_sandbox::Sandbox;

/// A gateway on this machine, and a client of it that goes by its clock.
///
/// # Errors
///
/// The gateway cannot listen on this machine.
pub async fn sandbox() -> Result<(Sandbox, Singapay), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    let singapay = client(&sandbox)?;
    Ok((sandbox, singapay))
}

/// A client with the credentials of all three hosts.
///
/// # Errors
///
/// As those of a builder.
pub fn client(sandbox: &Sandbox) -> Result<Singapay, singapay::Error> {
    let (key, biller) = (sandbox.credentials(), sandbox.biller_credentials());
    Singapay::builder()
        .base_url(sandbox.base_url())
        .credential(&key.partner_id, &key.client_id, key.client_secret.clone())
        .biller_credential(
            &biller.partner_id,
            &biller.client_id,
            biller.client_secret.clone(),
        )
        .identity_credential(&key.identity_client_id, key.identity_client_secret.clone())
        .account(sandbox.account_id())
        .clock(sandbox.clock())
        .build()
}

macro_rules! chapters {
    ($($name:ident $file:literal)*) => {$(
        #[cfg(doctest)]
        #[doc = include_str!(concat!("../../docs/book/src/", $file))]
        struct $name;
    )*};
}

// A test of the book misses those that are not here.
chapters! {
    Start "start.md"
    Payments "payments.md"
    Webhooks "webhooks.md"
    Subscriptions "subscriptions.md"
    DirectDebit "direct-debit.md"
    Payouts "payouts.md"
    Bills "bills.md"
    Identity "identity.md"
    Merchants "merchants.md"
    Testing "testing.md"
    Errors "errors.md"
    TimeAndMoney "time-and-money.md"
}
